//! Starting a run at a function, and reading models off its end.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::machine::Machine;
use super::ty::Ty;
use super::value::{ModuleValueId, Value};
use crate::frameworks::Framework;
use crate::program::hir::{Fields, Struct};
use crate::program::{AdtRef, Def, FnDef, Owner};

/// What parameters are kept in by name.
const STORES: &[&str] = &["VarMap", "VarStore"];

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

    /// Runs a function that trains something. A `self` that keeps a store is one that a constructor of its type built: of one that is known by its
    /// type only, the store and the model would have nothing to do with each other.
    pub fn run_training(&mut self, function: &FnDef) {
        let self_ty = self.self_type_of(function);
        let built = match &self_ty {
            Some(Ty::Struct(def, _)) if function.func.has_self => self.keeper_of_a_store(def),
            _ => None,
        };
        let Some(keeper) = built else {
            self.run_entry(function);
            return;
        };
        let span = function.func.span;
        let _ = self.call_own(
            function,
            Vec::new(),
            self_ty,
            Some(keeper),
            Vec::new(),
            span,
        );
        self.abandon_all();
    }

    /// A value of a type that keeps a store, with the parameters that its constructor puts there.
    fn keeper_of_a_store(&mut self, def: &Def<Struct>) -> Option<Value> {
        let generics = self.generics_of(&def.item.generics, &[]);
        let declared = match &def.item.fields {
            Fields::Named(fields) | Fields::Tuple(fields) => fields.clone(),
            Fields::Unit => return None,
        };
        let keeps = declared.iter().any(|field| {
            let ty = self.resolve_ty_in(&field.ty, def.module, &generics, None);
            ty.foreign_name()
                .is_some_and(|name| STORES.contains(&name.as_str()))
        });
        if !keeps {
            return None;
        }
        let loads = self.log.loads.len();
        let constructors = self.program.constructors_of(&AdtRef::Struct(def.clone()));
        let built = constructors.iter().find_map(|function| {
            let value = self.run_entry(function)?;
            let fits = matches!(&value, Value::Struct(built) if built.def == *def);
            (fits && !value.params().is_empty()).then_some(value)
        });
        // Whether it is the constructor that loads is not known.
        self.log.loads.truncate(loads);
        built
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
