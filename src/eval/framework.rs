//! Where the run meets a framework: calls and methods that it knows by itself.

use std::rc::Rc;

use super::log::ModuleEvent;
use super::machine::{Eval, Exit, Machine};
use super::num::Num;
use super::ty::Ty;
use super::value::{Container, Item, ModuleValueId, StructValue, Value};
use crate::frameworks::{self, Framework};
use crate::name::Name;
use crate::program::hir::{BinaryOp, Member};
use crate::source::Span;

impl<'p> Machine<'p> {
    pub fn call_foreign(
        &mut self,
        krate: Name,
        path: &[Name],
        generics: &[Ty],
        args: Vec<Value>,
        span: Span,
    ) -> Eval {
        if krate == "derive" {
            let name = path.last().map_or("", |name| name.as_str());
            let ty = generics.first().cloned().unwrap_or(Ty::Unknown);
            if let Some(built) = frameworks::built_by_trait(self, &ty, name, span) {
                return Ok(built);
            }
            if name == "new" || name == "default" {
                return self.call_derived(&ty, name, args, span);
            }
            self.lost_arguments(&args, span, &format!("`{name}`, which is not known"));
            return Ok(Value::unknown());
        }
        if krate == "std" {
            if let Some(outcome) = self.std_function(path, generics, &args, span) {
                return outcome;
            }
        } else if let Some(framework) = Framework::of_crate(krate)
            && let Some(outcome) = frameworks::call(self, framework, path, generics, &args, span)
        {
            return outcome;
        }
        let written: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
        let what = if krate == "std" {
            written.join("::")
        } else {
            format!("{krate}::{}", written.join("::"))
        };
        for arg in &args {
            if let Value::Closure(_) = arg {
                match self.call_value(arg, Vec::new(), span) {
                    Ok(_) | Err(Exit::Never) => {}
                    Err(exit) => return Err(exit),
                }
            }
        }
        self.lost_arguments(&args, span, &format!("`{what}`, whose source is not here"));
        Ok(self
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::unknown))
    }

    pub fn foreign_constant(&mut self, krate: Name, path: &[Name]) -> Option<Value> {
        frameworks::constant(krate, path)
    }

    pub fn framework_method(
        &mut self,
        value: &Value,
        method: Name,
        generics: &[Ty],
        args: &[Value],
        spans: &[Span],
        span: Span,
    ) -> Option<Eval> {
        frameworks::method(self, value, method, generics, args, spans, span)
    }

    pub fn framework_operator(
        &mut self,
        op: BinaryOp,
        left: &Value,
        right: &Value,
    ) -> Option<Value> {
        match (op, left) {
            (BinaryOp::Div, Value::Builder(builder)) => {
                let builder = builder.clone();
                Some(self.sub_builder(&builder, right))
            }
            (BinaryOp::Div, Value::Alt(values))
                if values
                    .iter()
                    .all(|value| matches!(value, Value::Builder(_))) =>
            {
                let paths = values
                    .iter()
                    .filter_map(|value| self.framework_operator(op, value, right));
                let paths: Vec<Value> = paths.collect();
                Some(Value::one_of(paths))
            }
            _ => {
                let flows = self.mixed_flows(&[left, right]);
                match (left, right) {
                    (Value::Tensor(_), _) | (_, Value::Tensor(_)) => {
                        Some(flows.unwrap_or_else(Value::tensor))
                    }
                    _ => None,
                }
            }
        }
    }

    /// A shape given as a number, tuple, array or list.
    pub fn shape_of(&mut self, value: &Value) -> Option<Vec<Num>> {
        match self.deref(value) {
            Value::Unit => Some(Vec::new()),
            Value::Int(num) => Some(vec![num]),
            Value::Tuple(values) => Some(values.iter().map(|value| self.number(value)).collect()),
            Value::List(list) => list
                .items
                .iter()
                .map(|item| match item {
                    Item::One(value) => Some(self.number(value)),
                    _ => None,
                })
                .collect(),
            Value::Unknown(unknown)
                if unknown.ty == Ty::Int || unknown.ty == Ty::Unknown && unknown.name.is_some() =>
            {
                Some(vec![self.number(value)])
            }
            _ => None,
        }
    }

    /// A value that may be a module came to be.
    pub fn module_built(&mut self, id: ModuleValueId, value: &Value, span: Span) {
        if let Value::Struct(fields) = value {
            for (member, value) in &fields.fields {
                if let (Value::Optimizer(optimizer), Member::Named(field)) = (value, member) {
                    self.log.optimizer_fields.push((*optimizer, *field));
                }
            }
        }
        let relevant = value.any(|part| {
            matches!(part, Value::Tensor(tensor) if tensor.param.is_some())
                || matches!(part, Value::Container(_))
        });
        if !relevant {
            return;
        }
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        self.log.tick();
        self.log.modules.push(ModuleEvent {
            id,
            value: value.clone(),
            span,
            function,
        });
    }

    /// The copy that `clone` makes: the same module for candle and tch, whose tensors are shared.
    pub fn cloned(&mut self, value: &Value) -> Value {
        value.clone()
    }

    pub fn new_container(&mut self, items: Vec<super::value::ContainerItem>, span: Span) -> Value {
        let id = self.fresh_module();
        let home = self.frame().home;
        let born_under = self.loops.len();
        let path = self.frame().path.clone();
        Value::Container(Rc::new(Container {
            id,
            items,
            span,
            home,
            path,
            born_under,
        }))
    }

    pub fn framework_symbol(
        &mut self,
        krate: Name,
        foreign: Name,
        name: Option<&str>,
    ) -> Option<Value> {
        frameworks::symbol(self, krate, foreign, name)
    }

    pub fn framework_member(&mut self, value: &Value, member: Member) -> Option<Value> {
        match (value, member) {
            // tch's `VarStore { variables_ }`, `Tensor.0`
            (Value::Store(_) | Value::Tensor(_) | Value::Builder(_), _) => Some(value.clone()),
            (Value::Container(container), Member::Index(index)) => container
                .items
                .get(index as usize)
                .map(|item| item.item.value().clone()),
            _ => None,
        }
    }

    pub fn is_framework_layer(&self, fields: &StructValue) -> bool {
        let krate = self.package_of(fields.def.module);
        Framework::of_crate(krate).is_some()
    }
}
