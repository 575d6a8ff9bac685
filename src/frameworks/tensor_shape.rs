//! The shape of a tensor after one of its methods, and the questions about it.

use crate::eval::{Item, Machine, Num, Value};

/// `dim`, `dims2`, `rank` and the like. None: not a question about the shape.
pub fn answer(
    machine: &mut Machine<'_>,
    shape: Option<&[Num]>,
    name: &str,
    args: &[Value],
) -> Option<Value> {
    let unknown = || Value::Int(Num::named("?"));
    Some(match name {
        "dim" => {
            let number =
                shape.and_then(|shape| Some(shape[place(machine, shape, args.first()?)?].clone()));
            number.map_or_else(unknown, Value::Int)
        }
        "rank" => shape.map_or_else(unknown, |shape| Value::known(shape.len() as i128)),
        "elem_count" => shape.map_or_else(unknown, |shape| Value::Int(product(shape))),
        "dims0" => Value::Unit,
        "dims1" => match shape {
            Some([only]) => Value::Int(only.clone()),
            _ => unknown(),
        },
        "dims2" | "dims3" | "dims4" | "dims5" => {
            let count = usize::from(name.as_bytes()[4] - b'0');
            match shape.filter(|shape| shape.len() == count) {
                Some(shape) => Value::tuple(shape.iter().cloned().map(Value::Int).collect()),
                None => Value::tuple(vec![unknown(); count]),
            }
        }
        _ => return None,
    })
}

/// The shape that a method gives; None where it is not known.
pub fn after(
    machine: &mut Machine<'_>,
    shape: Option<&[Num]>,
    name: &str,
    args: &[Value],
) -> Option<Vec<Num>> {
    let shape = shape?;
    let mut new = shape.to_vec();
    match name {
        "clone" | "to_dtype" | "contiguous" | "to_device" | "detach" | "as_tensor" | "copy"
        | "shallow_clone" | "relu" | "gelu" | "silu" | "tanh" | "exp" | "log" | "sqr" | "sqrt"
        | "abs" | "neg" | "sin" | "cos" | "affine" | "force_contiguous" => {}
        "t" | "mT" if shape.len() >= 2 => {
            let last = shape.len() - 1;
            new.swap(last - 1, last);
        }
        "transpose" => {
            let a = place(machine, shape, args.first()?)?;
            let b = place(machine, shape, args.get(1)?)?;
            new.swap(a, b);
        }
        "permute" => {
            let Value::Tuple(order) = args.first()? else {
                return None;
            };
            new = Vec::new();
            for dimension in order.iter() {
                new.push(shape[place(machine, shape, dimension)?].clone());
            }
        }
        "unsqueeze" => {
            let at = usize::try_from(machine.number(args.first()?).known()?).ok()?;
            (at <= new.len()).then(|| new.insert(at, Num::Known(1)))?;
        }
        "squeeze" => {
            let at = place(machine, shape, args.first()?)?;
            match new[at].known()? {
                1 => drop(new.remove(at)),
                _ => return Some(new),
            }
        }
        "narrow" => {
            let at = place(machine, shape, args.first()?)?;
            new[at] = machine.number(args.get(2)?);
        }
        "flatten_all" => new = vec![product(shape)],
        "flatten_from" => {
            let at = place(machine, shape, args.first()?)?;
            let rest = product(&new.split_off(at));
            new.push(rest);
        }
        "reshape" => return reshaped(machine, shape, args.first()?),
        _ => return None,
    }
    Some(new)
}

/// The new shape; `()` stands for what is left over.
fn reshaped(machine: &mut Machine<'_>, shape: &[Num], wanted: &Value) -> Option<Vec<Num>> {
    let parts: Vec<Value> = match wanted {
        Value::Tuple(parts) => parts.iter().cloned().collect(),
        Value::List(list) => list
            .items
            .iter()
            .map(|item| match item {
                Item::One(value) => Some(value.clone()),
                _ => None,
            })
            .collect::<Option<_>>()?,
        other => return machine.shape_of(other),
    };
    let mut new: Vec<Option<Num>> = Vec::new();
    for part in &parts {
        new.push(match part {
            Value::Unit => None,
            part => Some(machine.number(part)),
        });
    }
    let given: Vec<Num> = new.iter().flatten().cloned().collect();
    let left = product(shape).div(&product(&given));
    Some(
        new.into_iter()
            .map(|size| size.unwrap_or_else(|| left.clone()))
            .collect(),
    )
}

fn product(shape: &[Num]) -> Num {
    shape
        .iter()
        .fold(Num::Known(1), |product, size| product.mul(size))
}

/// A dimension, by number or counted from the end.
fn place(machine: &mut Machine<'_>, shape: &[Num], value: &Value) -> Option<usize> {
    let from_end = match value {
        Value::Unknown(unknown) => match unknown.ty.foreign_name() {
            Some(name) if name == "Minus1" => Some(1),
            Some(name) if name == "Minus2" => Some(2),
            _ => None,
        },
        _ => None,
    };
    let at = match from_end {
        Some(back) => shape.len().checked_sub(back)?,
        None => match machine.number(value).known()? {
            at if at < 0 => shape.len().checked_sub(usize::try_from(-at).ok()?)?,
            at => usize::try_from(at).ok()?,
        },
    };
    (at < shape.len()).then_some(at)
}
