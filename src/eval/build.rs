//! Struct literals, and the values they build.

use std::rc::Rc;

use super::machine::{Eval, Machine};
use super::ty::Ty;
use super::value::{StructValue, Value, VariantValue};
use crate::name::Name;
use crate::program::hir::{self, Fields, Member, StructLit};
use crate::program::{Def, ModuleId, Res};
use crate::source::Span;

impl<'p> Machine<'p> {
    pub fn eval_struct(&mut self, literal: &StructLit, expected: Option<Ty>, span: Span) -> Eval {
        let names: Vec<Name> = literal
            .path
            .segments
            .iter()
            .map(|segment| segment.name)
            .collect();
        let written = hir::Type {
            span: literal.path.span,
            kind: hir::TypeKind::Path(literal.path.clone()),
        };
        let ty = self.resolve_ty(&written);
        let ty = match (ty, expected) {
            (Ty::Struct(def, args), Some(Ty::Struct(wanted, wanted_args)))
                if def == wanted && args.is_empty() =>
            {
                Ty::Struct(wanted, wanted_args)
            }
            (ty, _) => ty,
        };
        let variant = match ty {
            Ty::Struct(..) => None,
            _ => self.variant_called(&names, literal),
        };
        let mut fields = Vec::new();
        for (member, value) in &literal.fields {
            let pending = self.pending();
            self.expected = match &variant {
                Some((def, variant)) => {
                    let fields = def.item.variants[*variant].fields.clone();
                    self.declared_type(&fields, *member, def.module, &[])
                }
                None => self.field_type(&ty, *member),
            };
            let value = self.eval(value)?;
            self.abandon(pending);
            fields.push((*member, value));
        }
        let base = match &literal.base {
            Some(base) => Some(self.eval(base)?),
            None => None,
        };
        let (def, args) = match ty {
            Ty::Struct(def, args) => (def, args),
            // Of its settings nothing is asked.
            Ty::Foreign { .. } => return Ok(Value::of_type(ty)),
            _ => {
                return Ok(match variant {
                    Some((def, variant)) => Value::Variant(Rc::new(VariantValue {
                        def,
                        variant,
                        fields,
                        span,
                    })),
                    None => Value::unknown(),
                });
            }
        };
        let declared = match &def.item.fields {
            Fields::Named(declared) | Fields::Tuple(declared) => declared.clone(),
            Fields::Unit => Vec::new(),
        };
        let base = base.map(|base| self.expect_type(base, &Ty::Struct(def.clone(), args.clone())));
        let generics = self.generics_of(&def.item.generics, &args);
        let mut complete = Vec::new();
        for field in &declared {
            let given = fields
                .iter()
                .position(|(member, _)| *member == field.member);
            let value = match (given, &base) {
                (Some(index), _) => fields[index].1.clone(),
                (None, Some(base)) => self.member_of(base, field.member),
                (None, None) => continue,
            };
            let ty = self.resolve_ty_in(&field.ty, def.module, &generics, None);
            let value = self.expect_type(value, &ty);
            complete.push((field.member, value));
        }
        Ok(self.build_struct(def, generics, complete, span))
    }

    /// The declared type of a struct's field.
    fn field_type(&mut self, ty: &Ty, member: Member) -> Option<Ty> {
        let Ty::Struct(def, args) = ty else {
            return None;
        };
        let generics = self.generics_of(&def.item.generics, args);
        let fields = def.item.fields.clone();
        self.declared_type(&fields, member, def.module, &generics)
    }

    fn declared_type(
        &mut self,
        fields: &Fields,
        member: Member,
        scope: ModuleId,
        generics: &[(Name, Ty)],
    ) -> Option<Ty> {
        let declared = match fields {
            Fields::Named(declared) | Fields::Tuple(declared) => declared,
            Fields::Unit => return None,
        };
        let field = declared.iter().find(|field| field.member == member)?;
        Some(self.resolve_ty_in(&field.ty, scope, generics, None))
    }

    /// The type that a variable must have because a struct literal at the block's end takes it for a field.
    pub(super) fn type_of_later_use(&mut self, pat: &hir::Pat, later: &[hir::Stmt]) -> Option<Ty> {
        let name = super::call::pattern_name(pat)?;
        let Some(hir::Stmt::Expr { expr, .. }) = later.last() else {
            return None;
        };
        let literal = struct_at_the_end(expr)?;
        let (member, _) = literal.fields.iter().find(|(_, value)| {
            matches!(&value.kind, hir::ExprKind::Path(path)
                if path.segments.len() == 1 && path.segments[0].name == name)
        })?;
        let written = hir::Type {
            span: literal.path.span,
            kind: hir::TypeKind::Path(literal.path.clone()),
        };
        let ty = self.resolve_ty(&written);
        self.field_type(&ty, *member)
    }

    fn variant_called(
        &mut self,
        names: &[Name],
        literal: &StructLit,
    ) -> Option<(Def<hir::Enum>, usize)> {
        match names {
            [first, variant] if *first == "Self" => match self.frame().self_ty.clone() {
                Some(Ty::Enum(def, _)) => {
                    let index = def
                        .item
                        .variants
                        .iter()
                        .position(|known| known.name.name == *variant)?;
                    Some((def, index))
                }
                _ => None,
            },
            _ => match self.resolve_value(names, literal.path.global).res {
                Res::Variant(def, variant) => Some((def, variant)),
                _ => None,
            },
        }
    }

    pub fn build_struct(
        &mut self,
        def: Def<hir::Struct>,
        generics: Vec<(Name, Ty)>,
        fields: Vec<(Member, Value)>,
        span: Span,
    ) -> Value {
        let id = self.fresh_module();
        let span = self.on_disk(span);
        let fields: Vec<(Member, Value)> = fields
            .into_iter()
            .map(|(member, value)| (member, self.kept(&value)))
            .collect();
        let value = Value::Struct(Rc::new(StructValue {
            id,
            def,
            generics,
            fields,
            span,
        }));
        self.module_built(id, &value, span);
        value
    }
}

/// `Ok(Self { .. })` and the like.
fn struct_at_the_end(expr: &hir::Expr) -> Option<&StructLit> {
    match &expr.kind {
        hir::ExprKind::Struct(literal) => Some(literal),
        hir::ExprKind::Call(_, args) => match args.as_slice() {
            [arg] => struct_at_the_end(arg),
            _ => None,
        },
        _ => None,
    }
}
