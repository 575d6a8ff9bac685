//! The options as clap reads them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{
    ArgAction, ArgGroup, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand,
};
use clap::{ValueEnum, ValueHint};

use super::error::CliError;
use crate::config::{LevelFlag, Levels, Settings};
use crate::emit::{Colour, Format};
use crate::fix::Permissions;
use crate::lints::Level;
use crate::workspace::{Request, TargetKind};

/// Finds what collapses into one parameter group in burn, candle, tch and dfdx code.
///
/// The analysis always covers the whole workspace with all its targets; paths, packages and targets choose which findings are shown.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-modlint",
    bin_name = "cargo modlint",
    version,
    args_conflicts_with_subcommands = true
)]
pub(super) struct Options {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub lint: LintOptions,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows the module tree of models: parameter paths, shapes, groups
    Tree(TreeOptions),
    /// Shows the page of a lint
    Explain(ExplainOptions),
    /// Lists the lints with their levels
    Lints,
}

#[derive(Debug, Args)]
pub(super) struct LintOptions {
    #[command(flatten)]
    pub place: PlaceOptions,
    /// Files and folders to show findings of [default: the package or workspace around]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Show findings of the library only
    #[arg(long)]
    lib: bool,
    /// Show findings of binaries only
    #[arg(long)]
    bins: bool,
    /// Show findings of examples only
    #[arg(long)]
    examples: bool,
    /// Show findings of tests only
    #[arg(long)]
    tests: bool,
    /// Show findings of benches only
    #[arg(long)]
    benches: bool,
    #[command(flatten)]
    pub fix: FixOptions,
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
    /// Allow a lint or a group: structure, groups, training, all
    #[arg(short = 'A', long, value_name = "LINT", action = ArgAction::Append)]
    allow: Vec<String>,
    /// Warn of what a lint or a group finds
    #[arg(short = 'W', long, value_name = "LINT", action = ArgAction::Append)]
    warn: Vec<String>,
    /// Deny a lint or a group, or all `warnings`: exit with 1
    #[arg(short = 'D', long, value_name = "LINT", action = ArgAction::Append)]
    deny: Vec<String>,
    /// Set a value, such as min-layers=3
    #[arg(long, value_name = "KEY=VALUE", action = ArgAction::Append)]
    config: Vec<String>,
    /// When to colour the output
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// Whether findings are fixed, and how careful to be.
#[derive(Clone, Copy, Debug, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("edits").multiple(true)))]
pub(super) struct FixOptions {
    /// Apply the edits that are proved to be right, and show what is left
    #[arg(long, group = "edits")]
    pub fix: bool,
    /// Apply also edits that may have to be looked at
    #[arg(long, requires = "edits")]
    pub unsafe_fixes: bool,
    /// Print the edits as a patch and change nothing
    #[arg(long, group = "edits")]
    pub diff: bool,
    /// Fix even if files have changes that are not committed
    #[arg(long, requires = "fix")]
    allow_dirty: bool,
    /// Fix even if files have changes that are staged
    #[arg(long, requires = "fix")]
    allow_staged: bool,
    /// Fix even if the files are not under version control
    #[arg(long, requires = "fix")]
    allow_no_vcs: bool,
}

#[derive(Debug, Args)]
pub(super) struct TreeOptions {
    #[command(flatten)]
    pub place: PlaceOptions,
    /// The model to show, by its name or its constructor's path [default: all]
    pub model: Option<String>,
    /// Files and folders to look in [default: the package or workspace around]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// How trees are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub message_format: TreeFormat,
    /// Give a config field or an argument a value
    #[arg(long = "set", value_name = "NAME=VALUE", action = ArgAction::Append)]
    pub values: Vec<String>,
    /// Compare the model with a checkpoint
    #[arg(long, value_name = "FILE.safetensors", value_hint = ValueHint::FilePath)]
    pub check: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    /// The lint's name
    pub lint: String,
}

/// Where packages are looked for.
#[derive(Debug, Args)]
pub(super) struct PlaceOptions {
    /// Show only this package; can be given more than once
    #[arg(short, long = "package", value_name = "NAME", action = ArgAction::Append)]
    packages: Vec<String>,
    /// The Cargo.toml of the package or workspace
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    manifest_path: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum MessageFormat {
    /// Snippets with labels
    Human,
    /// One line a finding
    Short,
    /// Cargo's stream of JSON messages
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TreeFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// A command line with the order of its level flags, which clap keeps apart.
#[derive(Debug)]
pub(super) struct Parsed {
    pub options: Options,
    pub levels: Levels,
}

impl Parsed {
    /// Reads the arguments; cargo puts `modlint` before those of its subcommand.
    pub fn from(mut arguments: Vec<OsString>) -> Result<Self, CliError> {
        if arguments.get(1).is_some_and(|first| first == "modlint") {
            arguments.remove(1);
        }
        let matches = Options::command()
            .try_get_matches_from(arguments)
            .map_err(CliError::Arguments)?;
        let options = Options::from_arg_matches(&matches).map_err(CliError::Arguments)?;
        let levels = Levels::with_flags(&level_flags(&matches))?;
        Ok(Parsed { options, levels })
    }
}

/// `-A`, `-W` and `-D` in the order in which they were given.
fn level_flags(matches: &ArgMatches) -> Vec<LevelFlag> {
    let mut flags = Vec::new();
    let kinds = [
        ("allow", Level::Allow),
        ("warn", Level::Warn),
        ("deny", Level::Deny),
    ];
    for (id, level) in kinds {
        let places = matches.indices_of(id).into_iter().flatten();
        let names = matches.get_many::<String>(id).into_iter().flatten();
        flags.extend(places.zip(names).map(|(place, name)| {
            let name = name.clone();
            (place, LevelFlag { level, name })
        }));
    }
    flags.sort_by_key(|(place, _)| *place);
    flags.into_iter().map(|(_, flag)| flag).collect()
}

impl PlaceOptions {
    pub fn request(self, paths: Vec<PathBuf>, current_dir: PathBuf) -> Request {
        Request {
            current_dir,
            paths,
            manifest_path: self.manifest_path,
            packages: self.packages,
            ..Request::default()
        }
    }
}

impl FixOptions {
    /// Whether edits are wanted, written or shown.
    pub fn is_wanted(&self) -> bool {
        self.fix || self.diff
    }

    pub fn permissions(&self) -> Permissions {
        Permissions {
            dirty: self.allow_dirty,
            staged: self.allow_staged,
            no_vcs: self.allow_no_vcs,
        }
    }
}

impl LintOptions {
    pub fn settings(&self) -> Result<Settings, CliError> {
        let mut settings = Settings::default();
        for assignment in &self.config {
            settings.assign(assignment)?;
        }
        Ok(settings)
    }

    pub fn request(self, current_dir: PathBuf) -> Request {
        let kinds = [
            (self.lib, TargetKind::Lib),
            (self.bins, TargetKind::Bin),
            (self.examples, TargetKind::Example),
            (self.tests, TargetKind::Test),
            (self.benches, TargetKind::Bench),
        ];
        Request {
            kinds: kinds
                .into_iter()
                .filter(|(wanted, _)| *wanted)
                .map(|(_, kind)| kind)
                .collect(),
            ..self.place.request(self.paths, current_dir)
        }
    }
}

impl From<MessageFormat> for Format {
    fn from(format: MessageFormat) -> Self {
        match format {
            MessageFormat::Human => Format::Human,
            MessageFormat::Short => Format::Short,
            MessageFormat::Json => Format::Json,
        }
    }
}

impl From<ColorChoice> for Colour {
    fn from(choice: ColorChoice) -> Self {
        match choice {
            ColorChoice::Auto => Colour::Auto,
            ColorChoice::Always => Colour::Always,
            ColorChoice::Never => Colour::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Parsed {
        Parsed::from(arguments.iter().map(OsString::from).collect()).unwrap()
    }

    #[test]
    fn the_definition_is_sound() {
        Options::command().debug_assert();
    }

    #[test]
    fn cargos_spelling_and_our_own_are_one() {
        for arguments in [
            &["cargo-modlint", "modlint", "x.rs"][..],
            &["cargo-modlint", "x.rs"],
        ] {
            let parsed = parsed(arguments);
            assert_eq!(parsed.options.lint.paths, [PathBuf::from("x.rs")]);
        }
    }

    #[test]
    fn levels_keep_the_order_of_the_command_line() {
        let levels = parsed(&["x", "-D", "structure", "-A", "flat_struct"]).levels;
        assert_eq!(levels.of("flat_struct"), Level::Allow);
        let levels = parsed(&["x", "-A", "flat_struct", "-Dstructure"]).levels;
        assert_eq!(levels.of("flat_struct"), Level::Deny);
    }

    #[test]
    fn a_subcommand_is_told_from_a_path() {
        let parsed = parsed(&["x", "modlint", "tree", "Net", "--set", "depth=2"]);
        let Some(Command::Tree(options)) = parsed.options.command else {
            panic!("no tree command: {:?}", parsed.options);
        };
        assert_eq!(options.model.as_deref(), Some("Net"));
        assert_eq!(options.values, ["depth=2"]);
    }
}
