//! When two lists of arguments are alike: a function can't tell them apart but by the data in them.

use std::collections::HashMap;
use std::rc::Rc;

use super::flow::Flow;
use super::machine::Machine;
use super::num::Num;
use super::text::Text;
use super::ty::Ty;
use super::value::{Cond, Item, ModuleValueId, ParamId, TensorValue, Value};
use crate::program::Def;
use crate::program::hir::{Enum, Member, Struct};

/// Larger arguments are not compared.
const MAX_PARTS: usize = 200;

/// What is compared of arguments; equal lists are alike.
pub struct Alike {
    pub parts: Vec<Part>,
    /// The ways of the data in them, each once, in order.
    pub flows: Vec<Rc<Flow>>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Unit,
    Absent,
    Present,
    Ok,
    Err,
    Int(Num),
    Float(Option<(u8, u64, u32)>),
    Known(bool),
    Symbol(Rc<str>, bool),
    Undecided,
    Text(Text),
    Tuple(usize),
    Alternatives(usize),
    List(usize, Option<ModuleValueId>),
    Struct(Def<Struct>, usize),
    Variant(Def<Enum>, usize, usize),
    Member(Member),
    Unknown(Ty, Option<Rc<str>>),
    /// The number of the way that data came.
    Data(Option<usize>),
    Param(ParamId),
    Shape(Option<Vec<Num>>),
    /// A module: nobody writes into it while it is known.
    Module(usize),
}

/// How structs and containers are compared, by address.
#[derive(Default)]
pub struct Shared(HashMap<usize, (Value, Comparison)>);

#[derive(Clone, Copy, PartialEq)]
enum Comparison {
    Address,
    Parts,
    Never,
}

impl<'p> Machine<'p> {
    /// None: some value may change behind the function's back, or is too large.
    pub(super) fn alike<'v>(&mut self, values: impl Iterator<Item = &'v Value>) -> Option<Alike> {
        let mut alike = Alike {
            parts: Vec::new(),
            flows: Vec::new(),
        };
        for value in values {
            self.describe(value, &mut alike)?;
        }
        Some(alike)
    }

    fn describe(&mut self, value: &Value, alike: &mut Alike) -> Option<()> {
        if alike.parts.len() > MAX_PARTS {
            return None;
        }
        let read;
        let value = match value {
            Value::Ref(_) => {
                read = self.deref(value);
                &read
            }
            value => value,
        };
        let parts = &mut alike.parts;
        match value {
            Value::Unit => parts.push(Part::Unit),
            Value::Opt(None) => parts.push(Part::Absent),
            Value::Int(num) => parts.push(Part::Int(num.clone())),
            Value::Float(real) => parts.push(Part::Float(real.map(|real| real.bits()))),
            Value::Bool(Cond::Known(known)) => parts.push(Part::Known(*known)),
            Value::Bool(Cond::Unknown) => parts.push(Part::Undecided),
            Value::Bool(Cond::Symbol { name, negated }) => {
                parts.push(Part::Symbol(name.clone(), *negated));
            }
            Value::Text(text) => parts.push(Part::Text(text.clone())),
            Value::Unknown(unknown) => {
                parts.push(Part::Unknown(unknown.ty.clone(), unknown.name.clone()));
            }
            Value::Tensor(tensor) => describe_tensor(tensor, alike),
            Value::Opt(Some(inner)) => {
                parts.push(Part::Present);
                self.describe(inner, alike)?;
            }
            Value::Ok(inner) => {
                parts.push(Part::Ok);
                self.describe(inner, alike)?;
            }
            Value::Err(inner) => {
                parts.push(Part::Err);
                self.describe(inner, alike)?;
            }
            Value::Tuple(values) => {
                parts.push(Part::Tuple(values.len()));
                self.describe_all(values.iter(), alike)?;
            }
            Value::Alt(values) => {
                parts.push(Part::Alternatives(values.len()));
                self.describe_all(values.iter(), alike)?;
            }
            Value::List(list) => {
                parts.push(Part::List(list.items.len(), list.id));
                for item in &list.items {
                    let Item::One(value) = item else {
                        return None;
                    };
                    self.describe(value, alike)?;
                }
            }
            Value::Struct(fields) => {
                let address = Rc::as_ptr(fields) as usize;
                match self.comparison(value, address) {
                    Comparison::Never => return None,
                    Comparison::Address => {
                        alike.parts.push(Part::Module(address));
                    }
                    Comparison::Parts => {
                        let part = Part::Struct(fields.def.clone(), fields.fields.len());
                        alike.parts.push(part);
                        self.describe_fields(&fields.fields, alike)?;
                    }
                }
            }
            Value::Variant(fields) => {
                let count = fields.fields.len();
                let part = Part::Variant(fields.def.clone(), fields.variant, count);
                parts.push(part);
                self.describe_fields(&fields.fields, alike)?;
            }
            Value::Container(container) => {
                let address = Rc::as_ptr(container) as usize;
                if self.comparison(value, address) == Comparison::Never {
                    return None;
                }
                alike.parts.push(Part::Module(address));
            }
            _ => return None,
        }
        Some(())
    }

    fn describe_all<'v>(
        &mut self,
        mut values: impl Iterator<Item = &'v Value>,
        alike: &mut Alike,
    ) -> Option<()> {
        values.try_for_each(|value| self.describe(value, alike))
    }

    fn describe_fields(&mut self, fields: &[(Member, Value)], alike: &mut Alike) -> Option<()> {
        for (member, value) in fields {
            alike.parts.push(Part::Member(*member));
            self.describe(value, alike)?;
        }
        Some(())
    }

    fn comparison(&mut self, value: &Value, address: usize) -> Comparison {
        if let Some((_, known)) = self.memo.shared.0.get(&address) {
            return *known;
        }
        let found = comparison(value);
        // The value is kept, so that its address stays its own.
        self.memo.shared.0.insert(address, (value.clone(), found));
        found
    }
}

fn describe_tensor(tensor: &TensorValue, alike: &mut Alike) {
    let number = tensor.flow.as_ref().map(|flow| {
        let known = alike.flows.iter().position(|known| Rc::ptr_eq(known, flow));
        known.unwrap_or_else(|| {
            alike.flows.push(flow.clone());
            alike.flows.len() - 1
        })
    });
    alike.parts.push(Part::Data(number));
    alike.parts.push(Part::Shape(tensor.shape.clone()));
    alike.parts.extend(tensor.param.map(Part::Param));
}

/// A struct without parameters is what its fields are; a module is one of its kind.
fn comparison(value: &Value) -> Comparison {
    let mut found = Comparison::Parts;
    value.visit(&mut |part| match part {
        Value::Ref(_)
        | Value::Store(_)
        | Value::Builder(_)
        | Value::Optimizer(_)
        | Value::Vars(_)
        | Value::Selector(_)
        | Value::Iter(_)
        | Value::Map(_) => found = Comparison::Never,
        Value::Tensor(tensor) if tensor.param.is_some() && found == Comparison::Parts => {
            found = Comparison::Address;
        }
        Value::Container(_) | Value::Closure(_) | Value::Function(_)
            if found == Comparison::Parts =>
        {
            found = Comparison::Address;
        }
        _ => {}
    });
    found
}
