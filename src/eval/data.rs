//! Data on its way through modules.

use std::rc::Rc;

use super::flow::Flow;
use super::machine::{Eval, Machine};
use super::value::{ModuleValueId, TensorValue, Value};
use crate::frameworks;
use crate::name::Name;
use crate::source::Span;

/// How deep data is looked for inside of values.
const MAX_VALUE_DEPTH: usize = 12;

/// What a framework's recurrent layer calls its way of being applied, beside `forward`.
const RECURRENT: &[&str] = &["seq", "seq_init", "step", "states_to_tensor"];

impl<'p> Machine<'p> {
    /// What `forward` and its kin do to a tensor whose way is followed. None: it is not such a call.
    pub fn applied(
        &mut self,
        value: &Value,
        method: Name,
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let name = method.as_str();
        let is_data =
            |value: &Value| matches!(value, Value::Tensor(tensor) if tensor.param.is_none());
        if !args
            .iter()
            .chain([value])
            .any(|arg| is_data(arg) || self.flow_of(arg).is_some())
        {
            return None;
        }
        if let Value::Tensor(tensor) = value {
            if matches!(name, "detach" | "no_grad" | "copy_detached") {
                if let Some(flow) = &tensor.flow {
                    self.log.detached.push(flow.clone());
                }
                return Some(Ok(Value::tensor()));
            }
            if tensor.flow.is_none() && !name.starts_with("apply") || frameworks::is_question(name)
            {
                return None;
            }
            if !matches!(name, "apply" | "apply_t" | "apply_opt" | "apply_opt_t") {
                // A method of the tensor itself.
                let mut parts = vec![value];
                parts.extend(args.iter());
                for arg in args {
                    if let Value::Closure(_) = self.deref(arg) {
                        let arg = arg.clone();
                        match self.call_value(&arg, vec![value.clone()], span) {
                            Ok(result) => return Some(Ok(result)),
                            Err(exit) => return Some(Err(exit)),
                        }
                    }
                }
                let name_is_own = !self
                    .program
                    .external_type_fns(Name::new("Tensor"), method, self.scope())
                    .is_empty();
                if name_is_own {
                    return None;
                }
                return Some(Ok(self.mixed_flows(&parts).unwrap_or_else(Value::tensor)));
            }
            let module = args.first().map(|arg| self.deref(arg))?;
            return Some(self.apply_module(&module, value.clone(), args, span));
        }
        let recurrent = RECURRENT.contains(&name)
            && matches!(value, Value::Struct(fields) if self.is_framework_layer(fields));
        if !name.trim_start_matches("try_").starts_with("forward") && name != "call" && !recurrent {
            return None;
        }
        match value {
            Value::Struct(fields)
                if self.is_framework_layer(fields) || frameworks::is_sequential(&fields.def) =>
            {
                Some(Ok(self.flow_through(fields.id, args, span)))
            }
            Value::Container(container) => Some(Ok(self.flow_through(container.id, args, span))),
            Value::Closure(_) | Value::Function(_) => {
                Some(self.call_value(value, args.to_vec(), span))
            }
            Value::Opt(Some(inner)) => {
                let inner = (**inner).clone();
                self.applied(&inner, method, args, span)
            }
            Value::Unknown(_) | Value::Opt(None) => Some(Ok(self
                .mixed_flows(&args.iter().collect::<Vec<_>>())
                .unwrap_or_else(Value::tensor))),
            _ => None,
        }
    }

    pub(super) fn apply_module(
        &mut self,
        module: &Value,
        input: Value,
        args: &[Value],
        span: Span,
    ) -> Eval {
        let mut rest: Vec<Value> = vec![input.clone()];
        rest.extend(args.iter().skip(1).cloned());
        match module {
            Value::Opt(None) => Ok(input),
            Value::Opt(Some(inner)) => self.apply_module(&inner.clone(), input, args, span),
            Value::Alt(values) => {
                // Where there may be a module, its way is the one to follow.
                let mut results = Vec::new();
                for value in values
                    .iter()
                    .filter(|value| !matches!(value, Value::Opt(None)))
                {
                    results.push(self.apply_module(value, input.clone(), args, span)?);
                }
                Ok(Value::one_of(results))
            }
            Value::Closure(_) | Value::Function(_) => self.call_value(module, rest, span),
            other => {
                let name = if args.len() > 1 {
                    "forward_t"
                } else {
                    "forward"
                };
                self.call_method(other, Name::new(name), &[], rest, span)
            }
        }
    }

