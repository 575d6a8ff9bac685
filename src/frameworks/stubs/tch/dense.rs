//! tch: dense layers and embeddings.
//! Where two layers meet on one path, the order in which variables are made decides their names: it is kept.

mod dense {
    use std::borrow::Borrow;

    use crate::nn::init::{DEFAULT_KAIMING_UNIFORM, Init};
    use tch::Tensor;
    use tch::nn::Path;

    #[derive(Clone, Copy, Debug)]
    pub struct LinearConfig {
        pub ws_init: Init,
        pub bs_init: Option<Init>,
        pub bias: bool,
    }

    impl Default for LinearConfig {
        fn default() -> Self {
            LinearConfig {
                ws_init: DEFAULT_KAIMING_UNIFORM,
                bs_init: None,
                bias: true,
            }
        }
    }

    #[derive(Debug)]
    pub struct Linear {
        pub ws: Tensor,
        pub bs: Option<Tensor>,
    }

    pub fn linear<'a, T: Borrow<Path<'a>>>(
        vs: T,
        in_dim: i64,
        out_dim: i64,
        c: LinearConfig,
    ) -> Linear {
        let vs = vs.borrow();
        let bs = if c.bias {
            Some(vs.var("bias", &[out_dim], c.bs_init))
        } else {
            None
        };
        let ws = vs.var("weight", &[out_dim, in_dim], c.ws_init);
        Linear { ws, bs }
    }

    #[derive(Clone, Copy, Debug)]
    pub struct EmbeddingConfig {
        pub sparse: bool,
        pub scale_grad_by_freq: bool,
        pub ws_init: Init,
        pub padding_idx: i64,
    }

    impl Default for EmbeddingConfig {
        fn default() -> Self {
            EmbeddingConfig {
                sparse: false,
                scale_grad_by_freq: false,
                ws_init: Init::Randn {
                    mean: 0.0,
                    stdev: 1.0,
                },
                padding_idx: -1,
            }
        }
    }

    #[derive(Debug)]
    pub struct Embedding {
        pub ws: Tensor,
        config: EmbeddingConfig,
    }

    pub fn embedding<'a, T: Borrow<Path<'a>>>(
        vs: T,
        num_embeddings: i64,
        embedding_dim: i64,
        config: EmbeddingConfig,
    ) -> Embedding {
        let vs = vs.borrow();
        let ws = vs.var("weight", &[num_embeddings, embedding_dim], config.ws_init);
        Embedding { ws, config }
    }
}
