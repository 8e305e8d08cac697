//! The agents' side: everything behind the login, and the login itself.

mod account;
mod act;
mod article;
mod ask;
mod audit;
mod bulk;
mod candidate;
mod clockface;
mod composer;
mod conversation;
mod counts;
mod download;
mod edit;
mod facts;
mod files;
mod form;
mod gate;
mod head;
mod hours;
mod inboxes;
mod join;
mod knowledge;
mod list;
mod live;
mod logbook;
mod login;
mod mail;
mod mailbox;
mod notification;
mod number;
mod page;
mod password;
mod people;
mod person;
mod presence;
mod qr;
mod queue;
mod regroup;
mod replies;
mod reset;
mod search;
mod second_step;
mod session;
mod share;
mod sort;
mod summary;
mod suppression;
mod team;
mod template;
#[cfg(test)]
pub(super) mod tests;
mod thread;
mod token;
mod traits;
mod trust;
mod two_step;
mod views;
mod warning;
mod why;

pub use counts::Counts;
pub(super) use join::setup_link;
pub(super) use page::PageError;
pub(super) use session::{admit, tongue};

use super::needs::Needs;
use super::route::{Route, get, post};
use crate::store::Role;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

const VIEWER: Needs = Needs::Role(Role::Viewer);
const AGENT: Needs = Needs::Role(Role::Agent);
const CURATOR: Needs = Needs::Role(Role::Curator);
const ADMIN: Needs = Needs::Role(Role::Admin);

/// The routes of the desk: whoever works here sees everything of it, and each role adds acts. `upload` bounds what
/// may be sent as a file, in bytes.
pub(super) fn routes(upload: usize) -> Vec<Route> {
    let others = vec![
        get("/", Needs::Nothing, queue::start),
        get("/login", Needs::OwnPage, login::form),
        post("/login", Needs::OwnPage, login::login),
        post("/login/code", Needs::OwnPage, second_step::answer),
        post("/logout", Needs::OwnPage, login::logout),
        get("/join/{token}", Needs::OwnPage, join::form),
        post("/join/{token}", Needs::OwnPage, join::join),
        get("/reset/{token}", Needs::OwnPage, reset::form),
        post("/reset/{token}", Needs::OwnPage, reset::reset),
        get("/queue/{queue}", VIEWER, queue::page),
        get("/inboxes", VIEWER, inboxes::page),
        get("/notifications", AGENT, notification::page),
        post("/notifications", AGENT, notification::send),
        get("/suppressions", AGENT, suppression::page),
        post("/suppressions", ADMIN, suppression::add),
        post("/suppressions/remove", ADMIN, suppression::remove),
        get("/inboxes/email", ADMIN, mailbox::form),
        post("/inboxes/email", ADMIN, mailbox::test),
        get("/inboxes/whatsapp", ADMIN, number::form),
        post("/inboxes/whatsapp", ADMIN, number::test),
        post("/inboxes/whatsapp/{inbox}/test", ADMIN, inboxes::call_back),
        get("/replies", VIEWER, replies::page),
        post("/replies", AGENT, replies::add),
        post("/replies/{id}", AGENT, replies::change),
        post("/replies/{id}/remove", AGENT, replies::remove),
        post("/replies/{id}/restore", AGENT, replies::restore),
        get("/attachments/{id}", VIEWER, download::file),
        get("/attachments/{id}/picture", VIEWER, download::picture),
        get("/live", VIEWER, live::stream),
        get("/knowledge", VIEWER, knowledge::page),
        get("/knowledge/articles/{id}", VIEWER, article::page),
        post("/knowledge/wordings/{id}/forget", CURATOR, knowledge::forget),
        post("/knowledge/wordings/{id}/restore", CURATOR, knowledge::remember),
        get("/trust", VIEWER, trust::page),
        post("/trust/sets/take-back", CURATOR, trust::take_back),
        get("/search", VIEWER, search::page),
        get("/ask", CURATOR, ask::page),
        post("/ask", CURATOR, ask::ask),
    ];
    others
        .into_iter()
        .chain(conversations(upload))
        .chain(of_people())
        .chain(inbox_routes())
        .collect()
}

