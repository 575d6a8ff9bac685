//! Method calls: which code a receiver's type sends them to.

use std::rc::Rc;

use super::attempt::survives;
use super::machine::{Eval, Exit, Machine};
use super::ty::Ty;
use super::value::{Item, List, Value};
use crate::name::Name;
use crate::program::hir::{ExprKind, GenericArg, MethodCall};
use crate::program::{AdtRef, FnDef};
use crate::source::Span;

/// Alternatives inside of alternatives' methods.
const MAX_ALTERNATIVES_UNDER_WAY: usize = 24;

/// Methods whose receiver is of the type that they give, or a `Result` or `Option` of it.
const KEEPS_TYPE: &[&str] = &[
    "unwrap",
    "expect",
    "map_err",
    "context",
    "with_context",
    "clone",
    "unwrap_or",
    "unwrap_or_else",
    "unwrap_or_default",
    "ok",
    "or_else",
];

impl<'p> Machine<'p> {
    pub fn new_list(&mut self, items: Vec<Item>, span: Span) -> Value {
        let id = Some(self.fresh_module());
        let born_under = self.loops.len();
        let value = Value::List(Rc::new(List {
            items,
            span: Some(span),
            id,
            born_under,
            unordered: false,
        }));
        if let Some(id) = id {
            self.module_built(id, &value, span);
        }
        value
    }

    pub fn eval_method_call(
        &mut self,
        call: &MethodCall,
        expected: Option<Ty>,
        span: Span,
    ) -> Eval {
        let method = call.method.name.as_str();
        if let Some(place) = self.borrowed_place(call)? {
            let held = self.read_place(&place);
            if call.method.name != "as_mut" || !matches!(self.deref(&held), Value::Opt(_)) {
                return Ok(Value::Ref(Rc::new(place)));
            }
        }
        let pending = self.pending();
        let place = self.place_of(&call.receiver)?;
        let receiver = match &place {
            Some(place) => {
                self.recall(place.slot);
                self.read_place(place)
            }
            None => {
                if KEEPS_TYPE.contains(&method) {
                    self.expected = expected.clone();
                }
                self.eval(&call.receiver)?
            }
        };
        if self.is_pending_since(pending) && !matches!(receiver, Value::Opt(_)) {
            if method == "unwrap" || method == "expect" {
                self.settle(pending);
            } else if survives(method) {
                let attempts = self.take_pending(pending);
                let value = self.owned(&receiver);
                let args = self.eval_all(&call.args)?;
                return self.survive(method, &value, &args, attempts, span);
            }
        }
        let mut generics = Vec::new();
        for arg in &call.generics {
            match arg {
                GenericArg::Type(ty) => generics.push(self.resolve_ty(ty)),
                GenericArg::Const(expr) => {
                    let value = self.eval(expr)?;
                    generics.push(Ty::Const(self.number(&value)));
                }
                GenericArg::Assoc(..) => {}
            }
        }
        let place = match (place, &receiver) {
            (None, Value::Ref(place)) => Some((**place).clone()),
            (place, _) => place,
        };
        if generics.is_empty() && matches!(method, "collect" | "parse" | "sum" | "product") {
            generics.extend(expected.clone());
        }
        let receiver_value = self.deref(&receiver);
        if let Some(place) = &place
            && let Some(outcome) = self.mutate(place, &receiver_value, call, span)
        {
            // `layers.push(request)`: the list holds the `Result`.
            self.keep_pending(pending, place.slot);
            return outcome;
        }
        let args = self.eval_all(&call.args)?;
        // Of an array, `map` gives an array, and does not wait.
        if let (ExprKind::Array { .. } | ExprKind::Repeat { .. }, "map") =
            (&call.receiver.kind, method)
        {
            let mapped = self.call_method(&receiver, call.method.name, &generics, args, span)?;
            return self.forced(&mapped, span);
        }
        if let ("into" | "try_into", Some(wanted)) = (method, &expected)
            && let Some(converted) = self.converted(&receiver_value, method, wanted, span)
        {
            return converted;
        }
        if let Value::Int(_) = &receiver_value {
            self.receiver_limits = self.limits_of(&call.receiver);
        }
        // The receiver may have been changed by its own arguments.
        let receiver = match &place {
            Some(place) => Value::Ref(Rc::new(place.clone())),
            None => receiver,
        };
        let result = self.call_method_at(
            &receiver,
            call.method.name,
            &generics,
            args,
            &call.args.iter().map(|arg| arg.span).collect::<Vec<_>>(),
            span,
        )?;
        Ok(self.with_method_step(call, span, result))
    }

