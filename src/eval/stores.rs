//! Stores of variables, the paths below them, and the parameters that are asked of them.

use std::rc::Rc;

use super::log::{ParamEvent, StoreInfo};
use super::machine::{Condition, Machine};
use super::num::Num;
use super::text::Text;
use super::value::{Builder, Cond, Item, List, ParamId, StoreId, TensorValue, Value, Vars};
use crate::frameworks::Framework;
use crate::name::Name;
use crate::source::Span;

impl<'p> Machine<'p> {
    /// The builder one segment down.
    pub fn sub_builder(&mut self, builder: &Builder, segment: &Value) -> Value {
        let segment = self.deref(segment);
        let results: Vec<Value> = segment
            .alternatives()
            .iter()
            .map(|segment| {
                let text = self.display(segment);
                let text = if matches!(segment, Value::Unit) {
                    Text::default()
                } else {
                    text
                };
                let prefix = builder.below(&text);
                Value::Builder(Rc::new(Builder {
                    prefix,
                    blank: false,
                    ..builder.clone()
                }))
            })
            .collect();
        Value::one_of(results)
    }

    pub fn new_store(&mut self, framework: Framework, name: &str, span: Option<Span>) -> StoreId {
        self.log.stores.push(StoreInfo {
            span,
            name: name.into(),
            framework: Some(framework),
            grants: false,
            born_under: self.loops.len(),
            is_stray: false,
        });
        StoreId(self.log.stores.len() as u32 - 1)
    }

    /// The store behind an argument, or a part of one; what is called the same is one store. Without a name it is a stray one.
    pub fn given_store(&mut self, framework: Framework, name: Option<&str>) -> StoreId {
        let name = name.filter(|name| super::symbol::tells_apart(name));
        let known = self.log.stores.iter().position(|store| {
            store.span.is_none()
                && store.framework == Some(framework)
                && name == Some(store.name.as_str())
        });
        if let Some(known) = known {
            return StoreId(known as u32);
        }
        let store = self.new_store(framework, name.unwrap_or("store"), None);
        self.log.stores[store.0 as usize].is_stray = name.is_none();
        store
    }

    /// A store that makes what it is asked for.
    pub fn new_map(&mut self, framework: Framework, name: &str, span: Option<Span>) -> StoreId {
        let store = self.new_store(framework, name, span);
        self.log.stores[store.0 as usize].grants = true;
        store
    }

    pub fn root_builder(&mut self, store: StoreId) -> Value {
        let is_stray = self.log.stores[store.0 as usize].is_stray;
        Value::Builder(Rc::new(Builder {
            store,
            prefix: Text::default(),
            group: Num::Known(0),
            lost: is_stray.then_some(
                "parameters are made at a path that comes from code that is not followed",
            ),
            renames: Vec::new(),
            step: None,
            blank: false,
        }))
    }

    /// A parameter of a store; the tensor that holds it.
    pub fn make_param(
        &mut self,
        builder: &Builder,
        name: &Value,
        shape: Option<Vec<Num>>,
        trainable: bool,
        span: Span,
    ) -> Value {
        let name = self.deref(name);
        let mut tensors = Vec::new();
        for name in name.alternatives() {
            let path = self.param_path(builder, &name, span);
            tensors.push(self.push_param(Some(builder), path, shape.clone(), trainable, span));
        }
        Value::one_of(tensors)
    }

    /// The full name of a store's parameter; what of it is not known is opaque.
    pub fn param_path(&mut self, builder: &Builder, name: &Value, span: Span) -> Text {
        let text = self.display(name);
        let path = builder.below(&text);
        let path = self.renamed(builder, path, span);
        if let Some(why) = builder.lost {
            self.opaque(span, why.to_string());
        } else if let Some(hole) = path.first_hole() {
            let hole = self.shown(hole);
            self.opaque(span, format!("the name of a parameter depends on {hole}"));
        } else if let Some(index) = path.indices().find(|index| !self.loops.contains(index)) {
            let name = self.indices[index.0 as usize].name.clone();
            self.opaque(
                span,
                format!("which of the rounds {{{name}}} a parameter belongs to is not known"),
            );
        }
        path
    }

