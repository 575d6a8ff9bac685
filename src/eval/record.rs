//! What a program does with optimizers, weights and gradients, for the log.

use std::rc::Rc;

use super::log::{
    CopyEvent, FreezeEvent, GroupingEvent, LoadEvent, OptimizerEvent, SplitEvent, StepEvent, Target,
};
use super::machine::Machine;
use super::selector::Selector;
use super::value::{OptimizerId, StoreId, Value};
use crate::name::Name;
use crate::source::Span;

impl<'p> Machine<'p> {
    pub fn build_optimizer(&mut self, kind: &str, target: Target, span: Span) -> Value {
        let id = OptimizerId(self.log.optimizers.len() as u32);
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        let time = self.log.tick();
        self.log.optimizers.push(OptimizerEvent {
            id,
            kind: kind.into(),
            target,
            span,
            function,
            time,
            conditions: self.conditions.clone(),
        });
        Value::Optimizer(id)
    }

    pub fn target_of(&mut self, value: &Value) -> Target {
        match self.vars_in(value) {
            Some(vars) => Target::Vars(Rc::new(vars)),
            None => Target::Unknown,
        }
    }

    pub fn record_step(&mut self, optimizer: &Value, model: Option<Value>, span: Span) {
        let (id, field) = match self.deref(optimizer) {
            Value::Optimizer(id) => (Some(id), None),
            Value::Unknown(unknown) => {
                let field = unknown.name.as_deref().map(super::symbol::last_field);
                (None, field.map(Name::new))
            }
            _ => (None, None),
        };
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        let time = self.log.tick();
        self.log.steps.push(StepEvent {
            optimizer: id,
            model,
            field,
            span,
            function,
            time,
        });
    }

    pub fn record_split(
        &mut self,
        store: Option<StoreId>,
        optimizer: Option<OptimizerId>,
        span: Span,
    ) {
        self.log.splits.push(SplitEvent {
            store,
            optimizer,
            span,
        });
    }

    /// One more parameter group of an optimizer; of a scheduler, for all optimizers.
    pub fn record_group(
        &mut self,
        optimizer: Option<OptimizerId>,
        group: Option<&Value>,
        span: Span,
    ) {
        self.record_split(None, optimizer, span);
        let selector = match group.map(|group| self.deref(group)) {
            Some(Value::Selector(selector)) => selector,
            _ => Rc::new(Selector::Unknown),
        };
        self.log.groupings.push(GroupingEvent {
            optimizer,
            selector,
            span,
        });
    }

    pub fn record_load(
        &mut self,
        stores: Vec<StoreId>,
        model: Option<Value>,
        path: Option<&Value>,
        span: Span,
    ) {
        let path = path.map(|path| self.display(path));
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        let conditions = self.active_conditions();
        let time = self.log.tick();
        let in_loop = !self.loops.is_empty();
        let callers = self
            .frames
            .iter()
            .filter_map(|frame| {
                frame
                    .function
                    .as_ref()
                    .map(|function| function.func.name.name)
            })
            .collect();
        self.log.loads.push(LoadEvent {
            stores,
            model,
            path,
            span,
            function,
            conditions,
            time,
            in_loop,
            callers,
        });
    }

    /// Values of one store are written over those of this one.
    pub fn record_copy(&mut self, into: StoreId, span: Span) {
        self.log.copies.push(CopyEvent {
            into: vec![into],
            span,
        });
    }

    pub fn record_save(&mut self, path: &Value) {
        let path = self.display(path);
        self.log.saves.push(path);
    }

    pub fn record_freeze(&mut self, store: StoreId, frozen: bool) {
        let time = self.log.tick();
        self.log.freezes.push(FreezeEvent {
            store,
            frozen,
            made: self.log.params.len(),
            time,
        });
    }

    /// The gradient of one variable is switched off; of one that is not known, the store is trained in part.
    pub fn record_frozen_variable(&mut self, value: &Value) {
        match self.deref(value) {
            Value::Tensor(tensor) => self.log.frozen_params.extend(tensor.param),
            Value::Vars(vars) => {
                self.log.frozen_params.extend(&vars.params);
                vars.stores
                    .iter()
                    .for_each(|store| self.record_freeze(*store, true));
            }
            Value::Store(store) => self.record_freeze(store, true),
            _ => {}
        }
    }

    /// The gradients of all that is in a module are switched off, be it a struct, a tuple or a list.
    pub fn record_frozen_module(&mut self, value: &Value) {
        self.log.tick();
        self.log.frozen_params.extend(value.params());
    }

    /// An optimizer's own state is loaded: a training goes on.
    pub fn record_optimizer_state(&mut self, span: Span) {
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        self.log.optimizer_states.push((span, function));
    }
}
