//! The table of routes as a whole.

use crate::web::route::table;

#[test]
fn the_readme_names_every_route() {
    let readme = include_str!("../../../README.md");
    let routes = table(0);
    let unnamed = |path: &&str| !readme.contains(&format!("`{path}`"));
    let missing: Vec<&str> = routes.iter().map(|route| route.path).filter(unnamed).collect();
    assert!(missing.is_empty(), "the README does not name {missing:?}");
}
