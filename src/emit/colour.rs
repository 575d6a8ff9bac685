//! Whether output is coloured.

use std::env;
use std::io::{IsTerminal, stdout};

/// What the user says about colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// As `NO_COLOR`, `CLICOLOR_FORCE` and the terminal say.
    #[default]
    Auto,
    Always,
    Never,
}

impl Colour {
    /// True if standard output is to be coloured.
    pub fn on_stdout(self) -> bool {
        self.decide(|name| env::var(name).ok(), stdout().is_terminal())
    }

    fn decide(self, variable: impl Fn(&str) -> Option<String>, is_terminal: bool) -> bool {
        let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        match self {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto if set("NO_COLOR") => false,
            Colour::Auto if set("CLICOLOR_FORCE") => {
                variable("CLICOLOR_FORCE").as_deref() != Some("0")
            }
            Colour::Auto => is_terminal && variable("TERM").as_deref() != Some("dumb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Colour::{self, Always, Auto, Never};

    fn decide(colour: Colour, variables: &[(&str, &str)], is_terminal: bool) -> bool {
        let variable = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        colour.decide(variable, is_terminal)
    }

    #[test]
    fn the_flag_wins_over_the_environment() {
        assert!(decide(Always, &[("NO_COLOR", "1")], false));
        assert!(!decide(Never, &[("CLICOLOR_FORCE", "1")], true));
    }

    #[test]
    fn the_environment_wins_over_the_terminal() {
        assert!(!decide(Auto, &[("NO_COLOR", "1")], true));
        assert!(decide(Auto, &[("NO_COLOR", "")], true));
        assert!(decide(Auto, &[("CLICOLOR_FORCE", "1")], false));
        assert!(!decide(
            Auto,
            &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
            true
        ));
        assert!(!decide(Auto, &[("TERM", "dumb")], true));
    }

    #[test]
    fn without_either_the_terminal_decides() {
        assert!(decide(Auto, &[], true));
        assert!(!decide(Auto, &[], false));
    }
}