    pub fn call_method(
        &mut self,
        receiver: &Value,
        method: Name,
        generics: &[Ty],
        args: Vec<Value>,
        span: Span,
    ) -> Eval {
        let spans = vec![span; args.len()];
        self.call_method_at(receiver, method, generics, args, &spans, span)
    }

    fn call_method_at(
        &mut self,
        receiver: &Value,
        method: Name,
        generics: &[Ty],
        args: Vec<Value>,
        spans: &[Span],
        span: Span,
    ) -> Eval {
        if ["clone", "borrow", "as_ref", "to_owned"].contains(&method.as_str())
            && let Value::Ref(place) = receiver
            && self.cells.contains(&place.slot)
            && place.projections.is_empty()
        {
            return Ok(receiver.clone());
        }
        let value = self.deref(receiver);
        if let Value::Alt(values) = &value {
            return self.call_on_alternatives(values, method, generics, &args, spans, span);
        }
        if let Value::Ok(_) | Value::Err(_) = &value {
            return match (
                self.std_method(&value, method, generics, &args, span),
                &value,
            ) {
                (Some(outcome), _) => outcome,
                (None, value) => {
                    match self.result_extension(value, method, generics, &args, span) {
                        Some(outcome) => outcome,
                        None => match value {
                            Value::Ok(inner) => {
                                self.call_method_at(inner, method, generics, args, spans, span)
                            }
                            _ => Err(Exit::Never),
                        },
                    }
                }
            };
        }
        if let Some(applied) = self.applied(&value, method, &args, span) {
            return applied;
        }
        if let Some(outcome) = self.call_own_method(receiver, &value, method, generics, &args, span)
        {
            return outcome;
        }
        if let Some(outcome) = self.framework_method(&value, method, generics, &args, spans, span) {
            return outcome;
        }
        if let Some(outcome) = self.std_method(&value, method, generics, &args, span) {
            return outcome;
        }
        if let Some(outcome) = self.derived_method(&value, method, &args) {
            return outcome;
        }
        if let Some(outcome) =
            self.extension_method(receiver, &value, method, generics, &args, span)
        {
            return outcome;
        }
        self.forget(receiver);
        self.unknown_method(&value, method, args, span)
    }

    fn call_on_alternatives(
        &mut self,
        values: &[Value],
        method: Name,
        generics: &[Ty],
        args: &[Value],
        spans: &[Span],
        span: Span,
    ) -> Eval {
        // `is_some`, `unwrap_or` and the like see all alternatives at once.
        if let Some(outcome) = self.option_of_alternatives(values, method) {
            return outcome;
        }
        if self.alternatives_under_way > MAX_ALTERNATIVES_UNDER_WAY {
            self.lost_arguments(args, span, "alternatives that nest too deeply");
            return Ok(Value::unknown());
        }
        self.alternatives_under_way += 1;
        let arms = values
            .iter()
            .map(|value| {
                let args = args.to_vec();
                let code = move |machine: &mut Machine<'p>| {
                    machine.call_method_at(value, method, generics, args, spans, span)
                };
                (
                    None,
                    Box::new(code) as Box<dyn FnOnce(&mut Machine<'p>) -> Eval + '_>,
                )
            })
            .collect();
        let outcome = self.branch(arms);
        self.alternatives_under_way -= 1;
        outcome
    }

    /// A method of an own type, or of a framework's type whose source or stub is there.
    fn call_own_method(
        &mut self,
        receiver: &Value,
        value: &Value,
        method: Name,
        generics: &[Ty],
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let ty = self.ty_of(value);
        let (adt, type_args) = match &ty {
            Ty::Struct(def, args) => (AdtRef::Struct(def.clone()), args.clone()),
            Ty::Enum(def, args) => (AdtRef::Enum(def.clone()), args.clone()),
            Ty::Bounded(traits) => {
                return self.call_bounded(receiver, traits, method, generics, args, span);
            }
            _ => return None,
        };
        let found = self.program.associated_fns(&adt, method, self.scope());
        if let Some(function) = found.into_iter().find(|function| function.func.has_self) {
            let generics = written_generics(&function, generics);
            let self_ty = Ty::from_adt(&adt, &type_args);
            let receiver = self.self_argument(receiver, value);
            return Some(self.call_own(
                &function,
                generics,
                Some(self_ty),
                Some(receiver),
                args.to_vec(),
                span,
            ));
        }
        // `Deref`: the one field that has the method.
        if let Value::Struct(fields) = value
            && self.has_deref(&fields.def)
            && let Some(inner) = deref_target(fields)
        {
            return Some(self.call_method(&inner, method, generics, args.to_vec(), span));
        }
        // A field that holds a function is called as `(self.f)(x)`, never so; what is left is foreign.
        None
    }

