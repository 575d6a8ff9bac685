//! Calls: of own functions, of closures, of what frameworks and std provide.

use std::rc::Rc;

use super::log::Construction;
use super::machine::{
    Eval, Exit, Frame, MAX_DEPTH, MAX_IDLE_RECURSION, MAX_SAME_FUNCTION, Machine,
};
use super::memo::Remembered;
use super::num::Num;
use super::text::Text;
use super::ty::Ty;
use super::value::{ClosureValue, FunctionValue, Item, Value, VariantValue};
use crate::name::Name;
use crate::program::hir::{self, Expr, ExprKind, Member};
use crate::program::{FnDef, ModuleId, Owner};
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
            called_at: home,
            path: Text::default(),
            result: None,
            returns: Vec::new(),
            assumed: self.conditions.len(),
            sticky: Vec::new(),
            may_fail: false,
        });
        let result = code(self);
        self.frames.pop();
        result
    }

    pub fn eval_call(
        &mut self,
        callee: &Expr,
        args: &[Expr],
        expected: Option<Ty>,
        span: Span,
    ) -> Eval {
        let function = match &callee.kind {
            ExprKind::Path(path) => {
                self.expected = expected.clone();
                let function = self.eval_path(path);
                self.expected = None;
                function?
            }
            _ => self.eval(callee)?,
        };
        let pending = self.pending();
        let mut values = Vec::with_capacity(args.len());
        for (number, arg) in args.iter().enumerate() {
            self.expected = self.argument_type(&function, number, expected.as_ref());
            values.push(self.eval(arg)?);
        }
        if let Value::Function(function) = &function
            && let FunctionValue::TupleStruct(..) | FunctionValue::TupleVariant(..) = &**function
        {
            self.abandon(pending);
        }
        self.expected = expected;
        let outcome = self.call_value(&function, values, span);
        self.expected = None;
        outcome
    }

    /// The type that an argument is to have.
    fn argument_type(
        &mut self,
        function: &Value,
        number: usize,
        expected: Option<&Ty>,
    ) -> Option<Ty> {
        let Value::Function(function) = function else {
            return None;
        };
        match (&**function, expected) {
            (FunctionValue::Ok, expected) => expected.cloned(),
            (FunctionValue::Some, Some(Ty::Option(inner))) => Some((**inner).clone()),
            (FunctionValue::Foreign { path, .. }, expected)
                if path
                    .iter()
                    .any(|name| ["Box", "Rc", "Arc"].contains(&name.as_str())) =>
            {
                expected.cloned()
            }
            (
                FunctionValue::Own {
                    function, self_ty, ..
                },
                _,
            ) => {
                let number = number.checked_sub(usize::from(function.func.has_self))?;
                let written = function.func.params.get(number)?.ty.clone();
                let known = self.resolve_ty_in(&written, function.module, &[], self_ty.as_ref());
                (known != Ty::Unknown).then_some(known)
            }
            (FunctionValue::TupleStruct(def, generics), _) => {
                let hir::Fields::Tuple(fields) = &def.item.fields else {
                    return None;
                };
                let written = fields.get(number)?.ty.clone();
                Some(self.resolve_ty_in(&written, def.module, generics, None))
            }
            (FunctionValue::TupleVariant(def, variant), _) => {
                let hir::Fields::Tuple(fields) = &def.item.variants[*variant].fields else {
                    return None;
                };
                let written = fields.get(number)?.ty.clone();
                Some(self.resolve_ty_in(&written, def.module, &[], None))
            }
            _ => None,
        }
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
            FunctionValue::Ok => Ok(Value::ok(args.into_iter().next().unwrap_or(Value::Unit))),
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
                let (pending, params) = (machine.pending(), machine.log.params.len());
                let mut args = args.into_iter();
                for pat in &body.params {
                    let value = args.next().unwrap_or_else(Value::unknown);
                    machine.bind_pattern(pat, &value);
                }
                let outcome = machine.eval(&body.body);
                machine.leave_frame(pending, params);
                machine.returned(outcome)
            },
        )
    }

    pub(super) fn same_home(&self, home: Span) -> usize {
        self.frames
            .iter()
            .filter(|frame| frame.home == home)
            .count()
    }

    /// What a function gives, its undecided early returns counted.
    fn returned(&mut self, outcome: Eval) -> Eval {
        let returns = std::mem::take(&mut self.frame_mut().returns);
        let last = match outcome {
            Ok(value) | Err(Exit::Return(value)) if value.is_err() && !returns.is_empty() => None,
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
        let endless = same >= MAX_IDLE_RECURSION
            && (!self.gets_anywhere(&args) || self.undecided_calls(function) > MAX_IDLE_RECURSION);
        if self.frames.len() > MAX_DEPTH || same > MAX_SAME_FUNCTION || endless || !self.burn_fuel()
        {
            self.lost_arguments(&args, span, "calls nest too deeply");
            return Ok(self.result_of(function, &generics, self_ty.as_ref()));
        }
        self.entered.insert(function.clone());
        for arg in &args {
            if let Value::Optimizer(id) = self.deref(arg) {
                self.log.given_optimizers.push((id, function.clone()));
            }
        }
        let wanted = self.expected.take();
        let mut bound = match &function.owner {
            Some(Owner::Impl(found)) => match &self_ty {
                Some(Ty::Struct(_, args) | Ty::Enum(_, args)) => {
                    let args = args.clone();
                    self.impl_generics(&found.item.generics, &found.item.self_ty, &args)
                }
                Some(Ty::Option(inner) | Ty::Vec(inner)) => {
                    let args = vec![(**inner).clone()];
                    self.impl_generics(&found.item.generics, &found.item.self_ty, &args)
                }
                Some(Ty::Tuple(parts, _)) => {
                    let parts = parts.clone();
                    self.impl_generics(&found.item.generics, &found.item.self_ty, &parts)
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        bound.extend(self.function_generics(function, &generics, &args, wanted.as_ref()));
        let function_scope = function.module;
        let first = match self.remembered(function, &bound, self_value.as_ref(), &args) {
            Remembered::Outcome(value) => return Ok(value),
            Remembered::First(first) => Some(first),
            Remembered::Not => None,
        };
        let definition = function.func.clone();
        let path = args.iter().find_map(|arg| match self.deref(arg) {
            Value::Builder(builder) => Some(builder.prefix.clone()),
            _ => None,
        });
        let prefix = path.unwrap_or_default();
        let path = prefix.clone();
        let params = self.log.params.len();
        let result = self.in_frame(
            function_scope,
            bound,
            self_ty,
            Some(function.clone()),
            body.span,
            |machine| {
                machine.frame_mut().path = path;
                machine.frame_mut().called_at = span;
                if definition.has_self {
                    let value = self_value.unwrap_or_else(|| {
                        Value::of_type(machine.frame().self_ty.clone().unwrap_or(Ty::Unknown))
                    });
                    machine.bind_name(Name::new("self"), value);
                }
                let mut args = args.into_iter();
                for (number, param) in definition.params.iter().enumerate() {
                    let ty = machine.resolve_ty(&param.ty);
                    let value = match args.next() {
                        Some(value) => {
                            let was_known = !matches!(&value, Value::Unknown(_));
                            let value = machine.expect_type(value, &ty);
                            if !was_known && matches!(value, Value::Builder(_)) {
                                // Where it leads is not known, nor what it holds.
                                machine.opaque(span, "a builder that is not known".into());
                            }
                            value
                        }
                        None => {
                            let place = format!("argument {}", number + 1);
                            let name = pattern_name(&param.pat).unwrap_or(&place);
                            machine.symbolic(&ty, Some(name))
                        }
                    };
                    machine.bind_pattern(&param.pat, &value);
                    machine.declare(pattern_name(&param.pat), &param.ty);
                }
                let (pending, params) = (machine.pending(), machine.log.params.len());
                let result = definition.ret.as_ref().map(|ret| machine.resolve_ty(ret));
                machine.frame_mut().result = result.clone();
                machine.expected = result;
                let outcome = machine.eval_block(body);
                machine.expected = None;
                machine.leave_frame(pending, params);
                let value = machine.returned(outcome)?;
                match &definition.ret {
                    Some(ret) => {
                        let ty = machine.resolve_ty(ret);
                        Ok(machine.expect_type(value, &ty))
                    }
                    None => Ok(value),
                }
            },
        );
        if let Some(first) = first {
            self.remember(*first, &result);
        }
        if let Ok(value) = &result
            && self.log.params.len() > params
            && !self.program.is_stub(function_scope)
        {
            self.log.constructions.push(Construction {
                function: function.clone(),
                params: params..self.log.params.len(),
                prefix,
                result: value.clone(),
            });
        }
        result
    }

    pub fn bind_name(&mut self, name: Name, value: Value) {
        let slot = self.allocate(value);
        self.frame_mut().variables.push((name, slot));
    }

    /// How often a function that is under way was called by itself where only a condition that is not known could have kept it from it.
    fn undecided_calls(&self, function: &FnDef) -> usize {
        let mut assumed = self.conditions.len();
        let mut calls = 0;
        for frame in self.frames.iter().rev() {
            if frame.function.as_ref() == Some(function) {
                calls += usize::from(frame.assumed < assumed);
                assumed = frame.assumed;
            }
        }
        calls
    }

    /// True if a call inside itself may be counted down by something that is known.
    fn gets_anywhere(&mut self, args: &[Value]) -> bool {
        args.iter().any(|arg| match self.deref(arg) {
            Value::Int(Num::Known(_)) => true,
            Value::List(list) => list.items.iter().all(|item| matches!(item, Item::One(_))),
            _ => false,
        })
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
