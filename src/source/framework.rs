//! The identifiers by which a file shows that it has to do with a framework.

/// Crate names, and names of types that come in through a re-export or a prelude.
pub(super) const WORDS: &[&str] = &[
    "burn",
    "burn_core",
    "burn_nn",
    "burn_optim",
    "burn_tensor",
    "burn_train",
    "candle",
    "candle_core",
    "candle_nn",
    "candle_optimisers",
    "candle_transformers",
    "dfdx",
    "dfdx_core",
    "mlx_rs",
    "tch",
    "AutodiffBackend",
    "AutodiffModule",
    "Backend",
    "BatchNorm",
    "BuildModule",
    "BuildOnDevice",
    "Conv1d",
    "Conv2d",
    "Embedding",
    "LayerNorm",
    "Linear",
    "Module",
    "ModuleParameters",
    "ModuleT",
    "Optimizer",
    "OptimizerConfig",
    "Sequential",
    "SequentialT",
    "ShardedVarBuilder",
    "Tensor",
    "VarBuilder",
    "VarMap",
    "VarStore",
];

/// True if an identifier of the text is one of a framework's crates or main types; words in comments and strings don't count.
pub fn mentions_framework(text: &str) -> bool {
    super::Outline::of(text).mentions_framework
}
