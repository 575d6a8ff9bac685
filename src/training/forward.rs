//! Running a model's `forward` to see the way of data through its layers.

use std::collections::HashSet;
use std::rc::Rc;

use super::flow_graph::FlowGraph;
use crate::eval::{Flow, Machine, ModuleValueId, TensorValue, Ty, Value};
use crate::program::hir::{Type, TypeKind};
use crate::program::{AdtRef, FnDef};

/// The way of data through a value, by the method that takes tensors and gives one.
pub fn flow_through(machine: &mut Machine<'_>, value: &Value) -> FlowGraph {
    let parameterised = parameterised(value);
    let value = machine.deref(value);
    let adt = match &value {
        Value::Struct(fields) => AdtRef::Struct(fields.def.clone()),
        Value::Variant(fields) => AdtRef::Enum(fields.def.clone()),
        // What has no `forward` of its own is applied by the program itself.
        _ => return run_graph(machine, parameterised),
    };
    let mut best = FlowGraph::new(&[], parameterised.clone());
    let mut reached = 0;
    for method in candidates(machine, &adt) {
        let mark = machine.log.mark();
        let results = call(machine, &value, &method);
        machine.log.reset(mark);
        let graph = FlowGraph::new(&results, parameterised.clone());
        let count = graph.reached();
        if count > reached {
            reached = count;
            best = graph;
        }
    }
    if reached == 0 {
        run_graph(machine, parameterised)
    } else {
        best
    }
}

/// The applications that the program's run showed.
pub fn run_graph(machine: &Machine<'_>, parameterised: HashSet<ModuleValueId>) -> FlowGraph {
    let applied: Vec<Rc<Flow>> = machine
        .log
        .applications
        .iter()
        .map(|(flow, _)| flow.clone())
        .collect();
    FlowGraph::new(&applied, parameterised)
}

/// Methods that could be the forward pass: the framework's names first, then whatever takes and gives tensors.
fn candidates(machine: &mut Machine<'_>, adt: &AdtRef) -> Vec<FnDef> {
    let mut methods = machine.program.methods_of(adt);
    methods.retain(|method| {
        method.func.has_self
            && method.func.body.is_some()
            && method.func.params.iter().any(|param| is_tensor(&param.ty))
    });
    methods.sort_by_key(|method| {
        (
            !method.func.name.name.starts_with("forward"),
            method.func.span,
        )
    });
    methods.truncate(6);
    methods
}

fn is_tensor(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Ref(inner) => is_tensor(inner),
        TypeKind::Path(path) => path
            .segments
            .last()
            .is_some_and(|segment| segment.name == "Tensor"),
        _ => false,
    }
}

fn call(machine: &mut Machine<'_>, value: &Value, method: &FnDef) -> Vec<Rc<Flow>> {
    let mut number = 0;
    let args = method
        .func
        .params
        .iter()
        .map(|param| {
            if is_tensor(&param.ty) {
                number += 1;
                return Value::Tensor(Rc::new(TensorValue {
                    flow: Some(Rc::new(Flow::Input(number))),
                    ..TensorValue::default()
                }));
            }
            let ty = machine.resolve_ty_in(&param.ty, method.module, &[], None);
            machine.symbolic(&ty, None)
        })
        .collect();
    let self_ty: Ty = machine.ty_of(value);
    match machine.call_own(
        method,
        Vec::new(),
        Some(self_ty),
        Some(value.clone()),
        args,
        method.func.span,
    ) {
        Ok(result) => machine.flows_in(&result),
        Err(_) => Vec::new(),
    }
}

fn parameterised(value: &Value) -> HashSet<ModuleValueId> {
    let mut ids = HashSet::new();
    value.visit(&mut |part| match part {
        Value::Struct(fields) if !part.params().is_empty() => {
            ids.insert(fields.id);
        }
        Value::Container(container) if !part.params().is_empty() => {
            ids.insert(container.id);
        }
        _ => {}
    });
    ids
}
