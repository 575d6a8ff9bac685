//! A module with what is in it, as a tree without values.

use crate::eval::{Container, Item, Machine, ModuleValueId, ParamId, Text, Ty, Value};
use crate::frameworks::{self, Framework};
use crate::program::hir::{Fields, Member};
use crate::source::Span;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A framework's own layer, composites included.
    Layer,
    /// A struct or enum of the program.
    Own,
    /// A sequential container: its order is the order of application.
    Sequential,
    /// `Vec`, array or tuple: `forward` says in which order.
    List,
    /// A parameter that no layer holds.
    Parameter,
}

/// How many of a node there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    One,
    /// As many as a loop has rounds, which is not known.
    Uncounted,
    /// One or none.
    Maybe,
}

/// A module value and what it holds. Only what has parameters has a node.
#[derive(Clone, Debug)]
pub struct Node {
    pub id: Option<ModuleValueId>,
    /// The field or index in its parent.
    pub name: String,
    /// The type's name, `Linear`.
    pub ty: String,
    pub kind: Kind,
    pub count: Count,
    /// The expression that builds it.
    pub span: Span,
    /// Of an own type: its name in the definition.
    pub definition: Option<Span>,
    /// Of a container: the body that it was built in.
    pub home: Option<Span>,
    /// Of a container: the path that it was built on.
    pub path: Text,
    pub children: Vec<Node>,
    /// All parameters below, in order.
    pub params: Vec<ParamId>,
    /// It keeps a store or an optimizer besides: an agent rather than a model.
    pub is_agent: bool,
}

impl Node {
    /// True if it or something in it is the module.
    pub fn contains(&self, id: ModuleValueId) -> bool {
        self.id == Some(id) || self.children.iter().any(|child| child.contains(id))
    }

    /// How many layers, and parameters outside of layers, there are in it; of a loop whose rounds aren't counted, two of each.
    pub fn layers(&self) -> usize {
        let inside = match self.kind {
            Kind::Layer | Kind::Parameter => 1,
            _ => self.children.iter().map(Node::layers).sum(),
        };
        match self.count {
            Count::Uncounted => 2 * inside,
            Count::One | Count::Maybe => inside,
        }
    }
}

