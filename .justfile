# What a contributor runs; `just` alone lists it.

_default:
    @just --list

# Everything that must hold before a commit.
check: format lint doc test deny

# The layout of the code.
format:
    cargo fmt --check

# The lints, with every warning an error.
lint:
    cargo clippy --locked --all-targets -- -D warnings

# The documentation's links, those of private items too.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# The tests on SQLite; the browser story runs where chromedriver is installed.
test:
    cargo nextest run --locked

# Licences, banned crates and sources of the dependencies.
deny:
    cargo deny --config .deny.toml --all-features check licenses bans sources

# The whole test command: PostgreSQL and the browser as well.
all:
    tests/run

# More kills of the server than a test run affords.
crash kills="200":
    CRASH_KILLS={{ kills }} cargo test --locked --test it crash:: -- --nocapture

# The ratios that the README quotes.
bench:
    cargo bench --locked