/// What is done in a conversation.
fn conversations(upload: usize) -> Vec<Route> {
    let attach = files::attach.layer(DefaultBodyLimit::max(upload));
    vec![
        get("/conversations/{id}", VIEWER, conversation::page),
        post("/conversations/{id}/approve", AGENT, act::approve),
        post("/conversations/{id}/compare", AGENT, act::compare),
        post("/conversations/{id}/reject", AGENT, act::reject),
        post("/conversations/{id}/audit", AGENT, audit::judge),
        post("/conversations/{id}/reply", AGENT, act::reply),
        post("/conversations/{id}/files", AGENT, attach),
        post("/conversations/{id}/undo", AGENT, act::undo),
        post("/conversations/{id}/template", AGENT, template::send),
        post("/conversations/{id}/note", AGENT, act::note),
        post("/conversations/{id}/take", AGENT, act::take),
        post("/conversations/{id}/snooze", AGENT, act::snooze),
        post("/conversations/{id}/resolve", AGENT, act::resolve),
        post("/conversations/{id}/give-back", AGENT, act::give_back),
        post("/conversations/{id}/deliveries/{message}/sent", AGENT, act::was_sent),
        post("/conversations/{id}/deliveries/{message}/again", AGENT, act::send_again),
        get("/conversations/{id}/mails/{message}", VIEWER, mail::page),
        get("/conversations/{id}/mails/{message}/source", VIEWER, mail::source),
        post("/conversations/{id}/address/clear", AGENT, mail::clear),
        post("/conversations/{id}/presence", VIEWER, presence::note),
        post("/conversations/{id}/contact/name", AGENT, person::rename),
        post("/conversations/{id}/contact/notes", AGENT, person::add_note),
        post("/conversations/{id}/contact/notes/{thing}/remove", AGENT, person::remove_note),
        post("/conversations/{id}/contact/notes/{thing}/restore", AGENT, person::restore_note),
        get("/conversations/{id}/same-person", VIEWER, person::same),
        post("/conversations/{id}/same-person", AGENT, regroup::merge_contact),
        post("/conversations/{id}/merge", AGENT, regroup::merge),
        post("/conversations/{id}/split", AGENT, regroup::split),
        post("/conversations/{id}/regroups/{thing}/undo", AGENT, regroup::undo),
        get("/conversations/{id}/replies", VIEWER, replies::offer),
    ]
}

/// The routes about those who work here, and one's own account.
fn of_people() -> Vec<Route> {
    vec![
        get("/people", VIEWER, people::list),
        post("/people/invite", ADMIN, people::invite),
        get("/people/log", ADMIN, logbook::page),
        get("/people/hours", VIEWER, hours::page),
        get("/people/teams", VIEWER, team::list),
        post("/people/teams", ADMIN, team::make),
        post("/people/teams/{id}", ADMIN, team::change),
        post("/people/teams/{id}/end", ADMIN, team::end),
        get("/people/tokens", ADMIN, token::list),
        post("/people/tokens", ADMIN, token::make),
        post("/people/tokens/{token}/revoke", ADMIN, token::revoke),
        post("/people/{id}/traits", ADMIN, traits::set),
        post("/people/{id}/role", ADMIN, people::set_role),
        post("/people/{id}/log-out", ADMIN, people::log_out),
        post("/people/{id}/deactivate", ADMIN, people::deactivate),
        post("/people/{id}/reset", ADMIN, people::offer_reset),
        post("/people/{id}/reset-two-step", ADMIN, people::reset_factor),
        post("/people/{id}/reactivate", ADMIN, people::reactivate),
        get("/account", VIEWER, account::page),
        post("/account/sessions/end-others", VIEWER, account::end_others),
        post("/account/sessions/{id}/end", VIEWER, account::end),
        post("/account/password", VIEWER, account::change_password),
        post("/account/language", VIEWER, account::set_language),
        post("/account/languages", VIEWER, traits::set_own_langs),
        post("/account/away", VIEWER, traits::set_away),
        get("/account/two-step", VIEWER, two_step::page),
        post("/account/two-step/begin", VIEWER, two_step::begin),
        post("/account/two-step/confirm", VIEWER, two_step::confirm),
        post("/account/two-step/codes", VIEWER, two_step::renew_codes),
        post("/account/two-step/off", VIEWER, two_step::switch_off),
    ]
}

/// Those by which conversations are sorted and shared out, one at a time or many at once.
fn inbox_routes() -> Vec<Route> {
    vec![
        post("/conversations/{id}/priority", AGENT, sort::priority),
        post("/conversations/{id}/tag", AGENT, sort::tag),
        post("/conversations/{id}/untag", AGENT, sort::untag),
        post("/conversations/{id}/assign", AGENT, sort::assign),
        post("/conversations/{id}/block", AGENT, sort::block),
        post("/bulk", AGENT, bulk::act),
        get("/tags", VIEWER, sort::tags),
        get("/blocked", VIEWER, sort::blocked),
        post("/blocked/{id}/unblock", AGENT, sort::unblock),
        get("/views", VIEWER, views::page),
        post("/views", VIEWER, views::keep),
        get("/views/counts", VIEWER, views::counts),
        post("/views/{id}/change", VIEWER, views::change),
        post("/views/{id}/delete", VIEWER, views::delete),
    ]
}