/// The node of a value; None if no parameter is in it.
pub fn node_of(machine: &mut Machine<'_>, name: &str, value: &Value, span: Span) -> Option<Node> {
    let value = machine.deref(value);
    let params = value.params();
    let mut node = Node {
        id: None,
        name: name.into(),
        ty: String::new(),
        kind: Kind::Own,
        count: Count::One,
        span,
        definition: None,
        home: None,
        path: Text::default(),
        children: Vec::new(),
        params,
        is_agent: false,
    };
    match &value {
        Value::Struct(fields) => {
            node.id = Some(fields.id);
            node.ty = fields.def.item.name.name.to_string();
            node.span = fields.span;
            // What a framework builds around modules of the program's choice is no layer: heads side by side, residuals.
            let is_generic = fields
                .generics
                .iter()
                .any(|(_, ty)| matches!(ty, Ty::Tuple(..) | Ty::Struct(..)));
            if machine.is_framework_layer(fields) && !is_generic {
                node.kind = Kind::Layer;
            } else {
                node.definition = Some(fields.def.item.name.span);
                if frameworks::is_sequential(&fields.def) {
                    node.kind = Kind::Sequential;
                    node.span = fields.def.item.name.span;
                }
                let beside = machine.is_framework_layer(fields)
                    && frameworks::has_modules_side_by_side(&fields.def);
                node.is_agent = fields
                    .fields
                    .iter()
                    .any(|(_, value)| matches!(value, Value::Store(_) | Value::Optimizer(_)));
                let skipped = skipped_fields(&fields.def.item.fields);
                for (member, value) in &fields.fields {
                    if skipped.contains(member) {
                        continue;
                    }
                    let child = node_of(machine, &member_name(*member), value, fields.span);
                    match child {
                        Some(child) if beside => node.children.extend(child.children),
                        child => node.children.extend(child),
                    }
                }
            }
        }
        Value::Variant(fields) => {
            node.ty = fields.def.item.name.name.to_string();
            node.span = fields.span;
            node.definition = Some(fields.def.item.name.span);
            for (member, value) in &fields.fields {
                node.children
                    .extend(node_of(machine, &member_name(*member), value, fields.span));
            }
        }
        Value::Container(container) => {
            node.id = Some(container.id);
            node.ty = "Sequential".into();
            node.kind = Kind::Sequential;
            node.home = Some(container.home);
            node.path = container.path.clone();
            node.span = container_span(container);
            for (index, item) in container.items.iter().enumerate() {
                node.children
                    .extend(counted(machine, index, &item.item, Some(item.span), span));
            }
        }
        Value::List(list) => {
            node.id = list.id;
            node.ty = "Vec".into();
            node.kind = Kind::List;
            node.span = list.span.unwrap_or(span);
            for (index, item) in list.items.iter().enumerate() {
                node.children
                    .extend(counted(machine, index, item, None, node.span));
            }
        }
        Value::Tuple(values) => {
            node.kind = Kind::List;
            node.ty = "tuple".into();
            for (index, value) in values.iter().enumerate() {
                node.children
                    .extend(node_of(machine, &index.to_string(), value, span));
            }
        }
        Value::Opt(Some(inner)) | Value::Ok(inner) => return node_of(machine, name, inner, span),
        Value::Alt(values) => {
            // One of several: the first with parameters stands for all.
            return values
                .iter()
                .find_map(|value| node_of(machine, name, value, span));
        }
        Value::Tensor(_) => {
            node.kind = Kind::Parameter;
            node.ty = "Tensor".into();
        }
        _ => return None,
    }
    (!node.params.is_empty()).then_some(node)
}

/// An element with how often it is there; in a chain, the argument of `add` is the place to point at.
fn counted(
    machine: &mut Machine<'_>,
    index: usize,
    item: &Item,
    place: Option<Span>,
    around: Span,
) -> Option<Node> {
    let mut node = node_of(
        machine,
        &index.to_string(),
        item.value(),
        place.unwrap_or(around),
    )?;
    node.count = match item {
        Item::One(_) => Count::One,
        Item::Repeat { .. } => Count::Uncounted,
        Item::Maybe(_) => Count::Maybe,
    };
    if let Some(place) = place
        && node.kind != Kind::Sequential
    {
        node.span = place;
    }
    Some(node)
}

/// The chain from `seq()` to its last `add`; of a loop, the `add`.
fn container_span(container: &Container) -> Span {
    let whole = container
        .items
        .iter()
        .map(|item| item.call)
        .filter(|call| call.contains(container.span))
        .max_by_key(|call| call.end - call.start);
    match (whole, container.items.first()) {
        (Some(whole), _) => whole,
        (None, Some(first)) => first.call,
        (None, None) => container.span,
    }
}

pub fn member_name(member: Member) -> String {
    match member {
        Member::Named(name) => name.to_string(),
        Member::Index(index) => index.to_string(),
    }
}

fn skipped_fields(fields: &Fields) -> Vec<Member> {
    match fields {
        Fields::Named(fields) | Fields::Tuple(fields) => fields
            .iter()
            .filter(|field| field.skip)
            .map(|field| field.member)
            .collect(),
        Fields::Unit => Vec::new(),
    }
}

/// The framework that a model is written for, by its layers.
pub fn framework_of(machine: &mut Machine<'_>, value: &Value) -> Option<Framework> {
    let mut found = None;
    let mut structs = Vec::new();
    value.visit(&mut |value| {
        if let Value::Struct(fields) = value {
            structs.push(fields.clone());
        }
    });
    for fields in structs {
        if found.is_none() {
            found = Framework::of_crate(machine.package_of(fields.def.module));
        }
    }
    found
}
