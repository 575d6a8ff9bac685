//! Parameter paths of module frameworks: the way through fields, indices and variants.

use super::node::member_name;
use super::parameters::Occurrence;
use crate::eval::{Item, Machine, Num, Part, Text, Ty, Value};
use crate::program::hir::Fields;
use crate::source::Span;

/// What a module value's parameters are called, and what could not be followed.
#[derive(Default)]
pub struct ModulePaths {
    pub parameters: Vec<Occurrence>,
    pub opaque: Vec<(Span, String)>,
}

/// The parameters of a burn module.
pub fn module_paths(machine: &mut Machine<'_>, value: &Value, span: Span) -> ModulePaths {
    let mut paths = ModulePaths::default();
    paths.walk(machine, value, &Text::default(), false, span);
    paths
}

impl ModulePaths {
    fn walk(
        &mut self,
        machine: &mut Machine<'_>,
        value: &Value,
        path: &Text,
        maybe: bool,
        span: Span,
    ) {
        match machine.deref(value) {
            Value::Tensor(tensor) => {
                if let Some(param) = tensor.param {
                    let event = machine.log.params[param.0 as usize].clone();
                    self.parameters.push(Occurrence {
                        param: Some(param),
                        path: path.clone(),
                        shape: event.shape,
                        conditions: Vec::new(),
                        maybe,
                        span: event.span,
                    });
                }
            }
            Value::Struct(fields) => {
                let declared = match &fields.def.item.fields {
                    Fields::Named(declared) | Fields::Tuple(declared) => declared.clone(),
                    Fields::Unit => Vec::new(),
                };
                for field in declared.iter().filter(|field| !field.skip) {
                    let below = path.joined(".", &Text::literal(&member_name(field.member)));
                    let ty = machine.resolve_ty_in(
                        &field.ty,
                        fields.def.module,
                        &fields.generics.clone(),
                        None,
                    );
                    let value = match fields.field(field.member) {
                        Some(Value::Unknown(unknown)) if unknown.ty == Ty::Unknown => {
                            Value::of_type(ty)
                        }
                        Some(value) => self.checked(machine, value, &ty, field.span),
                        None => Value::of_type(ty),
                    };
                    self.walk(machine, &value, &below, maybe, field.span);
                }
            }
            Value::Variant(fields) => {
                let name = fields.def.item.variants[fields.variant].name.name;
                let below = path.joined(".", &Text::literal(&name));
                let Fields::Tuple(declared) = &fields.def.item.variants[fields.variant].fields
                else {
                    return;
                };
                // A variant has one module, which adds no segment of its own.
                for ((_, value), field) in fields.fields.iter().zip(declared.clone()) {
                    let ty = machine.resolve_ty_in(&field.ty, fields.def.module, &[], None);
                    let value = self.checked(machine, value, &ty, span);
                    self.walk(machine, &value, &below, maybe, span);
                }
            }
            Value::Tuple(values) => {
                for (index, value) in values.iter().enumerate() {
                    let below = path.joined(".", &Text::literal(&index.to_string()));
                    self.walk(machine, value, &below, maybe, span);
                }
            }
            Value::List(list) => {
                let mut place = Num::Known(0);
                for item in &list.items {
                    let (number, next) = match item {
                        Item::One(_) | Item::Maybe(_) => (place.clone(), place.add(&Num::Known(1))),
                        Item::Repeat { index, .. } => {
                            let info = machine.indices[index.0 as usize].clone();
                            (
                                Num::index(*index).sub(&Num::Known(info.low)).add(&place),
                                place.add(&info.count),
                            )
                        }
                    };
                    let below = path.joined(".", &Text::of_num(&number));
                    self.walk(
                        machine,
                        item.value(),
                        &below,
                        maybe || matches!(item, Item::Maybe(_)),
                        span,
                    );
                    place = next;
                }
            }
            Value::Opt(Some(inner)) | Value::Ok(inner) => {
                self.walk(machine, &inner, path, maybe, span)
            }
            Value::Alt(values) => {
                for value in values.iter() {
                    self.walk(machine, value, path, true, span);
                }
            }
            Value::Unknown(unknown) => {
                self.walk_type(machine, &unknown.ty.clone(), path, maybe, span, 0)
            }
            _ => {}
        }
    }

