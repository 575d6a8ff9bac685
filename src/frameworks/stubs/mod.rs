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

/// True for a module of a framework's crate that holds whole models instead of layers. Where the crate's source is at hand, such a module is
/// read there, in the version that the program has; its stub, if there is one, is for programs whose dependencies were never fetched.
pub fn is_read_from_source(krate: &str, module: &str) -> bool {
    MODELS_IN_FRAMEWORKS.contains(&(krate, module))
}

const MODELS_IN_FRAMEWORKS: &[(&str, &str)] = &[("tch", "vision")];

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
    stub("dfdx", include_str!("dfdx/configs.rs")),
    stub("dfdx", include_str!("dfdx/containers.rs")),
    stub("dfdx", include_str!("dfdx/dense.rs")),
    stub("dfdx", include_str!("dfdx/parameter_free.rs")),
    stub("dfdx", include_str!("dfdx/transformer.rs")),
    stub("tch", include_str!("tch/conv.rs")),
    stub("tch", include_str!("tch/dense.rs")),
    stub("tch", include_str!("tch/nn.rs")),
    stub("tch", include_str!("tch/norm.rs")),
    stub("tch", include_str!("tch/rnn.rs")),
    stub("tch", include_str!("tch/vision.rs")),
    stub("tch", include_str!("tch/vision_mobile.rs")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

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

    /// What the stubs define, as `crate::module::name`; types and values have names of their own.
    #[derive(Default)]
    struct Names {
        types: Vec<String>,
        values: Vec<String>,
        /// Names that `use` brings into a module, beside the path they come from.
        imports: Vec<(String, String)>,
    }

    impl Names {
        fn of_all_stubs() -> Names {
            let mut names = Names::default();
            for stub in stubs() {
                names.enter(&parsed(stub).items, stub.krate, stub.krate);
            }
            names
        }

        fn enter(&mut self, items: &[syn::Item], krate: &str, module: &str) {
            for item in items {
                match item {
                    syn::Item::Struct(item) => self.types.push(format!("{module}::{}", item.ident)),
                    syn::Item::Enum(item) => self.types.push(format!("{module}::{}", item.ident)),
                    syn::Item::Trait(item) => self.types.push(format!("{module}::{}", item.ident)),
                    syn::Item::Type(item) => self.types.push(format!("{module}::{}", item.ident)),
                    syn::Item::Fn(item) => {
                        self.values.push(format!("{module}::{}", item.sig.ident))
                    }
                    syn::Item::Const(item) => self.values.push(format!("{module}::{}", item.ident)),
                    syn::Item::Mod(item) => {
                        let inner = format!("{module}::{}", item.ident);
                        let (_, items) = item.content.as_ref().expect("a module is written inline");
                        self.enter(items, krate, &inner);
                        self.types.push(inner);
                    }
                    syn::Item::Use(item) => self.import(&item.tree, krate, module, ""),
                    _ => {}
                }
            }
        }

        fn import(&mut self, tree: &syn::UseTree, krate: &str, module: &str, prefix: &str) {
            match tree {
                syn::UseTree::Path(path) if prefix.is_empty() && path.ident == "crate" => {
                    self.import(&path.tree, krate, module, krate);
                }
                // What the evaluator knows itself stands in no stub: it is imported by the name of its crate.
                syn::UseTree::Path(path)
                    if prefix.is_empty()
                        && (path.ident == "std"
                            || stubs().iter().any(|stub| path.ident == stub.krate)) => {}
                syn::UseTree::Path(path) => {
                    let prefix = if prefix.is_empty() {
                        path.ident.to_string()
                    } else {
                        format!("{prefix}::{}", path.ident)
                    };
                    self.import(&path.tree, krate, module, &prefix);
                }
                syn::UseTree::Name(name) => {
                    self.imports.push((
                        format!("{module}::{}", name.ident),
                        format!("{prefix}::{}", name.ident),
                    ));
                }
                syn::UseTree::Group(group) => {
                    for tree in &group.items {
                        self.import(tree, krate, module, prefix);
                    }
                }
                syn::UseTree::Rename(_) | syn::UseTree::Glob(_) => {}
            }
        }
    }

    fn twice(names: &[String]) -> Vec<&String> {
        let mut seen = BTreeSet::new();
        names.iter().filter(|name| !seen.insert(*name)).collect()
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
        let names = Names::of_all_stubs();
        assert_eq!(twice(&names.types), Vec::<&String>::new());
        assert_eq!(twice(&names.values), Vec::<&String>::new());
    }

    #[test]
    fn what_a_stub_imports_from_its_own_crate_is_there() {
        let names = Names::of_all_stubs();
        let known: BTreeSet<&String> = names
            .types
            .iter()
            .chain(&names.values)
            .chain(names.imports.iter().map(|(name, _)| name))
            .collect();
        let missing: Vec<&str> = names
            .imports
            .iter()
            .filter(|(importer, path)| {
                let module = importer.rsplit_once("::").map_or("", |(module, _)| module);
                !known.contains(path) && !known.contains(&format!("{module}::{path}"))
            })
            .map(|(_, path)| path.as_str())
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
