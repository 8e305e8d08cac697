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
/// they share: no id is the same, and there are ids of the same kind.
pub fn is_another(names: &[&str], known: &[String]) -> bool {
    let shares = names.iter().any(|name| !is_phone(name) && known.iter().any(|it| it == name));
    let both = |wanted: Kind| {
        names.iter().any(|name| kind(name) == wanted)
            && known.iter().any(|name| kind(name) == wanted)
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
