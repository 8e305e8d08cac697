//! A mail's HTML made safe to be shown: no scripts, forms or frames, and nothing fetched from anywhere.

use super::{bound, charset, html, smime};
use crate::media::picture_type;
use ammonia::{Builder, UrlRelative};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};
use std::collections::HashSet;

/// Bytes of HTML that are made safe, and elements within each other; a tree of more costs too much.
const MAX_HTML: usize = 2_000_000;
const MAX_DEPTH: usize = 250;
/// Bytes of pictures that are shown in it.
const MAX_PICTURES: usize = 5_000_000;

/// Signs written as `&…;` between two tags; the tree copies all words before each.
const MAX_SIGNS: usize = 1_000;

/// The HTML of a mail, made safe; `None` if it has none that can be shown.
pub(super) fn shown(raw: &[u8]) -> Option<String> {
    let (prepared, _) = smime::opened(bound::prepared(raw));
    if !bound::is_tame(&prepared) {
        return None;
    }
    let message = MessageParser::default().parse(prepared.as_ref())?;
    let part = message.html_bodies().find(|part| matches!(part.body, PartType::Html(_)))?;
    let (html, _) = charset::words(&message, part);
    let is_tame = html.len() <= MAX_HTML
        && html::is_tame(&html)
        && html.split('<').all(|run| run.matches('&').count() <= MAX_SIGNS)
        && depth(&html) <= MAX_DEPTH;
    is_tame.then(|| with_pictures(clean(&html), &message))
}

/// Puts the pictures that travel within the mail where it names them; what it names and has not got, or
/// what is no picture, is left out.
fn with_pictures(mut html: String, message: &Message<'_>) -> String {
    let mut left = MAX_PICTURES;
    for part in &message.parts {
        let (Some(id), Some(media_type)) = (part.content_id(), picture_type(part.contents()))
        else {
            continue;
        };
        let named = format!("src=\"cid:{id}\"");
        let bytes = part.contents();
        if bytes.len() > left || !html.contains(&named) {
            continue;
        }
        left -= bytes.len();
        let data = format!("src=\"data:{media_type};base64,{}\"", STANDARD.encode(bytes));
        // Once: a mail that names one picture a thousand times is to be no larger for it.
        html = html.replacen(&named, &data, 1);
    }
    html.replace("src=\"cid:", "data-missing=\"")
}

fn clean(html: &str) -> String {
    let mut builder = Builder::default();
    builder
        // A picture within the mail is named by `cid:`; all others would be fetched.
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        // A page cannot be followed within the frame that shows a mail.
        .set_tag_attribute_value("a", "target", "_blank")
        .add_tags(["font", "center"])
        .add_tag_attributes("font", ["color", "size"])
        .add_generic_attributes(["align", "valign", "bgcolor", "dir"])
        .rm_tag_attributes("img", ["srcset", "longdesc"])
        .clean_content_tags(HashSet::from(["script", "style", "title"]))
        .attribute_filter(|tag, attribute, value| {
            let is_fetched =
                matches!(attribute, "src" | "background" | "poster" | "cite" | "srcset");
            let is_within =
                tag == "img" && value.trim_start().to_ascii_lowercase().starts_with("cid:");
            (!is_fetched || is_within).then(|| value.into())
        });
    builder.clean(html).to_string()
}

/// How many elements may stand within each other: an end tag is believed to close only the tag before
/// it, so that what ends nothing hides no depth.
fn depth(html: &str) -> usize {
    let (mut open, mut most): (Vec<String>, usize) = (Vec::new(), 0);
    for part in html.split('<').skip(1) {
        let name = |tag: &str| -> String {
            let name = tag.chars().take_while(char::is_ascii_alphanumeric).take(20);
            name.collect::<String>().to_ascii_lowercase()
        };
        if let Some(ended) = part.strip_prefix('/') {
            open.pop_if(|last| *last == name(ended));
        } else if part.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            let name = name(part);
            if !NEVER_DEEP.contains(&name.as_str()) {
                open.push(name);
                most = most.max(open.len());
            }
        }
    }
    most
}

/// Elements that have no end, or end where the next of them begins.
const NEVER_DEEP: &[&str] = &[
    "area", "base", "br", "col", "hr", "img", "input", "li", "link", "meta", "p", "td", "th", "tr",
    "wbr",
];
