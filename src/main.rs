use std::process::ExitCode;

fn main() -> ExitCode {
    modlint::cli::main()
}
