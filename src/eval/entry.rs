//! Starting a run at a function, and reading models off its end.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::machine::Machine;
use super::ty::Ty;
use super::value::{ModuleValueId, Value};
use crate::frameworks::Framework;
use crate::program::{AdtRef, FnDef, Owner};

impl<'p> Machine<'p> {
    /// Runs a function with arguments of which only types and names are known.
    pub fn run_entry(&mut self, function: &FnDef) -> Option<Value> {
        let self_ty = self.self_type_of(function);
        let self_value = match (&self_ty, function.func.has_self) {
            (Some(ty), true) => Some(self.symbolic(ty, Some("self"))),
            _ => None,
        };
        let span = function.func.span;
        let result = self
            .call_own(function, Vec::new(), self_ty, self_value, Vec::new(), span)
            .ok();
        self.abandon_all();
        result
            .filter(|value| !value.is_err())
            .map(Value::into_granted)
    }

    /// The type that an impl is for, its type parameters unknown.
    pub fn self_type_of(&mut self, function: &FnDef) -> Option<Ty> {
        match &function.owner {
            Some(Owner::Impl(found)) => {
                let found = found.clone();
                let generics = self.generics_of(&found.item.generics, &[]);
                Some(self.resolve_ty_in(&found.item.self_ty, found.module, &generics, None))
            }
            _ => None,
        }
    }

    /// The framework that parameters were asked of.
    pub fn entered_frameworks(&self) -> Option<Framework> {
        self.log
            .params
            .iter()
            .find(|event| event.store.is_some())
            .and_then(|event| {
                let store = event.store?;
                self.log.stores.get(store.0 as usize)?.framework
            })
    }

    /// Every module value that was built, each as it stood last.
    pub fn latest_modules(&self) -> Vec<(ModuleValueId, Value)> {
        let mut latest: BTreeMap<ModuleValueId, Value> = BTreeMap::new();
        for event in &self.log.modules {
            latest.insert(event.id, event.value.clone());
        }
        for value in &self.heap {
            let id = match value {
                Value::Container(container) => container.id,
                Value::List(list) => match list.id {
                    Some(id) => id,
                    None => continue,
                },
                _ => continue,
            };
            if latest.contains_key(&id) {
                latest.insert(id, value.clone());
            }
        }
        latest.into_iter().collect()
    }

    /// A module; of one that is known by its type only, what its constructor or its fields give.
    pub fn module_value(&mut self, value: &Value) -> Option<Value> {
        match self.deref(value) {
            Value::Unknown(unknown) => match &unknown.ty {
                Ty::Struct(def, _) => {
                    let adt = AdtRef::Struct(def.clone());
                    for function in self.program.constructors_of(&adt) {
                        if let Some(Value::Struct(built)) = self.run_entry(&function)
                            && built.def == *def
                        {
                            return Some(Value::Struct(built));
                        }
                    }
                    None
                }
                _ => None,
            },
            value @ (Value::Struct(_)
            | Value::Variant(_)
            | Value::Container(_)
            | Value::List(_)
            | Value::Tuple(_)) => Some(value),
            Value::Alt(values) => values.iter().find_map(|value| self.module_value(value)),
            Value::Opt(Some(inner)) => self.module_value(&Rc::unwrap_or_clone(inner)),
            _ => None,
        }
    }
}