    pub fn push_param(
        &mut self,
        builder: Option<&Builder>,
        path: Text,
        shape: Option<Vec<Num>>,
        trainable: bool,
        span: Span,
    ) -> Value {
        let id = ParamId(self.log.params.len() as u32);
        let conditions = self.active_conditions();
        let loops = self.loops.clone();
        let span = self.on_disk(span);
        self.log.tick();
        self.log.push_param(ParamEvent {
            store: builder.map(|builder| builder.store),
            path,
            shape: shape.clone(),
            group: builder.map_or(Num::Known(0), |builder| builder.group.clone()),
            trainable,
            span,
            conditions,
            loops,
            step: builder.and_then(|builder| builder.step.clone()),
        });
        Value::Tensor(Rc::new(TensorValue {
            param: Some(id),
            shape,
            flow: None,
        }))
    }

    pub fn active_conditions(&self) -> Vec<Condition> {
        let sticky = self
            .frames
            .iter()
            .flat_map(|frame| frame.sticky.iter().map(|(condition, _)| *condition));
        let mut all: Vec<Condition> = self.conditions.iter().copied().chain(sticky).collect();
        all.sort_by_key(|condition| condition.branch);
        all.dedup();
        all
    }

    fn renamed(&mut self, builder: &Builder, path: Text, span: Span) -> Text {
        let mut path = path;
        for function in builder.renames.iter().rev() {
            let given = vec![Value::Text(path.clone())];
            let renamed = match self.deref(function) {
                // candle's `Renamer`.
                renamer @ (Value::Struct(_) | Value::Variant(_)) => {
                    self.call_method(&renamer, Name::new("rename"), &[], given, span)
                }
                _ => self.call_value(function, given, span),
            };
            match renamed {
                Ok(value) => path = self.display(&value),
                Err(_) => path = Text::hole("a renaming function"),
            }
        }
        path
    }

    /// `contains_tensor`: of a map that this run fills, what it holds so far; else the checkpoint decides.
    pub fn contains(&mut self, builder: &Builder, name: &Value) -> Value {
        let text = self.display(name);
        let path = builder.below(&text);
        let made_here = {
            let store = &self.log.stores[builder.store.0 as usize];
            store.grants && store.span.is_some()
        };
        let known = self.log.params.iter().any(|event| {
            event.store == Some(builder.store) && event.path == path && event.conditions.is_empty()
        });
        let cond = match (known, made_here) {
            (true, _) => Cond::Known(true),
            (false, true) if path.first_hole().is_none() => Cond::Known(false),
            _ => super::symbol::question(&format!("contains {path:?}"), false),
        };
        Value::Bool(cond)
    }

    /// True if a request for a parameter may fail: candle's `get` on a checkpoint.
    pub fn may_deny(&self, store: StoreId) -> bool {
        let store = &self.log.stores[store.0 as usize];
        store.framework == Some(Framework::Candle) && !store.grants
    }

    /// The parameters of a store, as its map of names holds them.
    pub fn store_entries(&mut self, store: StoreId) -> Value {
        let entries: Vec<Item> = self
            .log
            .params
            .iter()
            .enumerate()
            .filter(|(_, event)| event.store == Some(store))
            .map(|(number, event)| {
                let tensor = Value::Tensor(Rc::new(TensorValue {
                    param: Some(ParamId(number as u32)),
                    ..TensorValue::default()
                }));
                Item::One(Value::tuple(vec![Value::Text(event.path.clone()), tensor]))
            })
            .collect();
        if entries.is_empty() {
            // Nothing is known to be in it: what is done with each entry is done with one that stands for all.
            let index = self.fresh_index("i", 0, Num::named("?"));
            let tensor = Value::Vars(Rc::new(Vars {
                stores: vec![store],
                params: Vec::new(),
                filtered: true,
            }));
            let entry = Value::tuple(vec![Value::Text(Text::hole("a parameter's name")), tensor]);
            return Value::list(vec![Item::Repeat {
                index,
                value: entry,
            }]);
        }
        Value::List(Rc::new(List {
            items: entries,
            ..List::default()
        }))
    }
}
