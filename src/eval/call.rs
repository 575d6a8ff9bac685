//! Calls: of own functions, of closures, of what frameworks and std provide.

use std::rc::Rc;

use super::machine::{Eval, Exit, Frame, MAX_DEPTH, MAX_SAME_FUNCTION, Machine};
use super::text::Text;
use super::ty::Ty;
use super::value::{ClosureValue, FunctionValue, StructValue, Value, VariantValue};
use crate::frameworks;
use crate::name::Name;
use crate::program::hir::{
    self, Const, Expr, ExprKind, Fields, GenericArg, Member, Path, StructLit,
};
use crate::program::{AdtRef, Def, FnDef, ModuleId, Owner, Res};
use crate::source::Span;

impl<'p> Machine<'p> {
    /// Runs `code` in a frame of its own.
    pub fn in_frame<R>(
        &mut self,
        scope: ModuleId,
        generics: Vec<(Name, Ty)>,
        self_ty: Option<Ty>,
        function: Option<FnDef>,
        home: Span,
        code: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.frames.push(Frame {
            scope,
            variables: Vec::new(),
            generics: Rc::new(generics),
            self_ty,
            function,
            home,
            path: Text::default(),
            returns: Vec::new(),
            sticky: Vec::new(),
        });
        let result = code(self);
        self.frames.pop();
        result
    }

    pub fn eval_call(&mut self, callee: &Expr, args: &[Expr], span: Span) -> Eval {
        let function = match &callee.kind {
            ExprKind::Path(path) => self.eval_path(path)?,
            _ => self.eval(callee)?,
        };
        let args = self.eval_all(args)?;
        self.call_value(&function, args, span)
    }

    pub fn call_value(&mut self, function: &Value, args: Vec<Value>, span: Span) -> Eval {
        match self.deref(function) {
            Value::Closure(closure) => self.call_closure(&closure, args),
            Value::Function(function) => self.call_function_value(&function, args, span),
            Value::Alt(values) => {
                let mut results = Vec::new();
                for value in values.iter() {
                    results.push(self.call_value(value, args.clone(), span)?);
                }
                Ok(Value::one_of(results))
            }
            Value::Unknown(unknown) => {
                self.lost_arguments(&args, span, "a function that is not known");
                match &unknown.ty {
                    Ty::Function(result) => Ok(self.symbolic(&result.clone(), None)),
                    _ => Ok(self
                        .mixed_flows(&args.iter().collect::<Vec<_>>())
                        .unwrap_or_else(Value::unknown)),
                }
            }
            _ => {
                self.lost_arguments(&args, span, "something that is not a function here");
                Ok(Value::unknown())
            }
        }
    }

