//! The layers of each framework, as Rust text that the evaluator parses and runs: typeshed's way of telling a checker
//! about code it does not read. The text is never compiled.
//!
//! A stub says which parameters a constructor makes, with name, shape and order, and which argument decides whether
//! there is one. It has no `forward`: whatever a stub's struct forwards is an application of the layer. Builders, stores,
//! tensors and optimizers have a meaning of their own in the evaluator; stubs import them and do not define them.
//! Names and defaults are those of the newest version; where an older one differs, the item says so.

/// One part of a framework's crate.
#[derive(Clone, Copy, Debug)]
pub struct Stub {
    /// The crate as code calls it. Several parts may name the same: their items meet at its root.
    pub krate: &'static str,
    /// Rust source.
    pub text: &'static str,
}

/// All parts of all crates.
pub fn stubs() -> &'static [Stub] {
    STUBS
}

const fn stub(krate: &'static str, text: &'static str) -> Stub {
    Stub { krate, text }
}

const STUBS: &[Stub] = &[
    stub("burn", include_str!("burn.rs")),
    stub("burn_core", include_str!("burn_core.rs")),
    stub("burn_nn", include_str!("burn_nn/activation.rs")),
    stub("burn_nn", include_str!("burn_nn/activation_choice.rs")),
    stub("burn_nn", include_str!("burn_nn/activation_shapes.rs")),
    stub("burn_nn", include_str!("burn_nn/attention.rs")),
    stub("burn_nn", include_str!("burn_nn/conv.rs")),
    stub("burn_nn", include_str!("burn_nn/conv_transpose.rs")),
    stub("burn_nn", include_str!("burn_nn/dense.rs")),
    stub("burn_nn", include_str!("burn_nn/loss.rs")),
    stub("burn_nn", include_str!("burn_nn/lstm.rs")),
    stub("burn_nn", include_str!("burn_nn/norm.rs")),
    stub("burn_nn", include_str!("burn_nn/norm_choice.rs")),
    stub("burn_nn", include_str!("burn_nn/parameter_free.rs")),
    stub("burn_nn", include_str!("burn_nn/pool.rs")),
    stub("burn_nn", include_str!("burn_nn/rnn.rs")),
    stub("burn_nn", include_str!("burn_nn/transformer.rs")),
    stub("candle_core", include_str!("candle_core.rs")),
    stub("candle_nn", include_str!("candle_nn/conv.rs")),
    stub("candle_nn", include_str!("candle_nn/dense.rs")),
    stub("candle_nn", include_str!("candle_nn/norm.rs")),
    stub("candle_nn", include_str!("candle_nn/parameter_free.rs")),
    stub("candle_nn", include_str!("candle_nn/rnn.rs")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The items that a list of items defines, modules and impls entered.
    fn definitions(items: &[syn::Item], module: &str, found: &mut Vec<String>) {
        for item in items {
            let (kind, name) = match item {
                syn::Item::Struct(item) => ("type", item.ident.to_string()),
                syn::Item::Enum(item) => ("type", item.ident.to_string()),
                syn::Item::Trait(item) => ("type", item.ident.to_string()),
                syn::Item::Type(item) => ("type", item.ident.to_string()),
                syn::Item::Fn(item) => ("value", item.sig.ident.to_string()),
                syn::Item::Const(item) => ("value", item.ident.to_string()),
                syn::Item::Mod(item) => {
                    let inner = format!("{module}::{}", item.ident);
                    let (_, items) = item.content.as_ref().expect("a module is written inline");
                    definitions(items, &inner, found);
                    ("type", item.ident.to_string())
                }
                _ => continue,
            };
            found.push(format!("{kind} {module}::{name}"));
        }
    }

    fn parsed(stub: &Stub) -> syn::File {
        match syn::parse_file(stub.text) {
            Ok(file) => file,
            Err(error) => panic!(
                "a stub of {} at line {}: {error}",
                stub.krate,
                error.span().start().line
            ),
        }
    }

    #[test]
    fn every_stub_parses() {
        for stub in stubs() {
            assert!(
                !parsed(stub).items.is_empty(),
                "a stub of {} has no items",
                stub.krate
            );
        }
    }

    #[test]
    fn no_item_is_defined_twice() {
        let mut found = Vec::new();
        for stub in stubs() {
            definitions(&parsed(stub).items, stub.krate, &mut found);
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &found {
            *counts.entry(name).or_default() += 1;
        }
        let twice: Vec<&str> = counts
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .map(|(name, _)| name)
            .collect();
        assert_eq!(twice, Vec::<&str>::new());
    }
}
