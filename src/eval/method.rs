//! Method calls: which code a receiver's type sends them to.

use std::rc::Rc;

use super::machine::{Eval, Exit, Machine};
use super::ty::Ty;
use super::value::{FunctionValue, Item, List, Place, Value};
use crate::frameworks;
use crate::name::Name;
use crate::program::hir::{Fields, GenericArg, Member, MethodCall};
use crate::program::{AdtRef, FnDef};
use crate::source::Span;

/// Alternatives inside of alternatives' methods.
const MAX_ALTERNATIVES_UNDER_WAY: usize = 24;

impl<'p> Machine<'p> {
    pub fn new_list(&mut self, items: Vec<Item>, span: Span) -> Value {
        let id = Some(self.fresh_module());
        let born_under = self.loops.len();
        let value = Value::List(Rc::new(List {
            items,
            span: Some(span),
            id,
            born_under,
        }));
        if let Some(id) = id {
            self.module_built(id, &value, span);
        }
        value
    }

    pub fn eval_method_call(&mut self, call: &MethodCall, span: Span) -> Eval {
        let place = self.place_of(&call.receiver)?;
        let receiver = match &place {
            Some(place) => self.read_place(place),
            None => self.eval(&call.receiver)?,
        };
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
        let receiver_value = self.deref(&receiver);
        if let Some(place) = &place
            && let Some(outcome) = self.mutate(place, &receiver_value, call, span)
        {
            return outcome;
        }
        let args = self.eval_all(&call.args)?;
        // The receiver may have been changed by its own arguments.
        let receiver = match &place {
            Some(place) => Value::Ref(Rc::new(place.clone())),
            None => receiver,
        };
        self.call_method_at(
            &receiver,
            call.method.name,
            &generics,
            args,
            &call.args.iter().map(|arg| arg.span).collect::<Vec<_>>(),
            span,
        )
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
        let value = self.deref(receiver);
        if let Value::Alt(values) = &value {
            return self.call_on_alternatives(values, method, generics, &args, spans, span);
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
        if let Some(outcome) = self.std_method(&value, method, &args, span) {
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
        let found = self.program.associated_fns(&adt, method);
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
        let name = match &ty {
            Ty::Foreign { name, .. } => *name,
            Ty::Vec(_) => Name::new("Vec"),
            Ty::Option(_) => Name::new("Option"),
            Ty::Text => Name::new("String"),
            Ty::Int => Name::new("usize"),
            _ => Name::new(""),
        };
        let function = self
            .program
            .external_type_fns(name, method)
            .into_iter()
            .find(|function| function.func.has_self)?;
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
        if self.can_make_parameters(value) {
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

    /// Methods that change a list, a container or an option in place.
    fn mutate(
        &mut self,
        place: &Place,
        value: &Value,
        call: &MethodCall,
        span: Span,
    ) -> Option<Eval> {
        let method = call.method.name.as_str();
        match (value, method) {
            (
                Value::List(_),
                "push" | "push_back" | "insert" | "extend" | "extend_from_slice" | "append"
                | "clear" | "pop" | "remove" | "truncate" | "reverse" | "push_front"
                | "swap_remove" | "pop_front",
            ) => {}
            (Value::Opt(_), "insert" | "replace" | "take" | "get_or_insert_with") => {}
            (Value::Unknown(unknown), "push" | "push_back" | "extend")
                if matches!(unknown.ty, Ty::Vec(_)) => {}
            (Value::Text(_), "push_str" | "push" | "clear") => {}
            (Value::Container(_), "push") => {}
            _ => return None,
        }
        let args = match self.eval_all(&call.args) {
            Ok(args) => args,
            Err(exit) => return Some(Err(exit)),
        };
        // An argument may have changed the list itself.
        let value = self.read_place(place);
        let value = self.deref(&value);
        let (new, result) = self.mutated(&value, method, &args, span);
        if let Value::List(list) = &new
            && let Some(id) = list.id
        {
            self.module_built(id, &new, span);
        }
        self.write_place(place, new);
        Some(Ok(result))
    }

    fn mutated(
        &mut self,
        value: &Value,
        method: &str,
        args: &[Value],
        span: Span,
    ) -> (Value, Value) {
        let first = args
            .first()
            .map_or_else(Value::unknown, |arg| self.deref(arg));
        match value {
            Value::List(list) => {
                let mut items = list.items.clone();
                let mut result = Value::Unit;
                let mut new_span = list.span;
                match method {
                    "push" | "push_back" => {
                        let item = self.repeated_item(first, list.born_under);
                        if list.items.is_empty() {
                            new_span = Some(span);
                        }
                        items.push(item);
                    }
                    "push_front" => {
                        let item = self.repeated_item(first, list.born_under);
                        items.insert(0, item);
                    }
                    "insert" => {
                        let value = args
                            .get(1)
                            .map_or_else(Value::unknown, |arg| self.deref(arg));
                        let item = self.repeated_item(value, list.born_under);
                        let at = self
                            .number(&first)
                            .known()
                            .map_or(items.len(), |at| (at.max(0) as usize).min(items.len()));
                        items.insert(at, item);
                    }
                    "extend" | "append" | "extend_from_slice" => {
                        if list.items.is_empty() {
                            new_span = Some(span);
                        }
                        items.extend(
                            self.items(&first)
                                .unwrap_or_else(|| vec![Item::Maybe(Value::unknown())]),
                        );
                    }
                    "clear" => items.clear(),
                    "pop" => {
                        result = items
                            .pop()
                            .map_or(Value::Opt(None), |item| Value::some(item.value().clone()))
                    }
                    "pop_front" => {
                        result = if items.is_empty() {
                            Value::Opt(None)
                        } else {
                            Value::some(items.remove(0).value().clone())
                        };
                    }
                    "remove" | "swap_remove" => {
                        let at = self
                            .number(&first)
                            .known()
                            .and_then(|at| usize::try_from(at).ok())
                            .filter(|at| *at < items.len());
                        result = match at {
                            Some(at) => items.remove(at).value().clone(),
                            None => super::place::any_element(value),
                        };
                    }
                    "truncate" => {
                        if let Some(length) = self.number(&first).known() {
                            items.truncate(length.max(0) as usize);
                        }
                    }
                    "reverse" => items.reverse(),
                    _ => {}
                }
                (
                    Value::List(Rc::new(List {
                        items,
                        span: new_span,
                        ..(**list).clone()
                    })),
                    result,
                )
            }
            Value::Opt(old) => match method {
                "take" => (Value::Opt(None), value.clone()),
                "get_or_insert_with" if old.is_some() => (value.clone(), self.unwrapped(value)),
                _ => (Value::some(first.clone()), first),
            },
            Value::Text(text) => match method {
                "clear" => (Value::text(""), Value::Unit),
                _ => {
                    let piece = self.display(&first);
                    (Value::Text(text.joined("", &piece)), Value::Unit)
                }
            },
            Value::Container(container) => {
                let item = self.repeated_item(first, container.born_under);
                (
                    super::loops::with_item(container, item, span, span),
                    Value::Unit,
                )
            }
            other => (other.clone(), Value::Unit),
        }
    }

    /// Functions that a `#[derive]` writes, and builders in the style of burn's `Config`.
    fn derived_method(&mut self, value: &Value, method: Name, args: &[Value]) -> Option<Eval> {
        let Value::Struct(fields) = value else {
            return None;
        };
        if method == "clone" {
            return Some(Ok(self.cloned(value)));
        }
        let field = Name::new(method.strip_prefix("with_")?);
        let member = Member::Named(field);
        let is_config = fields.def.item.derives.iter().any(|name| *name == "Config");
        if !is_config || fields.field(member).is_none() {
            return None;
        }
        let mut new = (**fields).clone();
        let given = args.first().cloned().unwrap_or_else(Value::unknown);
        let declared = match &fields.def.item.fields {
            Fields::Named(fields) => fields
                .iter()
                .find(|field| field.member == member)
                .map(|field| field.ty.clone()),
            _ => None,
        };
        let given = match declared {
            Some(ty) => {
                let ty = self.resolve_ty_in(&ty, fields.def.module, &fields.generics.clone(), None);
                self.expect_type(given, &ty)
            }
            None => given,
        };
        new.fields
            .iter_mut()
            .filter(|(name, _)| *name == member)
            .for_each(|(_, value)| *value = given.clone());
        Some(Ok(Value::Struct(Rc::new(new))))
    }

    /// `Type::new` of burn's `#[derive(Config)]`, `Type::default` of `#[derive(Default)]`.
    pub fn derived_function(&mut self, adt: &AdtRef, ty: &Ty, name: Name) -> Option<Value> {
        let derives = match adt {
            AdtRef::Struct(def) => &def.item.derives,
            AdtRef::Enum(def) => &def.item.derives,
        };
        let derived = |wanted: &str| derives.iter().any(|name| *name == *wanted);
        let wanted = match name.as_str() {
            "new" if derived("Config") || derived("new") => "new",
            "default" if derived("Default") => "default",
            _ => return None,
        };
        Some(Value::Function(Rc::new(FunctionValue::Foreign {
            krate: Name::new("derive"),
            path: vec![Name::new(wanted)],
            generics: vec![ty.clone()],
        })))
    }

    /// Runs what a derive wrote.
    pub fn call_derived(&mut self, ty: &Ty, name: &str, args: Vec<Value>, span: Span) -> Eval {
        match ty {
            Ty::Struct(def, type_args) => {
                let generics = self.generics_of(&def.item.generics, type_args);
                let declared = match &def.item.fields {
                    Fields::Named(fields) | Fields::Tuple(fields) => fields.clone(),
                    Fields::Unit => Vec::new(),
                };
                let mut args = args.into_iter();
                let mut fields = Vec::new();
                for field in &declared {
                    let ty = self.resolve_ty_in(&field.ty, def.module, &generics, None);
                    let value = match (&field.default, name) {
                        (Some(default), "new") => self
                            .in_frame(
                                def.module,
                                generics.clone(),
                                None,
                                None,
                                default.span,
                                |machine| machine.eval(default),
                            )
                            .unwrap_or_else(|_| Value::unknown()),
                        (None, "new")
                            if matches!(ty, Ty::Option(_))
                                && def.item.derives.iter().any(|name| *name == "Config") =>
                        {
                            Value::Opt(None)
                        }
                        (None, "new") => args.next().unwrap_or_else(Value::unknown),
                        _ => self.default_of(&ty),
                    };
                    let value = self.expect_type(value, &ty);
                    fields.push((field.member, value));
                }
                Ok(self.build_struct(def.clone(), generics, fields, span))
            }
            Ty::Enum(def, _) => {
                let variant = def
                    .item
                    .variants
                    .iter()
                    .position(|variant| variant.is_default)
                    .unwrap_or(0);
                Ok(Value::Variant(Rc::new(super::value::VariantValue {
                    def: def.clone(),
                    variant,
                    fields: Vec::new(),
                    span,
                })))
            }
            _ => Ok(Value::unknown()),
        }
    }

    /// `Default::default()` for a type.
    pub fn default_of(&mut self, ty: &Ty) -> Value {
        match ty {
            Ty::Int => Value::known(0),
            Ty::Float => Value::Float(Some(0.0)),
            Ty::Bool => Value::Bool(super::value::Cond::Known(false)),
            Ty::Text => Value::text(""),
            Ty::Option(_) => Value::Opt(None),
            Ty::Vec(_) => Value::list(Vec::new()),
            Ty::Struct(..) | Ty::Enum(..) => {
                let span = self.frame().home;
                match self.associated(ty, &[Name::new("default")], &[], span) {
                    Ok(function) => self
                        .call_value(&function, Vec::new(), span)
                        .unwrap_or_else(|_| Value::unknown()),
                    Err(_) => Value::unknown(),
                }
            }
            Ty::Foreign { krate, name, .. } => frameworks::default_of(*krate, *name),
            _ => Value::of_type(ty.clone()),
        }
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