    fn self_argument(&mut self, receiver: &Value, value: &Value) -> Value {
        match receiver {
            Value::Ref(_) => receiver.clone(),
            _ => value.clone(),
        }
    }

    /// A default method of a trait that a value of unknown type implements.
    fn call_bounded(
        &mut self,
        receiver: &Value,
        traits: &[crate::program::Def<crate::program::hir::Trait>],
        method: Name,
        generics: &[Ty],
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let (def, function) = traits.iter().find_map(|def| {
            let function = def
                .item
                .functions
                .iter()
                .find(|function| function.name.name == method)?;
            Some((def.clone(), function.clone()))
        })?;
        let function = FnDef {
            func: function,
            module: def.module,
            owner: Some(crate::program::Owner::Trait(def)),
        };
        let generics = written_generics(&function, generics);
        Some(self.call_own(
            &function,
            generics,
            None,
            Some(receiver.clone()),
            args.to_vec(),
            span,
        ))
    }

    /// A method that a trait gives to `Result`.
    fn result_extension(
        &mut self,
        value: &Value,
        method: Name,
        generics: &[Ty],
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let from = self.scope();
        let function = self
            .program
            .fns_given_by_name(Name::new("Result"), method, from)
            .into_iter()
            .find(|function| function.func.has_self)?;
        let generics = written_generics(&function, generics);
        Some(self.call_own(
            &function,
            generics,
            None,
            Some(value.clone()),
            args.to_vec(),
            span,
        ))
    }

    /// A method of an own trait that is implemented for a foreign type.
    fn extension_method(
        &mut self,
        receiver: &Value,
        value: &Value,
        method: Name,
        generics: &[Ty],
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let ty = self.ty_of(value);
        let name = match (&ty, value) {
            (_, Value::Optimizer(id)) => {
                let optimizer = self.log.optimizers.iter().find(|event| event.id == *id);
                optimizer.map_or(Name::new(""), |event| Name::new(&event.kind))
            }
            (Ty::Foreign { name, .. }, _) => *name,
            (Ty::Vec(_), _) => Name::new("Vec"),
            (Ty::Option(_), _) => Name::new("Option"),
            (Ty::Text, _) => Name::new("String"),
            (Ty::Int, _) => Name::new("usize"),
            _ => Name::new(""),
        };
        let from = self.scope();
        let found = match ty.adt() {
            Some(adt) => self.program.extensions_of(&adt, method, from),
            None => self.program.external_type_fns(name, method, from),
        };
        let function = found.into_iter().find(|function| function.func.has_self);
        let Some(function) = function else {
            // A value stands for its own `Ok` too.
            return self.result_extension(receiver, method, generics, args, span);
        };
        let generics = written_generics(&function, generics);
        Some(self.call_own(
            &function,
            generics,
            Some(ty),
            Some(receiver.clone()),
            args.to_vec(),
            span,
        ))
    }

    fn unknown_method(
        &mut self,
        value: &Value,
        method: Name,
        args: Vec<Value>,
        span: Span,
    ) -> Eval {
        if self.can_make_parameters(value) || matches!(value, Value::Store(_)) {
            self.opaque(span, format!("`{method}` is not known"));
        }
        self.lost_arguments(&args, span, &format!("`{method}`, which is not known"));
        if [
            "unwrap",
            "expect",
            "clone",
            "unwrap_or_default",
            "to_owned",
            "as_ref",
            "as_mut",
            "borrow",
            "into",
            "iter",
            "lock",
            "context",
            "with_context",
            "map_err",
        ]
        .contains(&method.as_str())
        {
            return Ok(value.clone());
        }
        // A closure given to code that is not known is run once: what it does may happen.
        let closures: Vec<Value> = args
            .iter()
            .filter(|arg| matches!(arg, Value::Closure(_)))
            .cloned()
            .collect();
        for closure in closures {
            match self.call_value(&closure, Vec::new(), span) {
                Ok(_) | Err(Exit::Never) => {}
                Err(exit) => return Err(exit),
            }
        }
        let mut parts = vec![value];
        parts.extend(args.iter());
        Ok(self.mixed_flows(&parts).unwrap_or_else(Value::unknown))
    }
}

fn written_generics(function: &FnDef, written: &[Ty]) -> Vec<(Name, Ty)> {
    function
        .func
        .generics
        .params
        .iter()
        .zip(written)
        .map(|(param, ty)| (param.name, ty.clone()))
        .collect()
}

fn deref_target(fields: &super::value::StructValue) -> Option<Value> {
    fields
        .fields
        .iter()
        .map(|(_, value)| value)
        .find(|value| !matches!(value, Value::Int(_) | Value::Bool(_) | Value::Text(_)))
        .cloned()
}
