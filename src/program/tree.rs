//! The modules of a crate, found from the outlines of its files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rayon::prelude::*;
use syn::parse::Parser;

use super::cfg::{holds, parse_cfg};
use super::krate::CrateFile;
use super::module::{Content, Module};
use super::state::Program;
use super::types::{CrateId, ModuleId, SourceDiagnostic};
use crate::name::Name;
use crate::source::{FileId, SourceError, SourceFile, Span};

/// Modules inside modules; beyond it lies a loop of files that include each other.
const MAX_DEPTH: usize = 64;
/// Files of one crate.
const MAX_FILES: usize = 50_000;

/// Where a crate begins.
pub(super) struct Root<'p> {
    pub krate: CrateId,
    pub path: &'p Path,
    pub is_member: bool,
}

/// A file whose modules are still to be found.
struct Open {
    /// Place of the crate among the roots.
    place: usize,
    file: FileId,
    module: ModuleId,
    /// The files from the crate's root to this one.
    chain: Vec<FileId>,
}

/// Where a module's file was looked for.
struct NotFound {
    tried: PathBuf,
    is_optional: bool,
}

impl Program {
    /// The root module of each crate, and every file that `mod` declarations reach from it.
    pub(super) fn build_trees(&self, roots: &[Root]) -> Vec<(ModuleId, Vec<CrateFile>)> {
        let mut trees: Vec<(ModuleId, Vec<CrateFile>)> = Vec::with_capacity(roots.len());
        let mut open = Vec::new();
        for (place, root) in roots.iter().enumerate() {
            let (module, file) = self.add_root(root);
            trees.push((module, Vec::new()));
            open.extend(file.map(|file| Open {
                place,
                file,
                module,
                chain: vec![file],
            }));
        }
        while !open.is_empty() {
            // A dependency is loaded while others wait for it, and may not wait for them.
            if roots.iter().all(|root| root.is_member) {
                open.par_iter().for_each(|next| {
                    self.sources.get(next.file).outline();
                });
            }
            let mut found = Vec::new();
            for next in open {
                let files = &mut trees[next.place].1;
                files.push(CrateFile {
                    file: next.file,
                    source: self.sources.get(next.file),
                    module: next.module,
                    defs: OnceLock::new(),
                });
                if files.len() < MAX_FILES && next.chain.len() < MAX_DEPTH {
                    self.add_children(&roots[next.place], &next, &mut found);
                }
            }
            open = found;
        }
        trees
    }

    /// The root module, and its file if it can be read.
    fn add_root(&self, root: &Root) -> (ModuleId, Option<FileId>) {
        let folder = root.path.parent().unwrap_or(Path::new("")).to_path_buf();
        let name = Name::new("crate");
        let loaded = self.sources.load(root.path);
        if let (Err(error), true) = (&loaded, root.is_member) {
            self.report_unreadable(error);
        }
        let (file, content) = match loaded {
            Ok(file) => (file, Content::File),
            Err(_) => (self.sources.insert_unread(root.path), Content::Missing),
        };
        let is_read = matches!(content, Content::File);
        let module = new_module(root.krate, None, name, file, content, folder);
        (self.add_module(module), is_read.then_some(file))
    }

    fn add_children(&self, root: &Root, of: &Open, open: &mut Vec<Open>) {
        let krate = root.krate;
        let source = self.sources.get(of.file);
        let outline = source.outline();
        if outline.too_deep.is_some() {
            return;
        }
        let features = self.krate(krate).features.clone();
        let own_folder = source.path.parent().unwrap_or(Path::new(""));
        let mut ids: Vec<ModuleId> = Vec::with_capacity(outline.modules.len());
        let mut nth_of = HashMap::new();
        let mut children: HashMap<ModuleId, Vec<(Name, ModuleId)>> = HashMap::new();
        for found in &outline.modules {
            let name = Name::new(&source.text[found.name.clone()]);
            let parent = found.parent.map_or(of.module, |place| ids[place]);
            let parent_folder = self.module(parent).folder.clone();
            let attributes = &source.text[found.attributes.clone()];
            let path = Attributes::read(attributes, |cfg| holds(cfg, &features, true));
            let nth = nth_of.entry((parent, name)).or_insert(0usize);
            let id = if found.inline {
                let folder = match (&path.path, found.parent) {
                    (Some(path), None) => own_folder.join(path),
                    (Some(path), Some(_)) => parent_folder.join(path),
                    (None, _) => parent_folder.join(name.as_str()),
                };
                let content = Content::Inline { nth: *nth };
                self.add_module(new_module(
                    krate,
                    Some(parent),
                    name,
                    of.file,
                    content,
                    folder,
                ))
            } else {
                let base = match found.parent {
                    None => own_folder,
                    Some(_) => &parent_folder,
                };
                let written = path.path.as_deref().map(|path| base.join(path));
                let child = self.find_file(name, written, &parent_folder, path.is_conditional);
                match child {
                    Ok((file, folder)) if !of.chain.contains(&file) => {
                        let content = Content::File;
                        let module = new_module(krate, Some(parent), name, file, content, folder);
                        let id = self.add_module(module);
                        let chain = of.chain.iter().copied().chain([file]).collect();
                        open.push(Open {
                            place: of.place,
                            file,
                            module: id,
                            chain,
                        });
                        id
                    }
                    Ok((file, folder)) => {
                        let content = Content::Missing;
                        self.add_module(new_module(
                            krate,
                            Some(parent),
                            name,
                            file,
                            content,
                            folder,
                        ))
                    }
                    Err(missing) => {
                        if root.is_member && !missing.is_optional {
                            let span = Span {
                                file: of.file,
                                start: found.name.start as u32,
                                end: found.name.end as u32,
                            };
                            self.report_missing(&source, span, name, &missing.tried);
                        }
                        let content = Content::Missing;
                        let folder = parent_folder.clone();
                        self.add_module(new_module(
                            krate,
                            Some(parent),
                            name,
                            of.file,
                            content,
                            folder,
                        ))
                    }
                }
            };
            *nth += 1;
            ids.push(id);
            children.entry(parent).or_default().push((name, id));
        }
        for parent in ids.iter().copied().chain([of.module]) {
            let module = self.module(parent);
            if module.file == of.file && !matches!(module.content, Content::Missing) {
                let own = children.remove(&parent).unwrap_or_default();
                let _ = module.children.set(own);
            }
        }
    }

