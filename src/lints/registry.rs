//! All lints, with the page that each carries as its doc comment.

use super::Level;

/// What belongs together when levels are set: `-W structure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// How a model is cut into modules.
    Structure,
    /// How parameters are divided into groups.
    Groups,
    /// How parameters are trained.
    Training,
}

impl Group {
    pub const ALL: [Group; 3] = [Group::Structure, Group::Groups, Group::Training];

    pub fn name(self) -> &'static str {
        match self {
            Group::Structure => "structure",
            Group::Groups => "groups",
            Group::Training => "training",
        }
    }
}

/// A lint as users know it.
#[derive(Debug)]
pub struct LintInfo {
    /// As in `allow(flat_sequential)`.
    pub name: &'static str,
    /// The level it has when nothing is set.
    pub level: Level,
    /// None for what concerns the linter's own comments; `all` holds it all the same.
    pub group: Option<Group>,
    /// The lint's own file, whose doc comment is the page.
    source: &'static str,
}

impl LintInfo {
    /// The manual page in Markdown: the doc comment of the lint's struct.
    pub fn page(&self) -> String {
        doc_comment_of_the_struct(self.source)
    }

    /// What the lint does, in one paragraph: the text under `## What it does`.
    pub fn summary(&self) -> String {
        self.page()
            .lines()
            .skip_while(|line| !line.starts_with("## What it does"))
            .skip(1)
            .skip_while(|line| line.is_empty())
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Every lint, in the order in which lists show them.
pub fn lints() -> &'static [LintInfo] {
    &LINTS
}

/// The lint of that name.
pub fn lint(name: &str) -> Option<&'static LintInfo> {
    LINTS.iter().find(|lint| lint.name == name)
}

static LINTS: [LintInfo; 4] = [
    LintInfo {
        name: "flat_sequential",
        level: Level::Warn,
        group: Some(Group::Structure),
        source: include_str!("flat_sequential.rs"),
    },
    LintInfo {
        name: "flat_struct",
        level: Level::Allow,
        group: Some(Group::Structure),
        source: include_str!("flat_struct.rs"),
    },
    LintInfo {
        name: "collapsed_fine_tune",
        level: Level::Warn,
        group: Some(Group::Structure),
        source: include_str!("collapsed_fine_tune.rs"),
    },
    LintInfo {
        name: "unused_suppression",
        level: Level::Warn,
        group: None,
        source: include_str!("unused_suppression.rs"),
    },
];

/// The `///` lines that stand directly above the first `pub struct`, without their slashes.
fn doc_comment_of_the_struct(source: &str) -> String {
    let mut page = Vec::new();
    for line in source.lines() {
        if line.starts_with("pub struct ") {
            break;
        }
        match line.strip_prefix("///") {
            Some(text) => page.push(text.strip_prefix(' ').unwrap_or(text)),
            None => page.clear(),
        }
    }
    page.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTIONS: [&str; 5] = [
        "## What it does",
        "## Why is this bad?",
        "## Example",
        "## When it stays silent",
        "## Fix",
    ];

    #[test]
    fn every_lint_has_a_page_with_all_sections_in_order() {
        for lint in lints() {
            let page = lint.page();
            let headings: Vec<&str> = page
                .lines()
                .filter(|line| line.starts_with("## "))
                .collect();
            assert_eq!(headings, SECTIONS, "the page of {}", lint.name);
        }
    }

    #[test]
    fn a_summary_is_the_first_paragraph() {
        for lint in lints() {
            let summary = lint.summary();
            assert!(
                summary.starts_with("Reports "),
                "{}: {summary:?}",
                lint.name
            );
        }
    }

    #[test]
    fn no_lint_is_named_like_a_group_or_another_lint() {
        for (place, lint) in lints().iter().enumerate() {
            assert!(Group::ALL.iter().all(|group| group.name() != lint.name));
            assert!(lints()[..place].iter().all(|other| other.name != lint.name));
        }
    }

    #[test]
    fn only_the_comment_on_the_struct_is_the_page() {
        let source = "//! Module.\n\n/// Of a function.\nfn f() {}\n\n/// Page.\n///\n/// More.\npub struct L;\n/// Later.\n";
        assert_eq!(doc_comment_of_the_struct(source), "Page.\n\nMore.\n");
    }
}
