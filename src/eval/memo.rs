//! Calls that leave nothing behind but data that went through modules: what one of them gave holds for the next with arguments that are
//! alike, so that it need not be run again. A model's `forward` is called from training, validation and generation alike.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::alike::{Alike, Part, Shared};
use super::attempt::Pending;
use super::flow::Flow;
use super::log::Happened;
use super::machine::{Eval, Machine};
use super::num::Num;
use super::ty::Ty;
use super::value::{Item, List, StructValue, TensorValue, Value, VariantValue};
use crate::name::Name;
use crate::program::FnDef;
use crate::program::hir::Member;

#[derive(Default)]
pub struct Memo {
    known: HashMap<Call, Rc<Known>>,
    /// Functions of which a call left something behind.
    leaving: HashSet<FnDef>,
    pub(super) shared: Shared,
}

/// What a call's outcome depends on.
#[derive(PartialEq, Eq, Hash)]
pub struct Call {
    function: FnDef,
    generics: Vec<(Name, Ty)>,
    args: Vec<Part>,
    assumptions: Vec<(Rc<str>, bool)>,
    no_grad: bool,
    /// What is made may grow in the loops around it.
    loops: usize,
}

/// A call that is run for the first time.
pub struct FirstCall {
    call: Call,
    alike: Alike,
    before: Happened,
    pending: Pending,
    trail: usize,
    heap: usize,
    applications: usize,
    detached: usize,
}

struct Known {
    /// The ways of the arguments' data.
    inputs: Vec<Rc<Flow>>,
    applications: Vec<(Rc<Flow>, bool)>,
    detached: Vec<Rc<Flow>>,
    /// How many errors it may end with, for reasons that are not known.
    doubts: usize,
    result: Value,
}

/// What is to be done with a call.
pub enum Remembered {
    Outcome(Value),
    First(Box<FirstCall>),
    /// It is run, and nothing is kept of it.
    Not,
}

impl<'p> Machine<'p> {
    pub(super) fn remembered(
        &mut self,
        function: &FnDef,
        generics: &[(Name, Ty)],
        self_value: Option<&Value>,
        args: &[Value],
    ) -> Remembered {
        if self.memo.leaving.contains(function) || self.program.is_stub(function.module) {
            return Remembered::Not;
        }
        let Some(mut alike) = self.alike(self_value.into_iter().chain(args)) else {
            return Remembered::Not;
        };
        let call = Call {
            function: function.clone(),
            generics: generics.to_vec(),
            args: std::mem::take(&mut alike.parts),
            assumptions: self.assumptions.clone(),
            no_grad: self.no_grad > 0,
            loops: self.loops.len(),
        };
        if let Some(known) = self.memo.known.get(&call) {
            let known = known.clone();
            return Remembered::Outcome(self.replayed(&known, &alike));
        }
        // So that every write is seen.
        self.open_branches += 1;
        Remembered::First(Box::new(FirstCall {
            call,
            alike,
            before: self.happened(),
            pending: self.pending(),
            trail: self.trail.len(),
            heap: self.heap.len(),
            applications: self.log.applications.len(),
            detached: self.log.detached.len(),
        }))
    }

    /// A first call has ended.
    pub(super) fn remember(&mut self, first: FirstCall, outcome: &Eval) {
        self.open_branches -= 1;
        let writes = &self.trail[first.trail..];
        let is_local = writes.iter().all(|(slot, _)| slot.0 as usize >= first.heap);
        if self.open_branches == 0 {
            self.trail.truncate(first.trail);
        }
        let doubts = self.doubts_since(first.pending);
        let Ok(result) = outcome else {
            return;
        };
        let Some(doubts) = doubts.filter(|_| is_local && self.happened() == first.before) else {
            self.memo.leaving.insert(first.call.function);
            return;
        };
        if !stands_alone(result) {
            return;
        }
        let known = Known {
            inputs: first.alike.flows,
            applications: self.log.applications[first.applications..].to_vec(),
            detached: self.log.detached[first.detached..].to_vec(),
            doubts,
            result: result.clone(),
        };
        self.memo.known.insert(first.call, Rc::new(known));
    }

