//! Statements, fields and items: what a suppression comment stands above.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::source::{Outline, TokenKind, Tokens, code_start, with_big_stack};

/// The byte ranges of all statements, fields and items, attributes included. Nothing if the text cannot be parsed.
pub(super) fn units(text: &str) -> Vec<Range<usize>> {
    let start = code_start(text);
    if Outline::of(text).too_deep.is_some() {
        return Vec::new();
    }
    with_big_stack(|| {
        let Ok(file) = syn::parse_file(&text[start..]) else {
            return Vec::new();
        };
        let mut collector = Collector {
            start,
            units: Vec::new(),
        };
        collector.visit_file(&file);
        collector.units
    })
}

struct Collector {
    /// Where the parsed text starts in the file.
    start: usize,
    units: Vec<Range<usize>>,
}

impl Collector {
    fn add(&mut self, node: &impl Spanned) {
        let range = node.span().byte_range();
        self.units
            .push(self.start + range.start..self.start + range.end);
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_stmt(&mut self, node: &'ast syn::Stmt) {
        self.add(node);
        visit::visit_stmt(self, node);
    }

    fn visit_item(&mut self, node: &'ast syn::Item) {
        self.add(node);
        visit::visit_item(self, node);
    }

    fn visit_impl_item(&mut self, node: &'ast syn::ImplItem) {
        self.add(node);
        visit::visit_impl_item(self, node);
    }

    fn visit_trait_item(&mut self, node: &'ast syn::TraitItem) {
        self.add(node);
        visit::visit_trait_item(self, node);
    }

    fn visit_field(&mut self, node: &'ast syn::Field) {
        self.add(node);
        visit::visit_field(self, node);
    }

    fn visit_field_value(&mut self, node: &'ast syn::FieldValue) {
        self.add(node);
        visit::visit_field_value(self, node);
    }

    fn visit_variant(&mut self, node: &'ast syn::Variant) {
        self.add(node);
        visit::visit_variant(self, node);
    }

    fn visit_arm(&mut self, node: &'ast syn::Arm) {
        self.add(node);
        visit::visit_arm(self, node);
    }
}

/// Where a unit's own text starts, behind its attributes and doc comments.
pub(super) fn behind_attributes(text: &str, unit: &Range<usize>) -> usize {
    let mut depth = 0usize;
    let mut in_attribute = false;
    for token in Tokens::new(&text[unit.clone()]) {
        match token.kind {
            TokenKind::Comment => {}
            TokenKind::Punct(b'#') if depth == 0 => in_attribute = true,
            TokenKind::Open(_) if in_attribute => depth += 1,
            TokenKind::Close(_) if in_attribute => {
                depth -= 1;
                in_attribute = depth > 0;
            }
            _ if in_attribute => {}
            _ => return unit.start + token.start,
        }
    }
    unit.start
}
