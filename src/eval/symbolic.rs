//! Values of which only the type and a name are known: arguments of a constructor, fields of its configuration.

use std::rc::Rc;

use super::machine::Machine;
use super::num::Num;
use super::real::Real;
use super::symbol::{field, question};
use super::text::Text;
use super::ty::Ty;
use super::value::{Cond, Item, List, StructValue, Unknown, Value};
use crate::program::hir::{Fields, Member};

impl<'p> Machine<'p> {
    /// Some value of this type, called `name`; what the user set for that name, if anything.
    pub fn symbolic(&mut self, ty: &Ty, name: Option<&str>) -> Value {
        if let Some(name) = name
            && let Some(setting) = self.overrides.get(name)
        {
            return match (ty, setting.value()) {
                (Ty::Option(_), Value::Opt(None)) => Value::Opt(None),
                (Ty::Option(_), value) => Value::some(value),
                (Ty::Float | Ty::Single, Value::Int(Num::Known(value))) => {
                    Value::Float(Some(Real::literal(value as f64)))
                }
                (_, value) => value,
            };
        }
        match ty {
            Ty::Int => Value::Int(name.map_or_else(|| Num::named("?"), Num::named)),
            Ty::Float | Ty::Single => Value::Float(None),
            Ty::Bool => Value::Bool(name.map_or(Cond::Unknown, |name| question(name, false))),
            Ty::Text => Value::Text(Text::hole(name.unwrap_or("a string"))),
            Ty::Unit => Value::Unit,
            Ty::Const(num) => Value::Int(num.clone()),
            Ty::Tuple(parts, _) => {
                let values = parts
                    .iter()
                    .enumerate()
                    .map(|(index, part)| {
                        self.symbolic(part, name.map(|name| format!("{name}_{index}")).as_deref())
                    })
                    .collect();
                Value::tuple(values)
            }
            Ty::Array(inner, Some(Num::Known(count))) if (0..=64).contains(count) => {
                let items = (0..*count)
                    .map(|index| {
                        Item::One(self.symbolic(
                            inner,
                            name.map(|name| format!("{name}[{index}]")).as_deref(),
                        ))
                    })
                    .collect();
                Value::list(items)
            }
            Ty::Vec(_) | Ty::Array(..) => Value::Unknown(Rc::new(Unknown {
                ty: ty.clone(),
                name: name.map(Into::into),
            })),
            Ty::Foreign {
                krate,
                name: foreign,
                ..
            } => self
                .framework_symbol(*krate, *foreign, name)
                .unwrap_or_else(|| {
                    Value::Unknown(Rc::new(Unknown {
                        ty: ty.clone(),
                        name: name.map(Into::into),
                    }))
                }),
            _ => Value::Unknown(Rc::new(Unknown {
                ty: ty.clone(),
                name: name.map(Into::into),
            })),
        }
    }

    /// A list of unknown length as one repeated element.
    pub fn unknown_list(&mut self, element: &Ty, name: Option<&str>, count: Num) -> Value {
        let index = self.fresh_index("i", 0, count);
        let element_name = name.map(|name| format!("{name}[{}]", Num::index(index)));
        let value = self.symbolic(element, element_name.as_deref());
        Value::List(Rc::new(List {
            items: vec![Item::Repeat { index, value }],
            ..List::default()
        }))
    }

    /// A struct known by type only, with its fields written out.
    pub fn materialized(&mut self, value: &Value) -> Option<Value> {
        let Value::Unknown(unknown) = value else {
            return None;
        };
        let Ty::Struct(def, args) = &unknown.ty else {
            return None;
        };
        let generics = self.generics_of(&def.item.generics, args);
        let span = def.item.name.span;
        let members: Vec<Member> = match &def.item.fields {
            Fields::Named(fields) | Fields::Tuple(fields) => {
                fields.iter().map(|field| field.member).collect()
            }
            Fields::Unit => Vec::new(),
        };
        let fields = members
            .into_iter()
            .map(|member| (member, self.member_of(value, member)))
            .collect();
        let id = self.fresh_module();
        Some(Value::Struct(Rc::new(StructValue {
            id,
            def: def.clone(),
            generics,
            fields,
            span,
        })))
    }