    /// The value; of the type alone, if the value is of another: what made the one of the other was not followed.
    fn checked(&mut self, machine: &mut Machine<'_>, value: &Value, ty: &Ty, span: Span) -> Value {
        if may_be(machine, value, ty) {
            return value.clone();
        }
        let reason = "a layer that is turned into another type";
        self.opaque.push((span, reason.into()));
        Value::of_type(ty.clone())
    }

    /// A field of which only the type is known.
    fn walk_type(
        &mut self,
        machine: &mut Machine<'_>,
        ty: &Ty,
        path: &Text,
        maybe: bool,
        span: Span,
        depth: usize,
    ) {
        if depth > 12 {
            self.opaque
                .push((span, "a type that contains itself".into()));
            return;
        }
        match ty {
            Ty::Foreign { name, .. } if name == "Param" || name == "RunningState" => {
                self.parameters.push(Occurrence {
                    param: None,
                    path: path.clone(),
                    shape: None,
                    conditions: Vec::new(),
                    maybe,
                    span,
                });
            }
            Ty::Option(inner) => self.walk_type(machine, inner, path, true, span, depth + 1),
            Ty::Vec(inner) | Ty::Array(inner, _) => {
                let count = match ty {
                    Ty::Array(_, Some(count)) => count.clone(),
                    _ => Num::named("?"),
                };
                let index = machine.fresh_index("i", 0, count);
                let mut below = path.joined(".", &Text::default());
                if !path.is_empty() {
                    below.push(Part::Literal(".".into()));
                }
                below.push(Part::Index {
                    index,
                    scale: 1,
                    offset: 0,
                });
                self.walk_type(machine, inner, &below, maybe, span, depth + 1);
            }
            Ty::Tuple(parts, _) => {
                for (index, part) in parts.iter().enumerate() {
                    let below = path.joined(".", &Text::literal(&index.to_string()));
                    self.walk_type(machine, part, &below, maybe, span, depth + 1);
                }
            }
            Ty::Struct(def, args) => {
                if !def.item.derives.iter().any(|name| name == "Module") {
                    return;
                }
                let generics = machine.generics_of(&def.item.generics, args);
                if let Fields::Named(fields) | Fields::Tuple(fields) = &def.item.fields {
                    for field in fields.iter().filter(|field| !field.skip) {
                        let below = path.joined(".", &Text::literal(&member_name(field.member)));
                        let ty = machine.resolve_ty_in(&field.ty, def.module, &generics, None);
                        self.walk_type(machine, &ty, &below, maybe, field.span, depth + 1);
                    }
                }
            }
            Ty::Enum(def, args) => {
                if !def.item.derives.iter().any(|name| name == "Module") {
                    return;
                }
                let generics = machine.generics_of(&def.item.generics, args);
                for variant in &def.item.variants {
                    let Fields::Tuple(fields) = &variant.fields else {
                        continue;
                    };
                    for field in fields {
                        let below = path.joined(".", &Text::literal(&variant.name.name));
                        let ty = machine.resolve_ty_in(&field.ty, def.module, &generics, None);
                        self.walk_type(machine, &ty, &below, true, span, depth + 1);
                    }
                }
            }
            Ty::Bounded(_) | Ty::Unknown => self
                .opaque
                .push((span, "a field whose type is not known".into())),
            _ => {}
        }
    }
}

/// False if the value is certainly not of the type.
fn may_be(machine: &mut Machine<'_>, value: &Value, ty: &Ty) -> bool {
    match (machine.deref(value), ty) {
        (Value::Alt(values), _) => values.iter().all(|value| may_be(machine, value, ty)),
        (Value::Ok(inner), _) => may_be(machine, &inner, ty),
        (Value::Opt(Some(inner)), Ty::Option(ty)) => may_be(machine, &inner, ty),
        (Value::List(list), Ty::Vec(ty) | Ty::Array(ty, _)) => {
            let mut items = list.items.iter();
            items.all(|item| may_be(machine, item.value(), ty))
        }
        (Value::Tuple(values), Ty::Tuple(types, _)) => {
            let mut pairs = values.iter().zip(types.iter());
            pairs.all(|(value, ty)| may_be(machine, value, ty))
        }
        (value @ (Value::Struct(_) | Value::Variant(_) | Value::Unknown(_)), ty) => {
            match (machine.ty_of(&value).adt(), ty.adt()) {
                (Some(own), Some(wanted)) => own == wanted,
                _ => true,
            }
        }
        _ => true,
    }
}
