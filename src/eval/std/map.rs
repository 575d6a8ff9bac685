//! Maps and sets whose keys are known.

use std::rc::Rc;

use super::super::machine::{Eval, Exit, Machine};
use super::super::ty::Ty;
use super::super::value::{Cond, Item, List, MapValue, Place, Projection, Value};
use super::order::order_of;
use crate::source::Span;

/// What a type of std and its kin keeps its elements in.
pub fn map_kind(name: &str) -> Option<MapValue> {
    let (in_order, is_set) = match name {
        "BTreeMap" => (true, false),
        "BTreeSet" => (true, true),
        "HashMap" | "FxHashMap" | "AHashMap" => (false, false),
        "HashSet" | "FxHashSet" | "AHashSet" => (false, true),
        _ => return None,
    };
    Some(MapValue {
        entries: Vec::new(),
        in_order,
        is_set,
    })
}

const EDITS: &[&str] = &[
    "insert",
    "remove",
    "entry",
    "extend",
    "clear",
    "retain",
    "values_mut",
    "iter_mut",
    "get_mut",
    "pop_first",
    "pop_last",
    "append",
    "drain",
];

pub fn is_map_edit(method: &str) -> bool {
    EDITS.contains(&method)
}

impl MapValue {
    pub fn type_name(&self) -> &'static str {
        match (self.in_order, self.is_set) {
            (true, false) => "BTreeMap",
            (true, true) => "BTreeSet",
            (false, false) => "HashMap",
            (false, true) => "HashSet",
        }
    }

    fn position(&self, key: &Value) -> Option<usize> {
        self.entries
            .iter()
            .position(|(known, _)| order_of(known, key).is_some_and(|order| order.is_eq()))
    }

    pub fn get(&self, key: &Value) -> Option<&Value> {
        Some(&self.entries[self.position(key)?].1)
    }

    /// Puts an entry at its place; what was there before.
    pub fn insert(&mut self, key: Value, value: Value) -> Option<Value> {
        if let Some(at) = self.position(&key) {
            return Some(std::mem::replace(&mut self.entries[at].1, value));
        }
        let at = match self.in_order {
            true => self
                .entries
                .iter()
                .position(|(known, _)| order_of(known, &key).is_some_and(|order| order.is_gt()))
                .unwrap_or(self.entries.len()),
            false => self.entries.len(),
        };
        self.entries.insert(at, (key, value));
        None
    }

    /// Its elements; in which order a hash map gives them is not known.
    fn list(&self, element: impl Fn(&(Value, Value)) -> Value) -> Value {
        Value::List(Rc::new(List {
            items: self
                .entries
                .iter()
                .map(|entry| Item::One(element(entry)))
                .collect(),
            unordered: !self.in_order && self.entries.len() > 1,
            ..List::default()
        }))
    }

    pub fn elements(&self) -> Value {
        let is_set = self.is_set;
        self.list(|(key, value)| match is_set {
            true => key.clone(),
            false => Value::tuple(vec![key.clone(), value.clone()]),
        })
    }
}

/// True if it can be told from every other known key.
fn is_known(key: &Value) -> bool {
    order_of(key, key).is_some()
}

impl<'p> Machine<'p> {
    /// A map or set of what a list holds. None: it holds what is not known.
    pub fn map_of(&mut self, mut map: MapValue, list: &Value) -> Option<Value> {
        for item in self.items(list)? {
            let Item::One(value) = item else {
                return None;
            };
            let value = self.owned(&value);
            let (key, value) = match (map.is_set, &value) {
                (true, value) => (value.clone(), Value::Unit),
                (false, Value::Tuple(pair)) => (pair.first()?.clone(), pair.get(1)?.clone()),
                // A pair with a layer in it is kept as a container.
                (false, Value::List(pair)) => (
                    pair.items.first()?.value().clone(),
                    pair.items.get(1)?.value().clone(),
                ),
                _ => return None,
            };
            let key = self.owned(&key);
            if !is_known(&key) {
                return None;
            }
            map.insert(key, value);
        }
        Some(Value::Map(Rc::new(map)))
    }