    /// Does what the first call did, with other data.
    fn replayed(&mut self, known: &Known, alike: &Alike) -> Value {
        let pairs = known.inputs.iter().zip(&alike.flows);
        let pairs = pairs.map(|(old, new)| (Rc::as_ptr(old), new.clone()));
        let mut other = OtherData(pairs.collect());
        for (flow, no_grad) in &known.applications {
            let flow = other.flow(flow);
            self.log.apply(flow, *no_grad);
        }
        for flow in &known.detached {
            let flow = other.flow(flow);
            self.log.detached.push(flow);
        }
        for _ in 0..known.doubts {
            self.may_be_error();
        }
        other.value(&known.result)
    }
}

/// True of a value that shares no place with others and says nothing that holds for one call only.
fn stands_alone(value: &Value) -> bool {
    let is_certain = |num: &Num| matches!(num, Num::Known(_));
    !value.any(|part| match part {
        Value::Unit
        | Value::Float(_)
        | Value::Bool(_)
        | Value::Ordering(_)
        | Value::Tuple(_)
        | Value::Opt(_)
        | Value::Ok(_)
        | Value::Err(_)
        | Value::Alt(_)
        | Value::Variant(_)
        | Value::Unknown(_) => false,
        Value::Struct(fields) => !part.params().is_empty() || fields.fields.is_empty(),
        Value::List(list) => {
            let mut items = list.items.iter();
            list.id.is_some() || !items.all(|item| matches!(item, Item::One(_)))
        }
        Value::Int(num) => !is_certain(num),
        Value::Text(text) => text.known().is_none(),
        Value::Tensor(tensor) => {
            let mut sizes = tensor.shape.iter().flatten();
            tensor.param.is_some() || sizes.any(|size| !is_certain(size))
        }
        _ => true,
    })
}

/// The ways of data in a call, each with what stands for it in another.
struct OtherData(HashMap<*const Flow, Rc<Flow>>);

impl OtherData {
    fn flow(&mut self, flow: &Rc<Flow>) -> Rc<Flow> {
        if let Some(known) = self.0.get(&Rc::as_ptr(flow)) {
            return known.clone();
        }
        let new = match &**flow {
            Flow::Input(_) => flow.clone(),
            Flow::Applied {
                module,
                span,
                inputs,
            } => Rc::new(Flow::Applied {
                module: *module,
                span: *span,
                inputs: self.flows(inputs),
            }),
            Flow::Joined(parts) => Rc::new(Flow::Joined(self.flows(parts))),
            Flow::Carried { entry } => Rc::new(Flow::Carried {
                entry: self.flow(entry),
            }),
        };
        self.0.insert(Rc::as_ptr(flow), new.clone());
        new
    }

    fn flows(&mut self, flows: &[Rc<Flow>]) -> Vec<Rc<Flow>> {
        flows.iter().map(|flow| self.flow(flow)).collect()
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Opt(Some(value)) => Value::Opt(Some(self.inner(value))),
            Value::Ok(value) => Value::Ok(self.inner(value)),
            Value::Err(value) => Value::Err(self.inner(value)),
            Value::Tuple(values) => Value::Tuple(self.values(values)),
            Value::Alt(values) => Value::Alt(self.values(values)),
            Value::Tensor(tensor) => Value::Tensor(Rc::new(TensorValue {
                flow: tensor.flow.as_ref().map(|flow| self.flow(flow)),
                ..(**tensor).clone()
            })),
            Value::List(list) => {
                let items = list.items.iter();
                Value::List(Rc::new(List {
                    items: items
                        .map(|item| item.with_value(self.value(item.value())))
                        .collect(),
                    ..(**list).clone()
                }))
            }
            Value::Struct(fields) => Value::Struct(Rc::new(StructValue {
                fields: self.fields(&fields.fields),
                ..(**fields).clone()
            })),
            Value::Variant(fields) => Value::Variant(Rc::new(VariantValue {
                fields: self.fields(&fields.fields),
                ..(**fields).clone()
            })),
            other => other.clone(),
        }
    }

    fn inner(&mut self, value: &Rc<Value>) -> Rc<Value> {
        Rc::new(self.value(value))
    }

    fn values(&mut self, values: &[Value]) -> Rc<Vec<Value>> {
        Rc::new(values.iter().map(|value| self.value(value)).collect())
    }

    fn fields(&mut self, fields: &[(Member, Value)]) -> Vec<(Member, Value)> {
        fields
            .iter()
            .map(|(member, value)| (*member, self.value(value)))
            .collect()
    }
}