    /// The file of `mod name;`, and where the files of its own modules lie.
    fn find_file(
        &self,
        name: Name,
        written: Option<PathBuf>,
        folder: &Path,
        is_conditional: bool,
    ) -> Result<(FileId, PathBuf), NotFound> {
        let beside = folder.join(format!("{name}.rs"));
        let inside = folder.join(name.as_str());
        let candidates = match written {
            Some(path) => {
                let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
                vec![(path, folder)]
            }
            None => vec![(beside, inside.clone()), (inside.join("mod.rs"), inside)],
        };
        for (path, folder) in &candidates {
            match self.sources.load(path) {
                Ok(file) => return Ok((file, folder.clone())),
                Err(SourceError::Unreadable { .. }) if !path.exists() => {}
                Err(error) => {
                    self.report_unreadable(&error);
                    return Err(NotFound {
                        tried: path.clone(),
                        is_optional: true,
                    });
                }
            }
        }
        Err(NotFound {
            tried: candidates[0].0.clone(),
            is_optional: is_conditional,
        })
    }

    fn report_missing(&self, source: &SourceFile, span: Span, name: Name, tried: &Path) {
        self.report(SourceDiagnostic {
            path: source.path.clone(),
            span: Some(span),
            message: format!(
                "the file of module `{name}` is missing: {}",
                tried.display()
            ),
            help: "add the file or remove the `mod`; until then the module is taken as empty"
                .to_owned(),
        });
    }
}

pub(super) fn new_module(
    krate: CrateId,
    parent: Option<ModuleId>,
    name: Name,
    file: FileId,
    content: Content,
    folder: PathBuf,
) -> impl FnOnce(ModuleId) -> Module {
    move |id| Module {
        id,
        krate,
        parent,
        name,
        file,
        content,
        folder,
        children: OnceLock::new(),
        items: OnceLock::new(),
        scope: OnceLock::new(),
    }
}

/// What the attributes of a `mod` say about its file.
#[derive(Default)]
struct Attributes {
    path: Option<String>,
    /// It may be left out on purpose.
    is_conditional: bool,
}

impl Attributes {
    fn read(text: &str, is_built: impl Fn(&super::hir::Cfg) -> bool) -> Self {
        let mut found = Attributes::default();
        if !text.contains("cfg") && !text.contains("path") {
            return found;
        }
        let Ok(attributes) = syn::Attribute::parse_outer.parse_str(text) else {
            return found;
        };
        for attribute in &attributes {
            match &attribute.meta {
                syn::Meta::NameValue(pair) if pair.path.is_ident("path") => {
                    found.path = text_of(&pair.value).or(found.path);
                }
                syn::Meta::List(list) if list.path.is_ident("cfg") => found.is_conditional = true,
                syn::Meta::List(list) if list.path.is_ident("cfg_attr") => {
                    let parse = |input: syn::parse::ParseStream| {
                        let condition = input.parse::<syn::Meta>()?;
                        input.parse::<syn::Token![,]>()?;
                        Ok((condition, input.parse::<syn::MetaNameValue>()?))
                    };
                    if let Ok((condition, pair)) = parse.parse2(list.tokens.clone())
                        && pair.path.is_ident("path")
                        && is_built(&parse_cfg(quote::ToTokens::to_token_stream(&condition)))
                    {
                        found.path = text_of(&pair.value).or(found.path);
                    }
                }
                _ => {}
            }
        }
        found
    }
}

fn text_of(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}