    pub(super) fn map_method(
        &mut self,
        map: &Rc<MapValue>,
        name: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let key = args.first().map(|arg| self.owned(arg));
        let option = |found: Option<Value>| found.map_or(Value::Opt(None), Value::some);
        Some(Ok(match name {
            "len" => Value::known(map.entries.len() as i128),
            "is_empty" => Value::Bool(Cond::Known(map.entries.is_empty())),
            "iter" | "into_iter" => map.elements(),
            "keys" | "into_keys" => map.list(|(key, _)| key.clone()),
            "values" | "into_values" => map.list(|(_, value)| value.clone()),
            "clone" | "to_owned" | "as_ref" | "borrow" => Value::Map(map.clone()),
            "get" | "contains_key" | "contains" | "get_key_value" => {
                let key = key?;
                if !is_known(&key) {
                    return Some(Ok(match name {
                        "contains_key" | "contains" => Value::Bool(Cond::Unknown),
                        _ => Value::unknown(),
                    }));
                }
                let found = map.get(&key).cloned();
                match name {
                    "contains_key" | "contains" => Value::Bool(Cond::Known(found.is_some())),
                    "get" if map.is_set => option(found.map(|_| key)),
                    "get" => option(found),
                    _ => option(found.map(|value| Value::tuple(vec![key, value]))),
                }
            }
            "first_key_value" | "last_key_value" | "first" | "last" if map.in_order => {
                let entry = match name.starts_with("first") {
                    true => map.entries.first(),
                    false => map.entries.last(),
                };
                option(entry.map(|(key, value)| match map.is_set {
                    true => key.clone(),
                    false => Value::tuple(vec![key.clone(), value.clone()]),
                }))
            }
            _ => {
                let list = map.elements();
                return self
                    .iterator_method(&list, name, args, span)
                    .or_else(|| self.list_method(&list, name, args, span));
            }
        }))
    }

    /// A method that changes a map in a variable: the map afterwards, and what it gives.
    pub fn edited_map(
        &mut self,
        place: &Place,
        map: &Rc<MapValue>,
        method: &str,
        args: &[Value],
        span: Span,
    ) -> Result<(Option<Value>, Value), Exit> {
        let mut new = (**map).clone();
        let key = args.first().map(|arg| self.owned(arg));
        let lost = (Some(Value::unknown()), Value::unknown());
        let option = |found: Option<Value>| found.map_or(Value::Opt(None), Value::some);
        let by_key = matches!(method, "insert" | "remove" | "entry" | "get_mut");
        if by_key && (!key.as_ref().is_some_and(is_known) || !self.loops.is_empty()) {
            return Ok(lost);
        }
        let at_key = |key: Value| {
            let mut inner = place.clone();
            inner.projections.push(Projection::Key(Rc::new(key)));
            Value::Ref(Rc::new(inner))
        };
        let result = match (method, key) {
            ("insert", Some(key)) if map.is_set => {
                let old = new.insert(key, Value::Unit);
                Value::Bool(Cond::Known(old.is_none()))
            }
            ("insert", Some(key)) => {
                let value = args.get(1).map(|arg| self.owned(arg));
                option(new.insert(key, value.unwrap_or_else(Value::unknown)))
            }
            ("remove", Some(key)) => {
                let old = new.position(&key).map(|at| new.entries.remove(at).1);
                match map.is_set {
                    true => Value::Bool(Cond::Known(old.is_some())),
                    false => option(old),
                }
            }
            ("get_mut", Some(key)) => {
                let found = map.get(&key).is_some();
                let inner = found.then(|| at_key(key));
                return Ok((None, option(inner)));
            }
            ("entry", Some(key)) => {
                let is_there = map.get(&key).is_some();
                return Ok((None, Value::tuple(vec![at_key(key), entry_mark(is_there)])));
            }
            ("clear", _) => {
                new.entries.clear();
                Value::Unit
            }
            ("pop_first" | "pop_last", _) if map.in_order => {
                let entry = match (method, new.entries.is_empty()) {
                    (_, true) => None,
                    ("pop_first", _) => Some(new.entries.remove(0)),
                    _ => new.entries.pop(),
                };
                option(entry.map(|(key, value)| match map.is_set {
                    true => key,
                    false => Value::tuple(vec![key, value]),
                }))
            }
            ("drain", _) => {
                let all = map.elements();
                new.entries.clear();
                all
            }
            ("extend" | "append", Some(more)) => {
                let more = self.forced(&more, span)?;
                let more = match &more {
                    Value::Map(map) => map.elements(),
                    other => other.clone(),
                };
                let Some(Value::Map(added)) = self.map_of(
                    MapValue {
                        entries: Vec::new(),
                        ..(**map).clone()
                    },
                    &more,
                ) else {
                    return Ok(lost);
                };
                for (key, value) in added.entries.iter().cloned() {
                    new.insert(key, value);
                }
                Value::Unit
            }
            ("retain", Some(with)) => {
                let mut kept = Vec::new();
                for (key, value) in new.entries {
                    let given = match map.is_set {
                        true => vec![key.clone()],
                        false => vec![key.clone(), value.clone()],
                    };
                    let verdict = self.call_value(&with, given, span)?;
                    match self.truth(&verdict) {
                        Cond::Known(true) => kept.push((key, value)),
                        Cond::Known(false) => {}
                        _ => return Ok(lost),
                    }
                }
                new.entries = kept;
                Value::Unit
            }
            ("values_mut" | "iter_mut", _) => {
                let all = map.list(|(key, _)| match method {
                    "values_mut" => at_key(key.clone()),
                    _ => Value::tuple(vec![key.clone(), at_key(key.clone())]),
                });
                return Ok((None, all));
            }
            _ => return Ok(lost),
        };
        Ok((Some(Value::Map(Rc::new(new))), result))
    }

