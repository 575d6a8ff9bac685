//! candle's `VarBuilder`: paths, and the requests for variables below them.

use std::rc::Rc;

use crate::eval::{Builder, Machine, Num, Text, Ty, Value};
use crate::source::Span;

pub(super) fn is_builder_constructor(name: &str) -> bool {
    name.starts_with("from_")
        || name == "zeros"
        || name == "new"
        || name == "new_with_args"
        || name == "var_builder"
}

pub(super) fn builder_method(
    machine: &mut Machine<'_>,
    builder: &Builder,
    name: &str,
    args: &[Value],
    span: Span,
) -> Option<Value> {
    let same = || Value::Builder(Rc::new(builder.clone()));
    Some(match name {
        "pp" | "push_prefix" | "sub" => match machine.deref(args.first()?) {
            Value::Text(text) if text.is_empty() => blank(builder, builder.prefix.is_empty()),
            _ => machine.sub_builder(builder, args.first()?),
        },
        "set_prefix" => {
            let text = machine.display(args.first()?);
            Value::Builder(Rc::new(Builder {
                blank: text.is_empty(),
                prefix: text,
                ..builder.clone()
            }))
        }
        "root" => Value::Builder(Rc::new(Builder {
            prefix: Text::default(),
            blank: false,
            ..builder.clone()
        })),
        "clone" | "to_dtype" | "set_dtype" | "set_device" | "to_owned" | "borrow" | "into"
        | "as_ref" | "unwrap" | "with_dtype" => same(),
        "rename_f" | "rename" => {
            let mut renames = builder.renames.clone();
            renames.push(args.first()?.clone());
            Value::Builder(Rc::new(Builder {
                renames,
                ..builder.clone()
            }))
        }
        "get" | "get_with_hints" | "get_with_hints_dtype" if args.len() >= 2 => {
            let shape = machine.shape_of(&args[0]);
            request(machine, builder, &args[1], shape, span)
        }
        "get_unchecked" | "get_unchecked_dtype" => {
            request(machine, builder, args.first()?, None, span)
        }
        "contains_tensor" => machine.contains(builder, args.first()?),
        "prefix" => Value::Text(builder.prefix.clone()),
        "device" | "dtype" => Value::of_type(Ty::foreign(
            "candle_core",
            if name == "device" { "Device" } else { "DType" },
        )),
        _ => return None,
    })
}

/// The builder with an empty segment after its own.
pub(super) fn blank(builder: &Builder, is_first: bool) -> Value {
    let mut prefix = builder.prefix.clone();
    if !is_first {
        prefix.append(&Text::literal("."));
    }
    Value::Builder(Rc::new(Builder {
        prefix,
        blank: is_first,
        ..builder.clone()
    }))
}

/// `get`, which a checkpoint may deny.
pub(super) fn request(
    machine: &mut Machine<'_>,
    builder: &Builder,
    name: &Value,
    shape: Option<Vec<Num>>,
    span: Span,
) -> Value {
    let params = machine.log.params.len();
    let tensor = machine.make_param(builder, name, shape, true, span);
    machine.attempted(params);
    tensor
}
