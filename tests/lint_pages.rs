//! The pages in `docs/lints` are those of the lints. `BLESS=1 cargo test --test lint_pages` writes them.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use modlint::lints::lints;

/// Every page by its file's name.
fn pages() -> BTreeMap<String, String> {
    let mut index = String::from("# The lints\n\n| lint | level | group |\n| --- | --- | --- |\n");
    let mut pages = BTreeMap::new();
    for lint in lints() {
        let (name, level) = (lint.name, lint.level.name());
        let group = lint.group.map_or("", |group| group.name());
        index.push_str(&format!("| [`{name}`]({name}.md) | {level} | {group} |\n"));
        let of_group = lint.group.map(|group| {
            let name = group.name();
            format!(", in the group `{name}`")
        });
        let page = format!(
            "# {name}\n\nLevel: {level}{}.\n\n{}",
            of_group.unwrap_or_default(),
            lint.page()
        );
        pages.insert(format!("{name}.md"), page);
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

#[test]
fn the_pages_on_disk_are_fresh() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/lints");
    if env::var_os("BLESS").is_some() {
        fs::create_dir_all(&folder).unwrap();
        for (name, page) in pages() {
            fs::write(folder.join(name), page).unwrap();
        }
    }
    let mut on_disk = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        on_disk.insert(name, fs::read_to_string(entry.path()).unwrap());
    }
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&on_disk), names(&pages()));
    for (name, page) in pages() {
        assert_eq!(
            on_disk[&name], page,
            "{name} is stale: run `BLESS=1 cargo test --test lint_pages`"
        );
    }
}
