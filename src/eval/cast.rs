//! `as`, and the widths of numbers.

use super::machine::Machine;
use super::num::Num;
use super::real::Real;
use super::ty::Ty;
use super::value::{Cond, Value, VariantValue};
use crate::name::Name;
use crate::program::Res;
use crate::program::hir::{Expr, ExprKind, Fields, Pat, PatKind, Type, TypeKind};

/// The smallest and the largest number of an integer type.
pub fn limits(name: &str) -> Option<(i128, i128)> {
    Some(match name {
        "u8" => (0, u8::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        "u32" => (0, u32::MAX.into()),
        "u64" | "usize" => (0, u64::MAX.into()),
        "i8" => (i8::MIN.into(), i8::MAX.into()),
        "i16" => (i16::MIN.into(), i16::MAX.into()),
        "i32" => (i32::MIN.into(), i32::MAX.into()),
        "i64" | "isize" => (i64::MIN.into(), i64::MAX.into()),
        _ => return None,
    })
}

/// The limits of the smallest types that hold all of the numbers: nothing smaller can be meant.
fn least_limits(numbers: &[i128]) -> (i128, i128) {
    let fitting = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"]
        .iter()
        .filter_map(|name| limits(name))
        .filter(|(low, high)| numbers.iter().all(|n| (*low..=*high).contains(n)));
    fitting
        .reduce(|(low, high), (other_low, other_high)| (low.max(other_low), high.min(other_high)))
        .unwrap_or((0, 0))
}

/// True if the result of an operation is the same whatever type its operands may have.
pub fn fits_any(operands: &[i128], result: i128) -> bool {
    let (low, high) = least_limits(operands);
    (low..=high).contains(&result)
}

fn wrapped(value: i128, (low, high): (i128, i128)) -> i128 {
    low + (value - low).rem_euclid(high - low + 1)
}

impl<'p> Machine<'p> {
    pub(super) fn cast(&mut self, value: Value, ty: &Type) -> Value {
        let value = self.deref(&value);
        if let Value::Alt(values) = &value {
            let cast = values.iter().map(|value| self.cast(value.clone(), ty));
            let cast: Vec<Value> = cast.collect();
            return Value::one_of(cast);
        }
        let name = self.primitive(ty, 0);
        let name = name.as_ref().map_or("", |name| name.as_str());
        match (name, value) {
            ("f32", value) => {
                Value::Float(float_of(&value).map(|real| Real::Single(real.single())))
            }
            ("f64", value) => {
                Value::Float(float_of(&value).map(|real| Real::Double(real.double())))
            }
            ("char", Value::Int(Num::Known(code))) => {
                match u32::try_from(code).ok().and_then(char::from_u32) {
                    Some(c) => Value::text(c.encode_utf8(&mut [0; 4])),
                    None => Value::of_type(Ty::Text),
                }
            }
            ("char", Value::Int(_)) => Value::of_type(Ty::Text),
            (name, value) => match limits(name) {
                Some(limits) => self.whole_of(&value, limits),
                None => value,
            },
        }
    }

    /// The primitive type that a written type is, through aliases.
    fn primitive(&mut self, ty: &Type, depth: usize) -> Option<Name> {
        let TypeKind::Path(path) = &ty.kind else {
            return None;
        };
        let last = path.segments.last()?.name;
        let is_primitive = limits(last.as_str()).is_some()
            || matches!(last.as_str(), "f32" | "f64" | "char" | "i128" | "u128");
        if is_primitive || depth > 8 {
            return Some(last);
        }
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let scope = self.scope();
        match self.resolve_type_names(scope, &names, path.global).res {
            Res::Alias(alias) => {
                let meant = alias.item.ty.clone();
                self.primitive(&meant, depth + 1)
            }
            _ => match self.resolve_ty(ty) {
                // A type parameter whose width is not kept.
                Ty::Int => None,
                _ => Some(last),
            },
        }
    }

    /// The limits of an expression's type, where its declaration is plain to see.
    pub(super) fn limits_of(&mut self, expr: &Expr) -> Option<(i128, i128)> {
        match &expr.kind {
            ExprKind::Cast(_, ty) => {
                let name = self.primitive(ty, 0)?;
                limits(name.as_str())
            }
            ExprKind::Path(path) if path.segments.len() == 1 && path.qself.is_none() => {
                let slot = self.variable(path.segments[0].name)?;
                self.declared.get(&slot).copied()
            }
            ExprKind::MethodCall(call)
                if call.method.name.starts_with("wrapping_")
                    || call.method.name.starts_with("saturating_")
                    || matches!(call.method.name.as_str(), "min" | "max" | "pow" | "abs") =>
            {
                self.limits_of(&call.receiver)
            }
            ExprKind::Field(base, member) => {
                let place = self.place_of(base).ok()??;
                let held = self.read_place(&place);
                let Value::Struct(fields) = self.deref(&held) else {
                    return None;
                };
                let declared = match &fields.def.item.fields {
                    Fields::Named(declared) | Fields::Tuple(declared) => declared,
                    Fields::Unit => return None,
                };
                let field = declared.iter().find(|field| field.member == *member)?;
                primitive_name(&field.ty).and_then(|name| limits(name.as_str()))
            }
            ExprKind::Binary(_, left, right) => {
                self.limits_of(left).or_else(|| self.limits_of(right))
            }
            ExprKind::Unary(_, inner) | ExprKind::Ref { expr: inner, .. } => self.limits_of(inner),
            ExprKind::Call(callee, _) => match &callee.kind {
                // `u8::try_from(x)`
                ExprKind::Path(path) => limits(path.segments.first()?.name.as_str()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Notes what the types of variables are that are declared without one.
    pub(super) fn declare_like(&mut self, pat: &Pat, init: &Expr) {
        match (&pat.kind, &init.kind) {
            (PatKind::Bind { name, sub: None }, _) => {
                if let (Some(slot), Some(limits)) = (self.variable(name.name), self.limits_of(init))
                {
                    self.declared.insert(slot, limits);
                }
            }
            (PatKind::Tuple(pats), ExprKind::Tuple(values)) if pats.len() == values.len() => {
                for (pat, value) in pats.iter().zip(values) {
                    self.declare_like(pat, value);
                }
            }
            _ => {}
        }
    }

    /// Notes that a variable was declared with this type.
    pub(super) fn declare(&mut self, name: Option<&str>, ty: &Type) {
        let slot = name.and_then(|name| self.variable(Name::new(name)));
        if let (Some(slot), Some(limits)) = (
            slot,
            primitive_name(ty).and_then(|name| limits(name.as_str())),
        ) {
            self.declared.insert(slot, limits);
        }
    }

    fn whole_of(&mut self, value: &Value, limits: (i128, i128)) -> Value {
        match value {
            Value::Variant(variant) => self.discriminant(variant),
            value => whole_of(value, limits),
        }
    }

    /// The number of a variant.
    fn discriminant(&mut self, variant: &VariantValue) -> Value {
        let mut next = Some(0);
        for (place, declared) in variant.def.item.variants.iter().enumerate() {
            if let Some(written) = &declared.discriminant {
                let value = self.in_frame(
                    variant.def.module,
                    Vec::new(),
                    None,
                    None,
                    written.span,
                    |machine| machine.eval(written),
                );
                next = match value {
                    Ok(Value::Int(Num::Known(number))) => Some(number),
                    _ => None,
                };
            }
            if place == variant.variant {
                break;
            }
            next = next.map(|number| number + 1);
        }
        next.map_or_else(|| Value::Int(Num::named("?")), Value::known)
    }
}

/// The last name of a written type, if it is plainly written.
fn primitive_name(ty: &Type) -> Option<Name> {
    match &ty.kind {
        TypeKind::Path(path) if path.segments.len() == 1 => Some(path.segments[0].name),
        TypeKind::Ref(inner) => primitive_name(inner),
        _ => None,
    }
}

fn float_of(value: &Value) -> Option<Real> {
    match value {
        Value::Float(real) => *real,
        Value::Int(Num::Known(number)) => Some(Real::Either(*number as f64, *number as f32)),
        _ => None,
    }
}

fn whole_of(value: &Value, limits: (i128, i128)) -> Value {
    match value {
        Value::Int(Num::Known(number)) => Value::known(wrapped(*number, limits)),
        Value::Float(Some(real)) => match real.whole() {
            Some(number) => Value::known(number.clamp(limits.0, limits.1)),
            None => Value::Int(Num::named("?")),
        },
        Value::Float(None) => Value::Int(Num::named("?")),
        Value::Bool(Cond::Known(truth)) => Value::known(i128::from(*truth)),
        Value::Bool(_) => Value::Int(Num::named("?")),
        Value::Ordering(order) => Value::known(*order as i128),
        Value::Text(text) => match text.known().map(|text| text.chars().collect::<Vec<_>>()) {
            Some(chars) if chars.len() == 1 => {
                Value::known(wrapped(i128::from(u32::from(chars[0])), limits))
            }
            _ => Value::Int(Num::named("?")),
        },
        other => other.clone(),
    }
}
