//! The command line: `cargo modlint`, and `cargo-modlint` called by itself.

mod error;
mod explain;
mod fix;
mod lint;
mod list;
mod options;
mod tree;

use std::env;
use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use error::CliError;
use options::{Command, Parsed};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nothing is denied.
    Clean,
    /// Findings are denied, or a comparison differs.
    Denied,
}

/// Runs the command line of this process. Exit code 0: clean or warnings only; 1: findings are denied; 2: the tool failed.
pub fn main() -> ExitCode {
    // A panic is reported as an error of ours; the backtrace of a release build says nothing more.
    std::panic::set_hook(Box::new(|_| {}));
    let current_dir = match env::current_dir() {
        Ok(current_dir) => current_dir,
        Err(error) => return failed(&CliError::CurrentDir(error)),
    };
    match run(env::args_os().collect(), current_dir) {
        Ok(End::Clean) => ExitCode::SUCCESS,
        Ok(End::Denied) => ExitCode::from(1),
        Err(CliError::Arguments(error)) => {
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &CliError) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::from(2)
}

fn run(arguments: Vec<OsString>, current_dir: PathBuf) -> Result<End, CliError> {
    let parsed = Parsed::from(arguments)?;
    let mut out = Output::new();
    let end = match parsed.options.command {
        None => lint::run(parsed.options.lint, &parsed.levels, current_dir, &mut out),
        Some(Command::Tree(options)) => tree::run(options, current_dir, &mut out),
        Some(Command::Explain(options)) => explain::run(&options, &mut out),
        Some(Command::Lints) => list::run(&mut out),
    }?;
    out.flush().map_err(CliError::Output)?;
    Ok(end)
}

/// Standard output. A reader that goes away early (`| head`) is no error: what comes after is dropped.
struct Output {
    to: BufWriter<io::Stdout>,
    is_closed: bool,
}

impl Output {
    fn new() -> Self {
        Output {
            to: BufWriter::new(io::stdout()),
            is_closed: false,
        }
    }

    /// The result of a write, or success if the reader is gone.
    fn unless_closed<T>(&mut self, result: io::Result<T>, dropped: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(dropped)
            }
            other => other,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        let written = self.to.write(bytes);
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let flushed = self.to.flush();
        self.unless_closed(flushed, ())
    }
}
