//! burn: the fields of a module are its parameter paths; `init` says how many and which.

mod param_group;

use std::rc::Rc;

use crate::eval::{Eval, Machine, Target, Text, Ty, Value};
use crate::source::Span;

pub const TYPES: &[&str] = &[
    "Tensor",
    "Param",
    "Device",
    "AdamConfig",
    "AdamWConfig",
    "SgdConfig",
    "RmsPropConfig",
    "AdaGradConfig",
    "LionConfig",
    "MuonConfig",
    "LBFGSConfig",
    "OptimizerAdaptor",
    "Learner",
    "LearnerBuilder",
    "SupervisedTraining",
    "GradientsParams",
    "ParamGroup",
    "ModuleOptimizer",
    "ModuleLrScheduler",
    "RunningState",
    "AdamW",
    "Adam",
    "Sgd",
    "TensorData",
];

pub const FUNCTIONS: &[&str] = &[];

pub const OPTIMIZER_CONFIGS: &[&str] = &[
    "AdamConfig",
    "AdamWConfig",
    "SgdConfig",
    "RmsPropConfig",
    "AdaGradConfig",
    "LionConfig",
    "MuonConfig",
    "LBFGSConfig",
];

/// What builds or takes an optimizer, beside its configuration.
pub const LEARNERS: &[&str] = &[
    "OptimizerConfig",
    "LearnerBuilder",
    "SupervisedTraining",
    "Learner",
];

pub fn call(
    machine: &mut Machine<'_>,
    owner: &str,
    name: &str,
    args: &[Value],
    span: Span,
) -> Option<Eval> {
    Some(Ok(match (owner, name) {
        (
            "Param",
            "from_shape" | "uninitialized" | "initialized" | "from_tensor" | "from_data" | "new"
            | "from",
        ) => {
            let shape = match name {
                "from_shape" => args.first().and_then(|shape| machine.shape_of(shape)),
                _ => args.iter().find_map(|arg| match machine.deref(arg) {
                    Value::Tensor(tensor) => tensor.shape.clone(),
                    _ => None,
                }),
            };
            machine.push_param(None, Text::default(), shape, true, span)
        }
        ("Param", "running") | ("RunningState", "new" | "from_id" | "with_id") => {
            let shape = args.first().and_then(|shape| machine.shape_of(shape));
            machine.push_param(None, Text::default(), shape, false, span)
        }
        (config, "new" | "default") if OPTIMIZER_CONFIGS.contains(&config) => {
            Value::of_type(Ty::foreign("burn_optim", config))
        }
        ("Learner", "new") => {
            let (model, optimizer) = (
                machine.deref(args.first()?),
                args.get(1).cloned().unwrap_or_else(Value::unknown),
            );
            machine.record_step(&optimizer, Some(model), span);
            Value::of_type(Ty::foreign("burn_train", "Learner"))
        }
        ("LearnerBuilder" | "SupervisedTraining", _) => {
            Value::of_type(Ty::foreign("burn_train", owner))
        }
        ("GradientsParams", "from_params" | "from_module") => {
            // Only this part of the model's gradients goes to the optimizer.
            Value::of_type(Ty::foreign("burn_optim", "GradientsParams"))
        }
        ("ModuleLrScheduler", _) => Value::of_type(Ty::foreign("burn_optim", "ModuleLrScheduler")),
        ("ParamGroup", constructor) => param_group::selector(machine, constructor, args),
        ("Tensor", "zeros" | "ones" | "empty" | "random" | "full") => {
            let shape = args.first().and_then(|shape| machine.shape_of(shape));
            Value::Tensor(Rc::new(crate::eval::TensorValue {
                shape,
                ..Default::default()
            }))
        }
        ("Tensor", "cat" | "stack") => machine
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::tensor),
        ("Tensor", _) => machine
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::tensor),
        ("Device" | "TensorData", _) => Value::of_type(Ty::foreign("burn_tensor", owner)),
        ("activation", _) => machine
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::tensor),
        _ => return None,
    }))
}

pub fn method(
    machine: &mut Machine<'_>,
    value: &Value,
    name: &str,
    args: &[Value],
    span: Span,
) -> Option<Eval> {
    match value {
        Value::Unknown(unknown) => {
            let foreign = unknown.ty.foreign_name()?.as_str();
            Some(Ok(match (foreign, name) {
                (config, "init") if OPTIMIZER_CONFIGS.contains(&config) => machine.build_optimizer(
                    config.trim_end_matches("Config"),
                    Target::Unknown,
                    span,
                ),
                (config, method)
                    if OPTIMIZER_CONFIGS.contains(&config)
                        && (method.starts_with("with_") || method == "clone") =>
                {
                    value.clone()
                }
                ("OptimizerAdaptor" | "ModuleOptimizer" | "AdamW" | "Adam" | "Sgd", "step") => {
                    let model = machine.deref(args.get(1)?);
                    machine.record_step(value, Some(model.clone()), span);
                    model
                }
                ("LearnerBuilder" | "SupervisedTraining", "build") if args.len() >= 2 => {
                    let model = machine.deref(&args[0]);
                    machine.record_step(&args[1].clone(), Some(model), span);
                    Value::of_type(Ty::foreign("burn_train", "Learner"))
                }
                // Groups of rates divide what every optimizer of the program moves.
                ("ModuleLrScheduler", "with_group") => {
                    machine.record_group(None, args.first(), span);
                    value.clone()
                }
                ("ModuleLrScheduler", "step") => Value::unknown(),
                (
                    "LearnerBuilder" | "SupervisedTraining" | "Learner" | "GradientsParams"
                    | "ModuleLrScheduler",
                    _,
                ) => value.clone(),
                _ => return None,
            }))
        }
        Value::Selector(selector) => param_group::method(machine, selector, name, args).map(Ok),
        Value::Struct(_) | Value::Variant(_) | Value::List(_) | Value::Tuple(_) => {
            Some(Ok(match name {
                "load_record" | "load_file" => {
                    machine.record_load(Vec::new(), Some(value.clone()), args.first(), span);
                    value.clone()
                }
                "no_grad" | "freeze" => {
                    machine.record_frozen_module(value);
                    value.clone()
                }
                "valid" | "to_device" | "fork" | "train" | "unfreeze" | "clone"
                | "quantize_weights" => value.clone(),
                "save_file" => {
                    if let Some(path) = args.first() {
                        machine.record_save(path);
                    }
                    Value::Unit
                }
                "load_from" => {
                    machine.record_load(Vec::new(), Some(value.clone()), args.first(), span);
                    Value::unknown()
                }
                _ => return None,
            }))
        }
        _ => None,
    }
}
