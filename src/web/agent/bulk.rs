//! Many conversations at once: those that were chosen in a list, by one plain form.

use super::act::until;
use super::page::PageError;
use super::session::{SignedIn, next_page};
use crate::conversation::{AgentId, ConversationId};
use crate::desk::{Bulk, BulkAct};
use crate::web::{Error, State};
use axum::body::Bytes;
use axum::response::Redirect;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Conversations that one request may be about.
const MOST: usize = 200;

/// A form as it was sent: the conversations, and one word for each other field.
struct Chosen {
    ids: Vec<ConversationId>,
    fields: HashMap<String, String>,
}

impl Chosen {
    fn read(body: &[u8]) -> Self {
        let (mut ids, mut fields) = (Vec::new(), HashMap::new());
        for (name, value) in url::form_urlencoded::parse(body) {
            if name == "id" {
                let id = ConversationId::from(value.into_owned());
                if !ids.contains(&id) && ids.len() <= MOST {
                    ids.push(id);
                }
            } else {
                fields.insert(name.into_owned(), value.into_owned());
            }
        }
        Self { ids, fields }
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |value| value.trim())
    }

    fn act(&self, now: DateTime<Utc>) -> Result<BulkAct, String> {
        Ok(match self.field("act") {
            "take" => BulkAct::Take,
            "resolve" => BulkAct::Resolve,
            "give-back" => BulkAct::GiveBack,
            "assign" => BulkAct::Assign(AgentId::from(self.field("agent"))),
            "snooze" => {
                BulkAct::Snooze(until(self.field("until"), now).ok_or_else(|| t!("no-time"))?)
            }
            "tag" => BulkAct::Tag(self.field("tag").parse().map_err(|_| t!("tag-unfit"))?),
            "priority" => {
                BulkAct::Priority(self.field("priority").parse().map_err(|_| t!("priority-none"))?)
            }
            _ => return Err(t!("bulk-nothing")),
        })
    }
}

/// Does what was chosen to all that were chosen, and leads back to the list.
pub(super) async fn act(
    web: State,
    SignedIn(agent): SignedIn,
    body: Bytes,
) -> Result<Redirect, PageError> {
    let chosen = Chosen::read(&body);
    if chosen.ids.is_empty() {
        return Err(Error::BadRequest(t!("bulk-none")).into());
    }
    if chosen.ids.len() > MOST {
        return Err(Error::BadRequest(t!("bulk-many")).into());
    }
    let act = chosen.act(web.desk.clock.now()).map_err(Error::BadRequest)?;
    let bulk = web.desk.bulk(&chosen.ids, &agent.id, &act).await?;
    let to = Some(next_page(chosen.field("to"))).filter(|to| *to != "/").unwrap_or("/queue/all");
    let sign = if to.contains('?') { '&' } else { '?' };
    Ok(Redirect::to(&format!("{to}{sign}bulk={}", written(bulk))))
}

/// What came of it, as an address carries it: numbers only, so that it cannot put words into our mouth.
fn written(bulk: Bulk) -> String {
    let Bulk { done, held, full, blocked, gone } = bulk;
    [done, held, full, blocked, gone].map(|count| count.to_string()).join("-")
}

/// What came of it, in words.
pub(super) fn told(written: &str) -> Option<String> {
    let counts: Vec<usize> = written.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [done, rest @ ..] = counts.as_slice() else { return None };
    let mut parts = vec![t!("bulk-done", count = *done)];
    let [held, full, blocked, gone] = *<&[usize; 4]>::try_from(rest).ok()?;
    let refused = [
        (held, t!("refused-held", count = held)),
        (full, t!("refused-full", count = full)),
        (blocked, t!("refused-blocked", count = blocked)),
        (gone, t!("refused-gone", count = gone)),
    ];
    parts.extend(refused.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words));
    Some(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{Chosen, told, written};
    use crate::desk::{Bulk, BulkAct};
    use chrono::DateTime;

    #[test]
    fn what_came_of_it_is_told_by_numbers_only() {
        let bulk = Bulk { done: 12, held: 2, ..Bulk::default() };
        assert_eq!(written(bulk), "12-2-0-0-0");
        assert_eq!(
            told("12-2-0-0-0").as_deref(),
            Some("12 done. 2 not: a colleague's words are about to be sent there.")
        );
        assert_eq!(told("1-0-0-0-0").as_deref(), Some("1 done."));
        for odd in ["", "1", "1-2-3", "1-2-3-4-<b>", "1-2-3-4-5-6"] {
            assert_eq!(told(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_form_names_each_conversation_once() {
        let chosen = Chosen::read(b"id=a&id=b&id=a&act=resolve&to=%2Fqueue%2Fmine");
        assert_eq!(chosen.ids, ["a".into(), "b".into()]);
        assert_eq!(chosen.field("to"), "/queue/mine");
        assert_eq!(chosen.act(DateTime::UNIX_EPOCH), Ok(BulkAct::Resolve));
        for wrong in ["act=", "act=tag&tag=%2C", "act=priority&priority=soon", "act=snooze&until=x"]
        {
            assert!(Chosen::read(wrong.as_bytes()).act(DateTime::UNIX_EPOCH).is_err(), "{wrong}");
        }
    }
}
