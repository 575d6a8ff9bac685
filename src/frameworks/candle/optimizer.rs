//! candle's optimizers.

use super::OPTIMIZERS;
use crate::eval::{Machine, Value};
use crate::source::Span;

/// One of them, or the trait that stands for any.
pub(super) fn is_optimizer(name: &str) -> bool {
    name == "Optimizer" || OPTIMIZERS.contains(&name)
}

pub(super) fn optimizer_method(
    machine: &mut Machine<'_>,
    value: &Value,
    name: &str,
    args: &[Value],
    span: Span,
) -> Option<Value> {
    Some(match name {
        "step" if args.len() >= 3 => {
            // burn: `optim.step(lr, model, grads)` gives the model back.
            let model = machine.deref(&args[1]);
            machine.record_step(value, Some(model.clone()), span);
            model
        }
        "step"
        | "backward_step"
        | "backward_step_clip"
        | "backward_step_clip_norm"
        | "backward_step_clip_value" => {
            machine.record_step(value, None, span);
            Value::Unit
        }
        "update" => {
            // dfdx: `optimizer.update(&mut model, &gradients)`
            let model = args.first().map(|model| machine.deref(model));
            machine.record_step(value, model, span);
            Value::Unit
        }
        "with_group" => {
            if let Value::Optimizer(id) = value {
                machine.record_group(Some(*id), args.first(), span);
            }
            value.clone()
        }
        "set_lr_group" | "set_weight_decay_group" | "set_momentum_group" => Value::Unit,
        "set_learning_rate" | "set_lr" | "zero_grad" | "set_params" | "set_momentum"
        | "set_weight_decay" | "clip_grad_norm" | "clip_grad_value" => Value::Unit,
        "freeze" | "freeze_to" | "freeze_except" | "unfreeze" | "set_learning_rates"
        | "set_partition" | "clear_state" | "follow" => Value::Unit,
        "learning_rate" => Value::Float(None),
        "with_grad_clipping" | "clone" | "into_inner" | "unwrap" | "init" | "adapt"
        | "to_device" => value.clone(),
        "load_record" | "load_state" => {
            machine.record_optimizer_state(span);
            value.clone()
        }
        _ => return None,
    })
}