    fn call_function_value(
        &mut self,
        function: &FunctionValue,
        args: Vec<Value>,
        span: Span,
    ) -> Eval {
        match function {
            FunctionValue::Own {
                function,
                generics,
                self_ty,
            } => {
                let mut args = args;
                let self_value = if function.func.has_self && !args.is_empty() {
                    Some(args.remove(0))
                } else {
                    None
                };
                self.call_own(
                    function,
                    generics.clone(),
                    self_ty.clone(),
                    self_value,
                    args,
                    span,
                )
            }
            FunctionValue::TupleStruct(def, generics) => {
                let fields = args
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| (Member::Index(index as u32), value))
                    .collect();
                Ok(self.build_struct(def.clone(), generics.clone(), fields, span))
            }
            FunctionValue::TupleVariant(def, variant) => {
                let fields = args
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| (Member::Index(index as u32), value))
                    .collect();
                Ok(Value::Variant(Rc::new(VariantValue {
                    def: def.clone(),
                    variant: *variant,
                    fields,
                    span,
                })))
            }
            FunctionValue::Foreign {
                krate,
                path,
                generics,
            } => self.call_foreign(*krate, path, generics, args, span),
            FunctionValue::Some => Ok(Value::some(args.into_iter().next().unwrap_or(Value::Unit))),
            FunctionValue::Ok => Ok(args.into_iter().next().unwrap_or(Value::Unit)),
            FunctionValue::Method(name) => {
                let mut args = args;
                if args.is_empty() {
                    return Ok(Value::unknown());
                }
                let receiver = args.remove(0);
                self.call_method(&receiver, *name, &[], args, span)
            }
        }
    }

    pub fn call_closure(&mut self, closure: &ClosureValue, args: Vec<Value>) -> Eval {
        if self.frames.len() > MAX_DEPTH || self.same_home(closure.closure.span) > MAX_SAME_FUNCTION
        {
            self.opaque(
                closure.closure.span,
                "a closure that calls itself too deeply".into(),
            );
            return Ok(Value::unknown());
        }
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        let body = closure.closure.clone();
        let variables = closure.variables.clone();
        let generics = (*closure.generics).clone();
        let path = self
            .frames
            .last()
            .map(|frame| frame.path.clone())
            .unwrap_or_default();
        self.in_frame(
            closure.scope,
            generics,
            closure.self_ty.clone(),
            function,
            body.span,
            |machine| {
                machine.frame_mut().variables = variables;
                machine.frame_mut().path = args
                    .iter()
                    .find_map(|arg| match arg {
                        Value::Builder(builder) => Some(builder.prefix.clone()),
                        _ => None,
                    })
                    .unwrap_or(path);
                let mut args = args.into_iter();
                for pat in &body.params {
                    let value = args.next().unwrap_or_else(Value::unknown);
                    machine.bind_pattern(pat, &value);
                }
                let outcome = machine.eval(&body.body);
                machine.returned(outcome)
            },
        )
    }

    fn same_home(&self, home: Span) -> usize {
        self.frames
            .iter()
            .filter(|frame| frame.home == home)
            .count()
    }

    /// What a function gives, its undecided early returns counted.
    fn returned(&mut self, outcome: Eval) -> Eval {
        let returns = std::mem::take(&mut self.frame_mut().returns);
        let last = match outcome {
            Ok(value) | Err(Exit::Return(value)) => Some(value),
            Err(Exit::Never) if returns.is_empty() => return Err(Exit::Never),
            Err(_) => None,
        };
        let values: Vec<Value> = returns.into_iter().chain(last).collect();
        if values.is_empty() {
            return Ok(Value::Unit);
        }
        Ok(super::branch::join_all(values))
    }

    pub fn call_own(
        &mut self,
        function: &FnDef,
        generics: Vec<(Name, Ty)>,
        self_ty: Option<Ty>,
        self_value: Option<Value>,
        args: Vec<Value>,
        span: Span,
    ) -> Eval {
        let Some(body) = &function.func.body else {
            self.lost_arguments(&args, span, "a function without a body");
            return Ok(self.result_of(function, &generics, self_ty.as_ref()));
        };
        let same = self
            .frames
            .iter()
            .filter(|frame| frame.function.as_ref() == Some(function))
            .count();
        if self.frames.len() > MAX_DEPTH || same > MAX_SAME_FUNCTION || !self.burn_fuel() {
            self.lost_arguments(&args, span, "calls nest too deeply");
            return Ok(self.result_of(function, &generics, self_ty.as_ref()));
        }
        self.entered.insert(function.clone());
        for arg in &args {
            if let Value::Optimizer(id) = self.deref(arg) {
                self.log.given_optimizers.push((id, function.clone()));
            }
        }
        let mut bound = match &function.owner {
            Some(Owner::Impl(found)) => match &self_ty {
                Some(Ty::Struct(_, args) | Ty::Enum(_, args)) => {
                    let args = args.clone();
                    self.impl_generics(&found.item.generics, &found.item.self_ty, &args)
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        bound.extend(self.function_generics(function, &generics, &args));
        let function_scope = function.module;
        let definition = function.func.clone();
        let path = args.iter().find_map(|arg| match self.deref(arg) {
            Value::Builder(builder) => Some(builder.prefix.clone()),
            _ => None,
        });
        self.in_frame(
            function_scope,
            bound,
            self_ty,
            Some(function.clone()),
            body.span,
            |machine| {
                machine.frame_mut().path = path.unwrap_or_default();
                if definition.has_self {
                    let value = self_value.unwrap_or_else(|| {
                        Value::of_type(machine.frame().self_ty.clone().unwrap_or(Ty::Unknown))
                    });
                    machine.bind_name(Name::new("self"), value);
                }
                let mut args = args.into_iter();
                for param in &definition.params {
                    let ty = machine.resolve_ty(&param.ty);
                    let value = match args.next() {
                        Some(value) => machine.expect_type(value, &ty),
                        None => machine.symbolic(&ty, pattern_name(&param.pat)),
                    };
                    machine.bind_pattern(&param.pat, &value);
                }
                let outcome = machine.eval_block(body);
                let value = machine.returned(outcome)?;
                match &definition.ret {
                    Some(ret) => {
                        let ty = machine.resolve_ty(ret);
                        Ok(machine.expect_type(value, &ty))
                    }
                    None => Ok(value),
                }
            },
        )
    }

    pub fn bind_name(&mut self, name: Name, value: Value) {
        let slot = self.allocate(value);
        self.frame_mut().variables.push((name, slot));
    }

    /// A function's own type parameters: written at the call, or read off the arguments.
    fn function_generics(
        &mut self,
        function: &FnDef,
        given: &[(Name, Ty)],
        args: &[Value],
    ) -> Vec<(Name, Ty)> {
        let definition = function.func.clone();
        let mut bound = given.to_vec();
        for param in &definition.generics.params {
            if bound
                .iter()
                .any(|(name, ty)| *name == param.name && *ty != Ty::Unknown)
            {
                continue;
            }
            let mut found = Ty::Unknown;
            for (written, value) in definition.params.iter().zip(args) {
                if let Some(inner) = mentions(&written.ty, param.name) {
                    let ty = self.ty_of(value);
                    found = match inner {
                        Position::Itself => ty,
                        Position::Element => match ty {
                            Ty::Vec(inner) | Ty::Option(inner) | Ty::Array(inner, _) => {
                                (*inner).clone()
                            }
                            Ty::Struct(_, args) => args.first().cloned().unwrap_or(Ty::Unknown),
                            _ => Ty::Unknown,
                        },
                        Position::Output => Ty::Unknown,
                    };
                    if found != Ty::Unknown {
                        break;
                    }
                }
            }
            if found == Ty::Unknown
                && let hir::GenericParamKind::Type { bounds, .. } = &param.kind
            {
                let text = bounds.iter().any(|bound| {
                    bound.path.segments.last().is_some_and(|segment| {
                        ["ToString", "Display"].contains(&segment.name.as_str())
                    })
                });
                if text {
                    found = Ty::Text;
                }
            }
            bound.push((param.name, found));
        }
        bound
    }

    /// The declared result of a function that is not run.
    pub fn result_of(
        &mut self,
        function: &FnDef,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
    ) -> Value {
        match &function.func.ret {
            Some(ret) => {
                let ty = self.resolve_ty_in(ret, function.module, generics, self_ty);
                self.symbolic(&ty, None)
            }
            None => Value::Unit,
        }
    }

    /// Arguments that can make parameters went where they can't be followed.
    pub fn lost_arguments(&mut self, args: &[Value], span: Span, what: &str) {
        if args.iter().any(|arg| self.can_make_parameters(arg)) {
            self.opaque(span, format!("parameters may be made in {what}"));
        }
    }

    /// True for a builder, a store, and what holds or captures one.
    pub fn can_make_parameters(&mut self, value: &Value) -> bool {
        let value = self.deref(value);
        let mut closures = Vec::new();
        let direct = value.any(|part| match part {
            Value::Builder(_) => true,
            Value::Closure(closure) => {
                closures.push(closure.clone());
                false
            }
            _ => false,
        });
        direct
            || closures.iter().any(|closure| {
                closure.variables.iter().any(|(name, slot)| {
                    matches!(self.heap[slot.0 as usize], Value::Builder(_))
                        && super::mentions::mentions(&closure.closure.body, *name)
                })
            })
    }

    pub fn eval_path(&mut self, path: &Path) -> Eval {
        if path.qself.is_none()
            && let [segment] = path.segments.as_slice()
            && let Some(slot) = self.variable(segment.name)
        {
            return Ok(self.read_slot(slot));
        }
        let mut written = Vec::new();
        for arg in path.segments.iter().flat_map(|segment| &segment.args) {
            match arg {
                GenericArg::Type(ty) => written.push(self.resolve_ty(ty)),
                GenericArg::Const(expr) => {
                    let value = self.eval(expr)?;
                    written.push(Ty::Const(self.number(&value)));
                }
                GenericArg::Assoc(..) => {}
            }
        }
        if let Some(qself) = &path.qself {
            let ty = self.resolve_ty(&qself.ty);
            let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
            return self.associated(&ty, &names, &written, path.span);
        }
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let first = names[0];
        if first == "Self" {
            let ty = self.frame().self_ty.clone().unwrap_or(Ty::Unknown);
            return self.associated(&ty, &names[1..], &written, path.span);
        }
        if let Some((_, ty)) = self
            .frame()
            .generics
            .iter()
            .rev()
            .find(|(name, _)| *name == first)
        {
            let ty = ty.clone();
            return match (&ty, names.len()) {
                (Ty::Const(num), 1) => Ok(Value::Int(num.clone())),
                _ => self.associated(&ty, &names[1..], &written, path.span),
            };
        }
        match (names.as_slice(), first.as_str()) {
            ([_], "Some") => return Ok(Value::Function(Rc::new(FunctionValue::Some))),
            ([_], "Ok") => return Ok(Value::Function(Rc::new(FunctionValue::Ok))),
            ([_], "Err") => return Ok(error_function()),
            ([_], "None") => return Ok(Value::Opt(None)),
            ([_, last], "Option") if last == "Some" => {
                return Ok(Value::Function(Rc::new(FunctionValue::Some)));
            }
            ([_, last], "Option") if last == "None" => return Ok(Value::Opt(None)),
            ([_, last], "Result") if last == "Ok" => {
                return Ok(Value::Function(Rc::new(FunctionValue::Ok)));
            }
            _ => {}
        }
        let resolved = self.resolve_value(&names, path.global);
        let rest: Vec<Name> = names[names.len() - resolved.rest.min(names.len())..].to_vec();
        if let Some((krate, name)) = self.intrinsic_of(&resolved.res) {
            let mut path = vec![name];
            path.extend(&rest);
            return self.foreign_value(krate, path, written);
        }
        match resolved.res {
            Res::Fn(function) => {
                let (krate, name) = (self.package_of(function.module), function.func.name.name);
                if function.owner.is_none() && frameworks::is_intrinsic_function(krate, name) {
                    return self.foreign_value(krate, vec![name], written);
                }
                Ok(self.function_value(function, &written, None))
            }
            Res::Const(constant) => {
                let value = self.eval_const(&constant)?;
                Ok(value)
            }
            Res::Struct(def) if rest.is_empty() => {
                let args = match &self.frame().self_ty {
                    // Inside the type's own impl, its name alone means this very type.
                    Some(Ty::Struct(own, args)) if *own == def && written.is_empty() => {
                        (**args).clone()
                    }
                    _ => written.clone(),
                };
                let generics = self.generics_of(&def.item.generics, &args);
                Ok(match &def.item.fields {
                    Fields::Tuple(_) => {
                        Value::Function(Rc::new(FunctionValue::TupleStruct(def, generics)))
                    }
                    _ => self.build_struct(def, generics, Vec::new(), path.span),
                })
            }
            Res::Struct(def) => {
                // `Foo::<T>::new::<U>`: the first arguments are the type's.
                let count = def.item.generics.params.len();
                let (own, methods) = written.split_at(count.min(written.len()));
                let (own, methods) = if path
                    .segments
                    .last()
                    .is_some_and(|last| last.args.len() == written.len())
                {
                    (&written[..0], written.as_slice())
                } else {
                    (own, methods)
                };
                let ty = Ty::Struct(def, Rc::new(own.to_vec()));
                self.associated(&ty, &rest, methods, path.span)
            }
            Res::Enum(def) => {
                let ty = Ty::Enum(def, Rc::default());
                self.associated(&ty, &rest, &written, path.span)
            }
            Res::Variant(def, variant) => Ok(self.variant_value(def, variant, path.span)),
            Res::Alias(def) => {
                let generics = self.generics_of(&def.item.generics, &written);
                let ty = self.resolve_ty_in(&def.item.ty, def.module, &generics, None);
                self.associated(&ty, &rest, &written, path.span)
            }
            Res::Trait(_) => Ok(self.trait_function(&rest)),
            Res::External(candidates) => match candidates.first() {
                Some(found) => self.foreign_value(found.krate, found.path.clone(), written),
                None => Ok(Value::unknown()),
            },
            Res::Module(_) | Res::None => {
                let krate = Name::new("std");
                self.foreign_value(krate, names, written)
            }
        }
    }

    fn foreign_value(&mut self, krate: Name, path: Vec<Name>, generics: Vec<Ty>) -> Eval {
        if let Some(value) = self.foreign_constant(krate, &path) {
            return Ok(value);
        }
        Ok(Value::Function(Rc::new(FunctionValue::Foreign {
            krate,
            path,
            generics,
        })))
    }

    fn variant_value(&mut self, def: Def<hir::Enum>, variant: usize, span: Span) -> Value {
        match &def.item.variants[variant].fields {
            Fields::Unit => Value::Variant(Rc::new(VariantValue {
                def,
                variant,
                fields: Vec::new(),
                span,
            })),
            _ => Value::Function(Rc::new(FunctionValue::TupleVariant(def, variant))),
        }
    }

    fn function_value(&mut self, function: FnDef, written: &[Ty], self_ty: Option<Ty>) -> Value {
        let params = &function.func.generics.params;
        let generics = params
            .iter()
            .zip(written)
            .map(|(param, ty)| (param.name, ty.clone()))
            .collect();
        Value::Function(Rc::new(FunctionValue::Own {
            function,
            generics,
            self_ty,
        }))
    }

    /// `Trait::name`: the value that it is called on decides which.
    fn trait_function(&self, rest: &[Name]) -> Value {
        match rest {
            [name] => Value::Function(Rc::new(FunctionValue::Method(*name))),
            _ => Value::unknown(),
        }
    }

    /// `Type::name`.
    pub fn associated(&mut self, ty: &Ty, names: &[Name], written: &[Ty], span: Span) -> Eval {
        let Some((name, rest)) = names.split_first() else {
            return Ok(match ty {
                Ty::Struct(def, args) => match &def.item.fields {
                    Fields::Tuple(_) => {
                        let generics = self.generics_of(&def.item.generics, args);
                        Value::Function(Rc::new(FunctionValue::TupleStruct(def.clone(), generics)))
                    }
                    _ => self.build_struct(def.clone(), Vec::new(), Vec::new(), span),
                },
                _ => Value::unknown(),
            });
        };
        if !rest.is_empty() {
            let inner = self.resolve_associated(ty, *name);
            return self.associated(&inner, rest, written, span);
        }
        let adt = match ty {
            Ty::Struct(def, _) => AdtRef::Struct(def.clone()),
            Ty::Enum(def, _) => {
                if let Some(variant) = def
                    .item
                    .variants
                    .iter()
                    .position(|known| known.name.name == *name)
                {
                    return Ok(self.variant_value(def.clone(), variant, span));
                }
                AdtRef::Enum(def.clone())
            }
            Ty::Foreign {
                krate,
                name: type_name,
                args,
            } => {
                let mut generics = (**args).clone();
                generics.extend(written.iter().cloned());
                return self.foreign_value(*krate, vec![*type_name, *name], generics);
            }
            Ty::Unknown | Ty::Bounded(_) => {
                return Ok(Value::Function(Rc::new(FunctionValue::Method(*name))));
            }
            Ty::Const(num) => return Ok(Value::Int(num.clone())),
            other => {
                let head = Name::new(std_head(other));
                return self.foreign_value(Name::new("std"), vec![head, *name], written.to_vec());
            }
        };
        if let Some(function) = self.program.associated_fns(&adt, *name).into_iter().next() {
            return Ok(self.function_value(function, written, Some(ty.clone())));
        }
        if let Some(value) = self.associated_const(&adt, ty, *name) {
            return value;
        }
        if let Some(value) = self.derived_function(&adt, ty, *name) {
            return Ok(value);
        }
        Ok(Value::Function(Rc::new(FunctionValue::Foreign {
            krate: Name::new("derive"),
            path: vec![adt_name(&adt), *name],
            generics: vec![ty.clone()],
        })))
    }

    fn resolve_associated(&mut self, ty: &Ty, name: Name) -> Ty {
        let path = Path {
            qself: None,
            global: false,
            segments: vec![
                hir::Segment {
                    name: Name::new("Self"),
                    args: Vec::new(),
                    span: self.frame().home,
                },
                hir::Segment {
                    name,
                    args: Vec::new(),
                    span: self.frame().home,
                },
            ],
            span: self.frame().home,
        };
        let written = hir::Type {
            span: path.span,
            kind: hir::TypeKind::Path(path),
        };
        let scope = self.scope();
        self.resolve_ty_in(&written, scope, &[], Some(ty))
    }

    fn associated_const(&mut self, adt: &AdtRef, ty: &Ty, name: Name) -> Option<Eval> {
        let found = self.program.associated_const(adt, name)?;
        let value = found.item.value.clone()?;
        let span = value.span;
        Some(self.in_frame(
            found.module,
            Vec::new(),
            Some(ty.clone()),
            None,
            span,
            |machine| machine.eval(&value),
        ))
    }

    pub fn eval_const(&mut self, constant: &Def<Const>) -> Eval {
        let Some(value) = &constant.item.value else {
            return Ok(Value::unknown());
        };
        if self.frames.len() > MAX_DEPTH || self.same_home(value.span) > 2 {
            return Ok(Value::unknown());
        }
        let result = self.in_frame(
            constant.module,
            Vec::new(),
            None,
            None,
            value.span,
            |machine| {
                let outcome = machine.eval(value);
                let ty = constant.item.ty.as_ref().map(|ty| machine.resolve_ty(ty));
                outcome.map(|value| match ty {
                    Some(ty) => machine.expect_type(value, &ty),
                    None => value,
                })
            },
        );
        Ok(result.unwrap_or_else(|_| Value::unknown()))
    }

    pub fn eval_struct(&mut self, literal: &StructLit, span: Span) -> Eval {
        let names: Vec<Name> = literal
            .path
            .segments
            .iter()
            .map(|segment| segment.name)
            .collect();
        let mut fields = Vec::new();
        for (member, value) in &literal.fields {
            let value = self.eval(value)?;
            fields.push((*member, value));
        }
        let base = match &literal.base {
            Some(base) => Some(self.eval(base)?),
            None => None,
        };
        let written = hir::Type {
            span: literal.path.span,
            kind: hir::TypeKind::Path(literal.path.clone()),
        };
        let ty = self.resolve_ty(&written);
        let (def, args) = match ty {
            Ty::Struct(def, args) => (def, args),
            _ => return Ok(self.variant_literal(&names, literal, fields, span)),
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

    fn variant_literal(
        &mut self,
        names: &[Name],
        literal: &StructLit,
        fields: Vec<(Member, Value)>,
        span: Span,
    ) -> Value {
        let res = match names {
            [first, variant] if *first == "Self" => match self.frame().self_ty.clone() {
                Some(Ty::Enum(def, _)) => {
                    let index = def
                        .item
                        .variants
                        .iter()
                        .position(|known| known.name.name == *variant);
                    index.map_or(Res::None, |index| Res::Variant(def, index))
                }
                _ => Res::None,
            },
            _ => self.resolve_value(names, literal.path.global).res,
        };
        match res {
            Res::Variant(def, variant) => Value::Variant(Rc::new(VariantValue {
                def,
                variant,
                fields,
                span,
            })),
            _ => Value::unknown(),
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
        let fields: Vec<(Member, Value)> = fields
            .into_iter()
            .map(|(member, value)| (member, self.deref(&value)))
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

/// How a parameter's pattern is called.
pub fn pattern_name(pat: &hir::Pat) -> Option<&'static str> {
    match &pat.kind {
        hir::PatKind::Bind { name, .. } => Some(name.name.as_str()),
        hir::PatKind::Typed(inner, _) | hir::PatKind::Ref(inner) => pattern_name(inner),
        _ => None,
    }
}

fn error_function() -> Value {
    Value::Function(Rc::new(FunctionValue::Foreign {
        krate: Name::new("std"),
        path: vec![Name::new("Err")],
        generics: Vec::new(),
    }))
}

fn adt_name(adt: &AdtRef) -> Name {
    match adt {
        AdtRef::Struct(def) => def.item.name.name,
        AdtRef::Enum(def) => def.item.name.name,
    }
}

fn std_head(ty: &Ty) -> &'static str {
    match ty {
        Ty::Int => "usize",
        Ty::Float => "f64",
        Ty::Bool => "bool",
        Ty::Text => "String",
        Ty::Vec(_) | Ty::Array(..) => "Vec",
        Ty::Option(_) => "Option",
        _ => "",
    }
}

/// Where a type parameter stands in a written type.
enum Position {
    Itself,
    Element,
    Output,
}

fn mentions(ty: &hir::Type, name: Name) -> Option<Position> {
    match &ty.kind {
        hir::TypeKind::Ref(inner) => mentions(inner, name),
        hir::TypeKind::Path(path) => {
            match path.segments.as_slice() {
                [segment] if segment.name == name => Some(Position::Itself),
                segments => segments
                    .iter()
                    .flat_map(|segment| &segment.args)
                    .find_map(|arg| match arg {
                        GenericArg::Type(inner) => mentions(inner, name).map(|_| {
                            let wrapper =
                                segments.last().map_or("", |segment| segment.name.as_str());
                            if ["Box", "Rc", "Arc"].contains(&wrapper) {
                                Position::Itself
                            } else {
                                Position::Element
                            }
                        }),
                        _ => None,
                    }),
            }
        }
        hir::TypeKind::Slice(inner) | hir::TypeKind::Array(inner, _) => {
            mentions(inner, name).map(|_| Position::Element)
        }
        hir::TypeKind::Fn(_, result) => mentions(result, name).map(|_| Position::Output),
        _ => None,
    }
}