    pub(super) fn flow_through(
        &mut self,
        module: ModuleValueId,
        args: &[Value],
        span: Span,
    ) -> Value {
        let inputs: Vec<Rc<Flow>> = args.iter().filter_map(|arg| self.flow_of(arg)).collect();
        let flow = Rc::new(Flow::Applied {
            module,
            span,
            inputs,
        });
        self.log.apply(flow.clone(), self.no_grad > 0);
        Value::Tensor(Rc::new(TensorValue {
            flow: Some(flow),
            ..TensorValue::default()
        }))
    }

    pub(super) fn flow_of(&mut self, value: &Value) -> Option<Rc<Flow>> {
        self.flow_at(value, 0)
    }

    pub(super) fn flow_at(&mut self, value: &Value, depth: usize) -> Option<Rc<Flow>> {
        // `&mut` can lead back to where it stands.
        if depth > MAX_VALUE_DEPTH {
            return None;
        }
        let depth = depth + 1;
        match self.deref(value) {
            Value::Tensor(tensor) => tensor.flow.clone(),
            Value::Tuple(values) | Value::Alt(values) => {
                values.iter().find_map(|value| self.flow_at(value, depth))
            }
            Value::Opt(Some(inner)) | Value::Ok(inner) => self.flow_at(&inner, depth),
            Value::List(list) => list
                .items
                .iter()
                .find_map(|item| self.flow_at(item.value(), depth)),
            Value::Struct(fields) => fields
                .fields
                .iter()
                .find_map(|(_, value)| self.flow_at(value, depth)),
            _ => None,
        }
    }

    /// What comes of several tensors: one of them if all came the same way, else all joined.
    pub fn mixed_flows(&mut self, values: &[&Value]) -> Option<Value> {
        let mut flows: Vec<Rc<Flow>> = Vec::new();
        for value in values {
            self.collect_flows(value, &mut flows, 0);
        }
        let flow = match flows.len() {
            0 => return None,
            1 => flows.remove(0),
            _ => Rc::new(Flow::Joined(flows)),
        };
        Some(Value::Tensor(Rc::new(TensorValue {
            flow: Some(flow),
            ..TensorValue::default()
        })))
    }

    /// The ways by which the tensors in a value came.
    pub fn flows_in(&mut self, value: &Value) -> Vec<Rc<Flow>> {
        let mut flows = Vec::new();
        self.collect_flows(value, &mut flows, 0);
        flows
    }

    pub(super) fn collect_flows(&mut self, value: &Value, flows: &mut Vec<Rc<Flow>>, depth: usize) {
        if depth > MAX_VALUE_DEPTH {
            return;
        }
        let depth = depth + 1;
        match self.deref(value) {
            Value::Tensor(tensor) => {
                if let Some(flow) = &tensor.flow
                    && !flows.iter().any(|known| Rc::ptr_eq(known, flow))
                {
                    flows.push(flow.clone());
                }
            }
            Value::Tuple(values) | Value::Alt(values) => values
                .iter()
                .for_each(|value| self.collect_flows(value, flows, depth)),
            Value::List(list) => list
                .items
                .iter()
                .for_each(|item| self.collect_flows(item.value(), flows, depth)),
            Value::Opt(Some(inner)) | Value::Ok(inner) => self.collect_flows(&inner, flows, depth),
            Value::Struct(fields) => fields
                .fields
                .iter()
                .for_each(|(_, value)| self.collect_flows(value, flows, depth)),
            Value::Variant(fields) => fields
                .fields
                .iter()
                .for_each(|(_, value)| self.collect_flows(value, flows, depth)),
            _ => {}
        }
    }
}
