//! Flat blocks of a model: runs of layers in which each input is the output of the one before.

use std::collections::HashSet;

use super::flow_graph::FlowGraph;
use super::site::{Block, Layer, Part};
use crate::eval::{ModuleValueId, ParamId};
use crate::model::{Count, Kind, Node};

/// The module below which blocks are looked for: wrappers with one parameterised child are looked through.
pub fn looked_through(node: &Node) -> &Node {
    let mut node = node;
    while node.kind == Kind::Own {
        match node.children.as_slice() {
            [child]
                if matches!(child.kind, Kind::Own | Kind::Sequential | Kind::List)
                    && child.count == Count::One =>
            {
                node = child
            }
            _ => break,
        }
    }
    node
}

/// The flat blocks at the root and among its direct children; `flow` tells how `forward` applies them.
pub fn flat_blocks(root: &Node, flow: &FlowGraph, frozen: &HashSet<ModuleValueId>) -> Vec<Block> {
    let root = looked_through(root);
    if is_frozen(root, frozen) {
        return Vec::new();
    }
    match root.kind {
        Kind::Sequential | Kind::List => block_of(root, flow).into_iter().collect(),
        Kind::Own => {
            let mut lists: Vec<&Node> = Vec::new();
            let mut blocks = Vec::new();
            for child in &root.children {
                let child = if child.kind == Kind::Own {
                    looked_through(child)
                } else {
                    child
                };
                if is_frozen(child, frozen) {
                    continue;
                }
                match child.kind {
                    Kind::Sequential if !child.id.is_some_and(|id| flow.is_head(id)) => {
                        blocks.extend(sequential_block(child))
                    }
                    Kind::List => lists.push(child),
                    _ => {}
                }
            }
            blocks.extend(list_blocks(&lists, flow));
            blocks
        }
        Kind::Layer | Kind::Parameter => Vec::new(),
    }
}

/// True if data goes through it, or through all that is in it, only without gradient.
fn is_frozen(node: &Node, frozen: &HashSet<ModuleValueId>) -> bool {
    node.id.is_some_and(|id| frozen.contains(&id))
        || !node.children.is_empty()
            && node.kind != Kind::Layer
            && node.children.iter().all(|child| is_frozen(child, frozen))
}

fn block_of(node: &Node, flow: &FlowGraph) -> Option<Block> {
    match node.kind {
        Kind::Sequential => sequential_block(node),
        _ => list_blocks(&[node], flow).into_iter().next(),
    }
}

fn sequential_block(node: &Node) -> Option<Block> {
    let mut pieces = Vec::new();
    flatten(node, &mut pieces);
    let longest = runs(pieces)
        .into_iter()
        .max_by_key(|run| (run.iter().any(|layer| layer.uncounted), run.len()))?;
    let last = longest.last()?;
    let behind = node
        .params
        .iter()
        .skip_while(|param| !last.params.contains(param))
        .filter(|param| !last.params.contains(param));
    Some(Block {
        span: node.span,
        name: node.name.clone(),
        behind: behind.copied().collect(),
        layers: longest,
    })
}

/// A layer of a run, or what ends it.
enum Piece {
    Layer(Layer),
    Border,
}

fn flatten(node: &Node, pieces: &mut Vec<Piece>) {
    for child in &node.children {
        match child.kind {
            // A type of its own, or built by another function on a path of its own: a named module.
            Kind::Sequential
                if child.definition.is_some()
                    || child.home != node.home && child.path != node.path =>
            {
                pieces.push(Piece::Border)
            }
            Kind::Sequential | Kind::List => flatten(child, pieces),
            Kind::Layer => pieces.push(Piece::Layer(layer(child, child))),
            Kind::Own => match single_layer(child) {
                Some(inner) => pieces.push(Piece::Layer(layer(child, inner))),
                None => pieces.push(Piece::Border),
            },
            Kind::Parameter => pieces.push(Piece::Border),
        }
    }
}

fn runs(pieces: Vec<Piece>) -> Vec<Vec<Layer>> {
    let mut runs = vec![Vec::new()];
    for piece in pieces {
        match (piece, runs.last_mut()) {
            (Piece::Layer(layer), Some(run)) => run.push(layer),
            _ => runs.push(Vec::new()),
        }
    }
    runs
}

fn layer(place: &Node, layer: &Node) -> Layer {
    Layer {
        ty: layer.ty.clone(),
        span: place.span,
        uncounted: place.count == Count::Uncounted,
        params: place.params.clone(),
    }
}

/// The one layer of a module that holds exactly one.
pub fn single_layer(node: &Node) -> Option<&Node> {
    match (node.kind, node.children.as_slice()) {
        (Kind::Layer, _) => Some(node),
        (Kind::Own, [child]) if child.count == Count::One => single_layer(child),
        _ => None,
    }
}

