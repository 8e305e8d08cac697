//! The lines of a mail's HTML, set into text: which are shown, quoted, or a signature.

use super::Rendered;
use crate::conversation::{Removed, RemovedKind};

/// Where a line stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// How many `blockquote`s it stands in.
    pub(super) depth: u8,
    /// Whether one of them is marked as what is answered.
    pub(super) is_cited: bool,
    /// The box around a quotation that it stands in.
    pub(super) around: Option<usize>,
    /// Whether it stands after a mark below which nobody writes.
    pub(super) is_rest: bool,
    /// Whether it stands in a signature.
    pub(super) is_signature: bool,
}

/// A line.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) place: Place,
}

/// What a line is to its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Shown,
    Quoted,
    Signature,
}

/// Sets lines into text.
pub(super) fn arrange(lines: Vec<Line>, is_forward: bool) -> Rendered {
    let lines = thin(lines);
    let roles = roles(&lines, is_forward);
    let is_interleaved = is_interleaved(&lines, &roles);
    let mut rendered = Rendered::default();
    let mut before = Role::Shown;
    for (line, role) in lines.iter().zip(roles) {
        let is_prefixed = line.place.depth > 0 && !is_forward;
        write(&mut rendered.full, line, is_prefixed);
        // Between quotations an answer needs what it answers.
        let role = if is_interleaved && role == Role::Quoted { Role::Shown } else { role };
        match (role, before) {
            (Role::Shown, _) => write(&mut rendered.text, line, is_prefixed),
            (Role::Quoted, _) => {
                take_off(&mut rendered.removed, line, RemovedKind::Quote, before == role);
            }
            (Role::Signature, _) => {
                take_off(&mut rendered.removed, line, RemovedKind::Signature, before == role);
            }
        }
        before = role;
    }
    rendered.removed.retain(|removed| !removed.text.trim().is_empty());
    for removed in &mut rendered.removed {
        removed.text = removed.text.trim().to_owned();
    }
    rendered.text = rendered.text.trim_matches('\n').to_owned();
    rendered.full = rendered.full.trim_matches('\n').to_owned();
    rendered
}

/// Leaves one free line of several, and none at the start.
fn thin(lines: Vec<Line>) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    let mut is_bare = true;
    for line in lines {
        if !line.text.is_empty() {
            is_bare = false;
            kept.push(line);
        } else if !is_bare {
            is_bare = true;
            kept.push(line);
        } else if let Some(last) = kept.last_mut()
            && line.place.depth < last.place.depth
        {
            // A free line after a quotation belongs to what follows.
            last.place = line.place;
        }
    }
    kept
}

fn roles(lines: &[Line], is_forward: bool) -> Vec<Role> {
    let mut roles = Vec::with_capacity(lines.len());
    // Of the box that is being read: its number, whether a quotation was in it, whether it is a forward.
    let (mut around, mut had_quotation, mut is_shown_box) = (None, false, false);
    for line in lines {
        let place = line.place;
        if place.around != around {
            (around, had_quotation) = (place.around, false);
            is_shown_box = announces_forward(&line.text);
        }
        let is_quotation = place.depth > 0 && (place.is_cited || place.around.is_some());
        had_quotation |= is_quotation && place.around.is_some();
        let role = if place.is_signature && place.depth == 0 && !place.is_rest {
            Role::Signature
        } else if is_forward || (around.is_some() && is_shown_box) {
            Role::Shown
        } else if place.is_rest || is_quotation {
            Role::Quoted
        } else if around.is_some() && !had_quotation {
            // The line that says who wrote, or a quotation without a mark of its own.
            Role::Quoted
        } else {
            Role::Shown
        };
        roles.push(role);
    }
    roles
}

/// Whether a line says that a forwarded mail follows.
fn announces_forward(line: &str) -> bool {
    let bare = line.trim_start_matches(['-', ' ', '_']).to_lowercase();
    line.trim_start().starts_with("-----") && !bare.contains("original message")
        || ["begin forwarded message", "anfang der weitergeleiteten", "début du message"]
            .iter()
            .any(|start| bare.starts_with(start))
}

/// Whether answers stand between quotations.
fn is_interleaved(lines: &[Line], roles: &[Role]) -> bool {
    let (mut quotation, mut answer) = (false, false);
    for (line, role) in lines.iter().zip(roles) {
        if line.text.trim().is_empty() {
            continue;
        }
        match role {
            Role::Quoted if answer => return true,
            Role::Quoted => quotation |= line.place.depth > 0,
            Role::Shown => answer |= quotation,
            Role::Signature => {}
        }
    }
    false
}

fn write(text: &mut String, line: &Line, is_prefixed: bool) {
    if is_prefixed {
        for _ in 0..line.place.depth.min(20) {
            text.push('>');
        }
        if !line.text.is_empty() {
            text.push(' ');
        }
    }
    text.push_str(&line.text);
    text.push('\n');
}

fn take_off(removed: &mut Vec<Removed>, line: &Line, kind: RemovedKind, goes_on: bool) {
    match removed.last_mut().filter(|_| goes_on) {
        Some(last) => {
            last.text.push_str(&line.text);
            last.text.push('\n');
        }
        None => removed.push(Removed { kind, text: format!("{}\n", line.text) }),
    }
}
