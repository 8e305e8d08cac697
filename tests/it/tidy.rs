//! The house stays tidy: order between rooms, a head on each file, a README that names everything.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up; each may use lower floors only, never its own.
const FLOORS: &[&[&str]] = &[
    &["clock", "lang", "media", "token", "totp", "word"],
    &["fake", "knowledge"],
    &["conversation"],
    &["config"],
    &["telemetry"],
    &["triage", "answer", "channel", "store", "search"],
    &["confidence", "curation"],
    &["desk"],
    &["web", "eval"],
    &["app"],
    &["cli"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn room(file: &Path) -> String {
    let inside = file.strip_prefix("src").expect("a source");
    let first = inside.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a piece of code names by `crate::room`.
fn used_rooms(code: &str) -> BTreeSet<String> {
    code.split("crate::")
        .skip(1)
        .filter(|rest| !rest.starts_with('{'))
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect())
        .collect()
}

#[test]
fn a_room_uses_lower_floors_only() {
    let mut wrong = Vec::new();
    for file in sources(Path::new("src")) {
        let room = room(&file);
        let Some(own) = floor(&room) else {
            let is_entrance = ["main", "lib", "bench"].contains(&room.as_str());
            assert!(is_entrance, "{room} stands on no floor; give it one in FLOORS");
            continue;
        };
        let text = fs::read_to_string(&file).expect("a source");
        assert!(!text.contains("crate::{"), "{}: name one room a `use`", file.display());
        for used in used_rooms(&text) {
            let is_lower = floor(&used).is_none_or(|other| other < own);
            if used != room && !is_lower {
                wrong.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_one_room_knows_each_outside_world() {
    let mut wrong = Vec::new();
    for file in sources(Path::new("src")) {
        let path = file.to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("a source");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_test = path.contains("/tests/") || path.ends_with("/tests.rs");
        for (world, home) in [
            ("sqlx", "src/store/"),
            ("async_openai", "src/answer/llm.rs"),
            ("tantivy", "src/search/"),
            ("axum", "src/web/"),
            ("std::env::var", "src/config/"),
            ("Utc::now", "src/clock.rs"),
        ] {
            let names_it =
                code.contains(&format!("{world}::")) || code.contains(&format!("{world}("));
            // An encoder behind an endpoint is no part of writing answers, and speaks the same protocol.
            let is_encoder = world == "async_openai" && path == "src/search/encoder/endpoint.rs";
            // What stands in for somebody else's server is a server too.
            let is_serve =
                world == "axum" && (path == "src/app.rs" || path.starts_with("src/fake/"));
            if names_it && !path.starts_with(home) && !is_serve && !is_encoder && !is_test {
                wrong.push(format!("{path} names {world}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_file_opens_with_what_it_is() {
    for file in sources(Path::new("src")).into_iter().chain(sources(Path::new("tests"))) {
        let text = fs::read_to_string(&file).expect("a source");
        assert!(text.starts_with("//! "), "{} has no //! head", file.display());
    }
}

#[test]
fn every_route_stands_in_the_table() {
    for file in sources(Path::new("src/web")) {
        let path = file.to_string_lossy();
        let is_table = path.ends_with("web/route.rs") || path.contains("/tests/");
        let text = fs::read_to_string(&file).expect("a source");
        for way_in in [".route(", ".nest", ".route_service(", ".fallback"] {
            assert!(is_table || !text.contains(way_in), "{path} has `{way_in}`: use the table");
        }
    }
}

#[test]
fn the_readme_names_every_setting() {
    let readme = fs::read_to_string("README.md").expect("a README");
    let mut missing = Vec::new();
    let example = fs::read_to_string("src/config/example.toml").expect("the settings");
    for line in example.lines() {
        let line = line.trim_start_matches("# ");
        let section = line
            .strip_prefix("[[")
            .or(line.strip_prefix('['))
            .and_then(|rest| rest.split(']').next());
        let key = line.split_once(" = ").map(|(key, _)| key);
        for name in section.into_iter().chain(key) {
            let is_name = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            if is_name
                && !readme.contains(&format!("`{name}`"))
                && !readme.contains(&format!("`[{name}]`"))
            {
                missing.push(name.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "the README does not name {missing:?}");
}