    /// `or_insert` and its kin on what `entry` gave.
    pub fn entry_method(
        &mut self,
        entry: &Value,
        method: &str,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let Value::Tuple(parts) = entry else {
            return None;
        };
        let [place @ Value::Ref(target), mark] = parts.as_slice() else {
            return None;
        };
        let is_there = is_entry_there(mark)?;
        let value = match (method, is_there) {
            ("or_insert" | "or_insert_with" | "or_default", true) => {
                return Some(Ok(place.clone()));
            }
            ("or_insert", false) => self.owned(args.first()?),
            ("or_insert_with", false) => match self.call_value(args.first()?, Vec::new(), span) {
                Ok(value) => value,
                Err(exit) => return Some(Err(exit)),
            },
            ("or_default", false) => Value::default_of_any_type(),
            ("and_modify", true) => {
                return Some(
                    self.call_value(args.first()?, vec![place.clone()], span)
                        .map(|_| entry.clone()),
                );
            }
            ("and_modify", false) => return Some(Ok(entry.clone())),
            _ => return None,
        };
        self.write_place(target, value);
        Some(Ok(place.clone()))
    }

    /// What is collected, as the type that is wanted keeps it.
    pub(super) fn collected(&mut self, list: &Value, wanted: Option<&Ty>) -> Value {
        match wanted {
            Some(ty) => self.as_collection(list, ty),
            None => list.clone(),
        }
    }

    /// A list as another collection.
    pub fn as_collection(&mut self, list: &Value, ty: &Ty) -> Value {
        let Value::List(items) = list else {
            return list.clone();
        };
        match ty {
            Ty::Option(inner) => {
                let mut some = Vec::new();
                for item in &items.items {
                    match (item, item.value()) {
                        (Item::One(_), Value::Opt(None)) => return Value::Opt(None),
                        (_, Value::Opt(Some(value))) => {
                            some.push(item.with_value((**value).clone()))
                        }
                        (Item::One(_), value) if !matches!(value, Value::Alt(_)) => {
                            some.push(item.clone())
                        }
                        _ => return Value::of_type(ty.clone()),
                    }
                }
                let some = Value::list(some);
                Value::some(self.as_collection(&some, inner))
            }
            Ty::Text => {
                let mut text = super::super::text::Text::default();
                for item in &items.items {
                    match item {
                        Item::One(value) => {
                            let piece = self.display(value);
                            text.append(&piece);
                        }
                        _ => return Value::Text(super::super::text::Text::hole("a joined string")),
                    }
                }
                Value::Text(text)
            }
            Ty::Foreign { name, .. } => match map_kind(name.as_str()) {
                // `collect::<Result<Map>>` of a list with an error in it is that error.
                Some(map) => match super::super::question::first_error(items) {
                    Some(error) => error,
                    None => self
                        .map_of(map, list)
                        .unwrap_or_else(|| Value::of_type(ty.clone())),
                },
                None => list.clone(),
            },
            _ => list.clone(),
        }
    }
}

fn entry_mark(is_there: bool) -> Value {
    Value::Bool(Cond::Known(is_there))
}

fn is_entry_there(mark: &Value) -> Option<bool> {
    match mark {
        Value::Bool(Cond::Known(is_there)) => Some(*is_there),
        _ => None,
    }
}