/// Lists become blocks by the way data takes through their elements; lists interleaved in one loop are one block.
fn list_blocks(lists: &[&Node], flow: &FlowGraph) -> Vec<Block> {
    let mut members: Vec<(ModuleValueId, usize, Layer)> = Vec::new();
    for (number, list) in lists.iter().enumerate() {
        collect(list, number, &mut members);
    }
    let mut candidates: Vec<Vec<(usize, Layer)>> = Vec::new();
    for chain in flow.chains() {
        let mut run: Vec<(usize, Layer)> = Vec::new();
        let mut best: Vec<(usize, Layer)> = Vec::new();
        for id in chain {
            match members.iter().find(|(member, ..)| member == id) {
                // A head beside others begins here: its layers are not a trunk's.
                Some(_) if run.is_empty() && flow.is_head(*id) => break,
                Some((_, list, layer)) => run.push((*list, layer.clone())),
                None if flow.has_parameters(*id) => best = longer(best, std::mem::take(&mut run)),
                None => {}
            }
        }
        candidates.push(longer(best, run));
    }
    candidates.sort_by_key(|run| std::cmp::Reverse(weight(run)));
    let mut seen: HashSet<usize> = HashSet::new();
    let mut blocks = Vec::new();
    for run in candidates {
        let Some(first) = run.iter().map(|(list, _)| *list).min() else {
            continue;
        };
        if run.iter().any(|(list, _)| seen.contains(list)) {
            continue;
        }
        seen.extend(run.iter().map(|(list, _)| *list));
        blocks.push(Block {
            span: lists[first].span,
            name: lists[first].name.clone(),
            layers: run.into_iter().map(|(_, layer)| layer).collect(),
            behind: Vec::new(),
        });
    }
    blocks
}

fn longer(a: Vec<(usize, Layer)>, b: Vec<(usize, Layer)>) -> Vec<(usize, Layer)> {
    if weight(&b) > weight(&a) { b } else { a }
}

/// Runs of more layers weigh more, those of a number that is not known most.
fn weight(run: &[(usize, Layer)]) -> (bool, usize) {
    (run.iter().any(|(_, layer)| layer.uncounted), run.len())
}

fn collect(list: &Node, number: usize, members: &mut Vec<(ModuleValueId, usize, Layer)>) {
    for child in &list.children {
        match child.kind {
            Kind::List => collect(child, number, members),
            _ => {
                if let Some(inner) = single_layer(child)
                    && let Some(id) = inner.id
                {
                    members.push((id, number, layer(child, inner)));
                }
            }
        }
    }
}

/// The direct layers of a struct, if data goes through all of them in one unbranched chain from input to output.
pub fn struct_chain(root: &Node, flow: &FlowGraph) -> Option<Block> {
    let root = looked_through(root);
    let definition = root.definition?;
    if root.kind != Kind::Own
        || root
            .children
            .iter()
            .any(|child| child.count == Count::Maybe)
    {
        return None;
    }
    let mut layers = Vec::new();
    for child in &root.children {
        let inner = single_layer(child)?;
        layers.push((inner.id?, layer(child, inner)));
    }
    let path = flow.whole_chain()?;
    let mut passed: Vec<ModuleValueId> = path
        .iter()
        .copied()
        .filter(|id| flow.has_parameters(*id))
        .collect();
    // A recurrent layer reads the sequence, then makes data of its states: two calls of one layer.
    passed.dedup();
    let all = layers.iter().all(|(id, _)| passed.contains(id))
        && passed
            .iter()
            .all(|id| layers.iter().any(|(known, _)| known == id));
    let ordered: Vec<Layer> = passed
        .iter()
        .filter_map(|id| layers.iter().find(|(known, _)| known == id))
        .map(|(_, layer)| layer.clone())
        .collect();
    (all && ordered.len() == layers.len()).then(|| Block {
        span: definition,
        name: root.ty.clone(),
        layers: ordered,
        behind: Vec::new(),
    })
}

/// Adds to each block what lies behind it in the rest of the model.
pub fn find_behind(blocks: &mut [Block], root: &Node, flow: &FlowGraph) {
    let mut modules: Vec<(ModuleValueId, &[ParamId])> = Vec::new();
    collect_modules(root, &mut modules);
    for block in blocks {
        let own: HashSet<ParamId> = block
            .layers
            .iter()
            .flat_map(|layer| layer.params.iter().copied())
            .collect();
        let of_block: HashSet<ModuleValueId> = modules
            .iter()
            .filter(|(_, params)| params.iter().any(|param| own.contains(param)))
            .map(|(id, _)| *id)
            .collect();
        let behind = flow.behind(&of_block);
        for (id, params) in &modules {
            if behind.contains(id) && !of_block.contains(id) {
                let new = params.iter().filter(|param| !own.contains(param));
                for param in new {
                    if !block.behind.contains(param) {
                        block.behind.push(*param);
                    }
                }
            }
        }
    }
}

fn collect_modules<'n>(node: &'n Node, modules: &mut Vec<(ModuleValueId, &'n [ParamId])>) {
    modules.extend(node.id.map(|id| (id, node.params.as_slice())));
    for child in &node.children {
        collect_modules(child, modules);
    }
}

/// The modules right below the root, with when `forward` applies them.
pub fn parts(root: &Node, flow: &FlowGraph) -> Vec<Part> {
    let top = looked_through(root);
    let mut parts: Vec<Part> = top
        .children
        .iter()
        .enumerate()
        .map(|(index, child)| {
            let by_type =
                child.name.is_empty() || child.name.starts_with(|c: char| c.is_ascii_digit());
            let mut modules = Vec::new();
            collect_modules(child, &mut modules);
            let applied = modules
                .iter()
                .filter_map(|(id, _)| flow.last_application(*id));
            Part {
                name: if by_type { &child.ty } else { &child.name }.clone(),
                ty: child.ty.clone(),
                span: child.definition.unwrap_or(child.span),
                params: child.params.clone(),
                order: match top.kind {
                    Kind::Sequential => Some(index),
                    _ => applied.max(),
                },
                uncounted: child.count == Count::Uncounted,
            }
        })
        .collect();
    if parts.iter().all(|part| part.order.is_some()) {
        parts.sort_by_key(|part| part.order);
    }
    parts
}
