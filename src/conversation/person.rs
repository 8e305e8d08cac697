//! Whether a phone number that comes back is still the same person's.
//!
//! WhatsApp makes a new id for whoever changes their number, and tells of it; who comes under a known number with
//! an id that nobody has told of is somebody else, to whom the network has given the number since.

/// What kind of name WhatsApp knows a person by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Phone,
    Own,
    Parent,
}

fn kind(name: &str) -> Kind {
    let mut parts = name.split('.');
    match (name.starts_with('+'), parts.nth(1)) {
        (true, _) => Kind::Phone,
        (false, Some("ENT")) => Kind::Parent,
        (false, _) => Kind::Own,
    }
}

/// Whether a name is a phone number.
pub fn is_phone(name: &str) -> bool {
    kind(name) == Kind::Phone
}

/// Whether whoever comes under `names` is another person than the one who is known by `known`, whatever number
/// they share: no id is the same, and there are ids of the same kind. Who is known by more numbers than ids has
/// changed their number, and the id that goes with the new one is still to come.
pub fn is_another(names: &[&str], known: &[String]) -> bool {
    let shares = names.iter().any(|name| !is_phone(name) && known.iter().any(|it| it == name));
    let count = |wanted: Kind| known.iter().filter(|name| kind(name) == wanted).count();
    let both = |wanted: Kind| {
        let is_whole = count(wanted) > 0 && count(wanted) >= count(Kind::Phone);
        is_whole && names.iter().any(|name| kind(name) == wanted)
    };
    !shares && (both(Kind::Own) || both(Kind::Parent))
}

#[cfg(test)]
mod tests {
    use super::is_another;

    #[test]
    fn who_has_another_id_is_another() {
        for (names, known, expected) in [
            (&["US.2", "+491"][..], &["US.1", "+491"][..], true),
            (&["US.1", "+491"], &["US.1", "+491"], false),
            (&["US.2", "+491"], &["+491"], false),
            (&["US.2", "+492"], &["US.1", "+491", "+492"], false),
            (&["US.3", "+492"], &["US.1", "US.2", "+491", "+492"], true),
            (&["+491"], &["US.1", "+491"], false),
            (&["US.2", "+491"], &["US.1", "US.2", "+491"], false),
            (&["US.ENT.1", "US.2", "+491"], &["US.ENT.1", "US.1", "+491"], false),
            (&["US.ENT.2", "+491"], &["US.ENT.1", "+491"], true),
            (&["US.2", "+491"], &["US.ENT.1", "+491"], false),
        ] {
            let known: Vec<String> = known.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(is_another(names, &known), expected, "{names:?} {known:?}");
        }
    }
}
