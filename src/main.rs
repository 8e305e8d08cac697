//! The `sureply` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    sureply::cli::run()
}