    /// A field, of whatever holds it.
    pub fn member_of(&mut self, value: &Value, member: Member) -> Value {
        match self.deref(value) {
            Value::Struct(fields) => match fields.field(member) {
                Some(value) => value.clone(),
                None => self.inner_member(&fields, member),
            },
            Value::Variant(variant) => variant
                .fields
                .iter()
                .find(|(name, _)| *name == member)
                .map_or_else(Value::unknown, |(_, value)| value.clone()),
            Value::Tuple(values) => match member {
                Member::Index(index) => values
                    .get(index as usize)
                    .cloned()
                    .unwrap_or_else(Value::unknown),
                Member::Named(_) => Value::unknown(),
            },
            list @ Value::List(_) => match member {
                Member::Index(index) => super::place::element(&list, index as usize)
                    .unwrap_or_else(|| super::place::any_element(&list)),
                Member::Named(_) => Value::unknown(),
            },
            Value::Alt(values) => {
                let pieces: Vec<Value> = values
                    .iter()
                    .map(|value| self.member_of(value, member))
                    .collect();
                Value::one_of(pieces)
            }
            Value::Range(range) => match member {
                Member::Named(name) if name == "start" => Value::Int(range.low.clone()),
                Member::Named(name) if name == "end" => {
                    range.high.clone().map_or_else(Value::unknown, Value::Int)
                }
                _ => Value::unknown(),
            },
            Value::Unknown(unknown) => match (&unknown.ty, member) {
                (Ty::Struct(def, args), _) => {
                    let fields = match &def.item.fields {
                        Fields::Named(fields) | Fields::Tuple(fields) => fields,
                        Fields::Unit => return Value::unknown(),
                    };
                    let Some(found) = fields.iter().find(|field| field.member == member) else {
                        return Value::unknown();
                    };
                    let generics = self.generics_of(&def.item.generics, args);
                    let ty = self.resolve_ty_in(&found.ty, def.module, &generics, None);
                    let name = field(unknown.name.as_deref(), member);
                    self.symbolic(&ty, Some(&name))
                }
                (Ty::Tuple(parts, _), Member::Index(index)) => match parts.get(index as usize) {
                    Some(part) => {
                        let name = unknown
                            .name
                            .as_deref()
                            .map(|name| format!("{name}_{index}"));
                        self.symbolic(&part.clone(), name.as_deref())
                    }
                    None => Value::unknown(),
                },
                (_, Member::Named(_)) if unknown.name.is_some() => {
                    let name = field(unknown.name.as_deref(), member);
                    self.symbolic(&Ty::Unknown, Some(&name))
                }
                _ => Value::unknown(),
            },
            other => self
                .framework_member(&other, member)
                .unwrap_or_else(Value::unknown),
        }
    }

    /// `Deref` in spirit: a wrapper's only field of another type that has the member.
    fn inner_member(&mut self, fields: &StructValue, member: Member) -> Value {
        for (_, inner) in &fields.fields {
            let inner = self.deref(inner);
            if let Value::Struct(inner) = &inner
                && let Some(found) = inner.field(member)
                && self.has_deref(&fields.def)
            {
                return found.clone();
            }
        }
        Value::unknown()
    }

    /// The element at a place of a list whose length is not known.
    pub fn element_of(&self, list: &List, place: &Num) -> Value {
        match list.items.as_slice() {
            [Item::Repeat { index: over, value }] => {
                let info = &self.indices[over.0 as usize];
                let number = if info.descending {
                    Num::named("?")
                } else {
                    place.add(&Num::Known(info.low))
                };
                super::substitute::substitute(value, *over, &number)
                    .unwrap_or_else(|| value.clone())
            }
            _ => super::place::any_element(&Value::List(Rc::new(list.clone()))),
        }
    }

    /// What `index` (a number or a range) takes out of a list.
    pub fn index(&mut self, base: &Value, index: &Value) -> Value {
        let base = self.deref(base);
        let base = self.by_place(&base);
        let index = self.deref(index);
        match (&base, &index) {
            (Value::Alt(values), _) => {
                let pieces: Vec<Value> = values
                    .iter()
                    .map(|value| self.index(value, &index))
                    .collect();
                Value::one_of(pieces)
            }
            (_, Value::Alt(values)) => {
                let pieces: Vec<Value> = values
                    .iter()
                    .map(|index| self.index(&base, index))
                    .collect();
                Value::one_of(pieces)
            }
            (_, Value::Int(Num::Known(index)))
                if matches!(base, Value::List(_) | Value::Tuple(_)) =>
            {
                let found = usize::try_from(*index)
                    .ok()
                    .and_then(|index| super::place::element(&base, index));
                match (&base, found) {
                    (_, Some(found)) => found,
                    (Value::List(list), None) => self.element_of(list, &Num::Known(*index)),
                    (_, None) => super::place::any_element(&base),
                }
            }
            (Value::List(list), Value::Int(number)) => self.element_of(list, number),
            (Value::List(list), Value::Range(range)) => match (range.low.known(), &range.high) {
                (Some(low), high) => {
                    let all_single = list.items.iter().all(|item| matches!(item, Item::One(_)));
                    let high = match high {
                        None => Some(list.items.len() as i128),
                        Some(high) => high.known().map(|high| high + i128::from(range.inclusive)),
                    };
                    match (all_single, high) {
                        (true, Some(high)) => {
                            let (low, high) = (low.max(0) as usize, high.max(0) as usize);
                            Value::list(
                                list.items
                                    .get(low..high.min(list.items.len()))
                                    .unwrap_or_default()
                                    .to_vec(),
                            )
                        }
                        _ => Value::list(
                            list.items
                                .iter()
                                .map(|item| Item::Maybe(item.value().clone()))
                                .collect(),
                        ),
                    }
                }
                _ => Value::list(
                    list.items
                        .iter()
                        .map(|item| Item::Maybe(item.value().clone()))
                        .collect(),
                ),
            },
            (Value::Map(map), key) => map.get(key).cloned().unwrap_or_else(Value::unknown),
            (Value::Text(text), Value::Range(_)) => self.slice_of_text(text, &index),
            (Value::Unknown(unknown), _) => match &unknown.ty {
                Ty::Vec(element) | Ty::Array(element, _) => {
                    if matches!(index, Value::Range(_)) {
                        return base.clone();
                    }
                    let element = (**element).clone();
                    let name = unknown
                        .name
                        .as_deref()
                        .map(|name| format!("{name}[{}]", self.number(&index)));
                    self.symbolic(&element, name.as_deref())
                }
                _ => Value::unknown(),
            },
            (Value::Tensor(_), _) => base,
            (Value::List(_), _) => super::place::any_element(&base),
            _ => Value::unknown(),
        }
    }
}
