//! What can be told of a file without parsing it: its modules, its macros, its identifiers, how deep it nests.

use std::ops::Range;

use super::outline_reader::read;
use super::words::{WordKey, Words};

/// A file seen from afar.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// Every `mod` outside function bodies and `macro_rules!`, parents before children.
    pub modules: Vec<ModuleOutline>,
    pub macros: Vec<MacroOutline>,
    /// The bodies of functions outside other functions and macros, in order.
    pub bodies: Vec<BodyOutline>,
    pub words: Words,
    /// The identifiers of impl headers, and those that get another name by `use … as` or `type`.
    pub implemented: Words,
    /// A macro is called where items stand; it may make impls.
    pub calls_item_macros: bool,
    /// Some identifier is one of a framework's.
    pub mentions_framework: bool,
    /// The first place that nests deeper than can be parsed.
    pub too_deep: Option<usize>,
}

/// `mod name;` or `mod name { … }`.
#[derive(Clone, Debug)]
pub struct ModuleOutline {
    /// Place of the enclosing inline module in [`Outline::modules`].
    pub parent: Option<usize>,
    pub name: Range<usize>,
    pub inline: bool,
    /// From the first attribute to the last; empty if there is none.
    pub attributes: Range<usize>,
}

/// `macro_rules! name { … }`, wherever it stands.
#[derive(Clone, Debug)]
pub struct MacroOutline {
    pub name: Range<usize>,
    /// Between the delimiters.
    pub body: Range<usize>,
}

/// The body of a function.
#[derive(Clone, Debug)]
pub struct BodyOutline {
    /// Braces included.
    pub range: Range<usize>,
    /// Some word inside is one that begins an item.
    pub may_have_items: bool,
}

impl Outline {
    pub fn of(text: &str) -> Self {
        read(text)
    }

    /// True if an impl of the file may name it.
    pub fn may_implement(&self, word: WordKey) -> bool {
        let words = match self.calls_item_macros {
            true => &self.words,
            false => &self.implemented,
        };
        words.may_have_key(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(text: &str) -> Vec<String> {
        let outline = Outline::of(text);
        let path = |mut at: usize| {
            let mut path = Vec::new();
            loop {
                let module = &outline.modules[at];
                path.insert(0, &text[module.name.clone()]);
                match module.parent {
                    Some(parent) => at = parent,
                    None => return path.join("::"),
                }
            }
        };
        (0..outline.modules.len()).map(path).collect()
    }

    #[test]
    fn modules_are_found_with_the_inline_modules_around_them() {
        let text = "mod a; pub(crate) mod b { fn f() {} mod c; pub mod d { mod e; } } mod f;";
        assert_eq!(modules(text), ["a", "b", "b::c", "b::d", "b::d::e", "f"]);
    }

    #[test]
    fn modules_in_comments_strings_bodies_and_macro_definitions_are_none() {
        let text = r#"// mod a;
            const S: &str = "mod b;"; fn f() { mod c {} let modulo = 1; }
            macro_rules! m { () => { mod d; mod e {} } } struct S; impl S { fn g() {} } mod z;"#;
        assert_eq!(modules(text), ["z"]);
    }

    #[test]
    fn modules_in_a_macro_call_count() {
        let text = "cfg_if! { if #[cfg(unix)] { mod a; } else { mod b { mod c; } } } mod d;";
        assert_eq!(modules(text), ["a", "b", "b::c", "d"]);
    }

    #[test]
    fn words_of_impl_headers_are_told_from_others() {
        let outline = Outline::of(
            "use a::{Renamed as N, Plain}; type Alias = Aliased<P>; struct Own { field: Field }
             impl<T: Bound> Trait<Arg> for Own<T> where T: Where { fn f(x: Param) -> Ret { Body::new() } }",
        );
        let may = |word| outline.may_implement(WordKey::of(word));
        assert!(
            [
                "Renamed", "Aliased", "Bound", "Trait", "Arg", "Own", "Where"
            ]
            .map(may)
                == [true; 7]
        );
        assert!(["Plain", "Field", "Param", "Ret", "Body"].map(may) == [false; 5]);
        let calls = Outline::of("make! { Made }");
        assert!(calls.may_implement(WordKey::of("Made")));
    }

    #[test]
    fn attributes_of_a_module_are_kept() {
        let text = "#[x] fn f() {} #[cfg(test)] #[path = \"t.rs\"] pub(in crate::a) mod t;";
        let outline = Outline::of(text);
        assert_eq!(
            &text[outline.modules[0].attributes.clone()],
            "#[cfg(test)] #[path = \"t.rs\"]"
        );
    }

    #[test]
    fn macro_definitions_are_found_with_their_bodies() {
        let text = "fn f() { macro_rules! inner { (()) => { [] }; } } macro_rules! m(() => ());";
        let outline = Outline::of(text);
        let macros: Vec<_> = outline
            .macros
            .iter()
            .map(|found| (&text[found.name.clone()], text[found.body.clone()].trim()))
            .collect();
        assert_eq!(macros, [("inner", "(()) => { [] };"), ("m", "() => ()")]);
    }

    fn bodies(text: &str) -> Vec<(&str, bool)> {
        let bodies = Outline::of(text).bodies.into_iter();
        bodies
            .map(|body| (&text[body.range], body.may_have_items))
            .collect()
    }

    #[test]
    fn bodies_of_outermost_functions_are_found() {
        let text = "fn a<const N: usize>(f: fn(A) -> B) -> C<{ N }> where D: Fn() -> E { f(); { } }
            impl F { fn g(&self) { fn h() { } } fn i(); } trait J { fn k() -> [L; 2] {} fn m(); }";
        assert_eq!(
            bodies(text),
            [
                ("{ f(); { } }", false),
                ("{ fn h() { } }", true),
                ("{}", false)
            ]
        );
    }

    #[test]
    fn what_looks_like_a_body_in_a_macro_is_none() {
        let text =
            "m! { fn a() {} } macro_rules! n { () => { fn b() {} } } impl C { o! { fn d() {} } }
            fn e() { p! { fn f() {} } macro_rules! q { () => {} } } fn g() {";
        assert_eq!(
            bodies(text),
            [("{ p! { fn f() {} } macro_rules! q { () => {} } }", true)]
        );
    }

    #[test]
    fn only_whole_words_of_a_framework_count() {
        assert!(!Outline::of("fn f() { match x { _ => batch(patch) } }").mentions_framework);
        assert!(!Outline::of("// tch::nn\nconst S: &str = \"candle_nn\";").mentions_framework);
        assert!(Outline::of("use tch::nn;").mentions_framework);
    }

    #[test]
    fn half_written_code_has_an_outline() {
        for text in [
            "mod",
            "mod a",
            "mod a {",
            "#[",
            "macro_rules! m",
            "macro_rules! m {",
            "}}} mod a;",
            "#![",
            "!{",
        ] {
            Outline::of(text);
        }
        assert_eq!(modules("}}} mod a;"), ["a"]);
    }
}
