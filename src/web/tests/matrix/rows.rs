//! What each route is expected to answer, written down apart from the table that the router is built from.

use crate::store::Role;

/// The least that somebody must be, for a route to serve them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Least {
    Anyone,
    Program,
    Visitor,
    Role(Role),
}

use Least::{Anyone, Program, Visitor};
const VIEWER: Least = Least::Role(Role::Viewer);
const AGENT: Least = Least::Role(Role::Agent);
const CURATOR: Least = Least::Role(Role::Curator);
const ADMIN: Least = Least::Role(Role::Admin);

/// A route: method, address, whom it serves, what is sent, and the status for what is their own, for
/// what is somebody else's (0 where there is no such thing), and for what does not exist.
pub(in crate::web) type Row = (&'static str, &'static str, Least, &'static str, [u16; 3]);

/// A file as a form sends it.
const FILE: &str = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nwords\r\n--x--\r\n";

/// Every route; the logout comes last, since it ends the sessions that the others use.
pub(in crate::web) const ROWS: &[Row] = &[
    ("GET", "/healthz", Anyone, "", [200, 0, 0]),
    ("GET", "/readyz", Anyone, "", [200, 0, 0]),
    ("GET", "/metrics", Anyone, "", [200, 0, 0]),
    ("GET", "/static/{*path}", Anyone, "", [200, 404, 404]),
    ("GET", "/chat/{inbox}", Anyone, "", [200, 404, 404]),
    ("GET", "/chat/{inbox}/widget.js", Anyone, "", [200, 404, 404]),
    ("POST", "/chat/{inbox}/session", Anyone, "", [201, 404, 404]),
    ("POST", "/chat/{inbox}/identify", Anyone, r#"{"token":"a.b.c"}"#, [403, 404, 404]),
    ("POST", "/chat/{inbox}/email", Visitor, r#"{"email":"a@b.example"}"#, [204, 404, 404]),
    ("POST", "/chat/{inbox}/link", Visitor, "", [200, 404, 404]),
    ("GET", "/chat/{inbox}/messages", Visitor, "", [200, 404, 404]),
    ("POST", "/chat/{inbox}/messages", Visitor, r#"{"id":"1","text":"hi"}"#, [202, 404, 404]),
    ("POST", "/chat/{inbox}/messages/{id}/helpful", Visitor, "", [204, 404, 404]),
    ("POST", "/chat/{inbox}/messages/{id}/unhelpful", Visitor, "", [204, 404, 404]),
    ("GET", "/chat/{inbox}/events", Visitor, "", [200, 404, 404]),
    ("POST", "/chat/{inbox}/typing", Visitor, "", [204, 404, 404]),
    ("POST", "/chat/{inbox}/read", Visitor, r#"{"shown":1}"#, [204, 404, 404]),
    ("POST", "/chat/{inbox}/attachments", Visitor, FILE, [201, 404, 404]),
    ("GET", "/chat/{inbox}/attachments/{id}", Visitor, "", [200, 404, 404]),
    ("POST", "/chat/{inbox}/forget", Visitor, "", [204, 404, 404]),
    ("GET", "/api/v1/inboxes/{inbox}/messages", Program, "", [200, 404, 404]),
    (
        "POST",
        "/api/v1/inboxes/{inbox}/messages",
        Program,
        r#"{"contact":{"id":"c"},"id":"1","text":"hi"}"#,
        [202, 404, 404],
    ),
    ("GET", "/api/v1/inboxes/{inbox}/messages/{id}", Program, "", [200, 404, 404]),
    ("POST", "/api/v1/inboxes/{inbox}/sent/{id}", Program, r#"{"state":"read"}"#, [204, 404, 404]),
    ("GET", "/", Anyone, "", [303, 0, 0]),
    ("GET", "/login", Anyone, "", [200, 0, 0]),
    ("POST", "/login", Anyone, "email=a%40b", [422, 0, 0]),
    ("POST", "/login/code", Anyone, "token=x&code=1", [401, 0, 0]),
    ("GET", "/join/{token}", Anyone, "", [200, 404, 404]),
    ("POST", "/join/{token}", Anyone, "name=&password=", [422, 404, 404]),
    ("GET", "/reset/{token}", Anyone, "", [200, 404, 404]),
    ("POST", "/reset/{token}", Anyone, "password=", [422, 404, 404]),
    ("GET", "/people", VIEWER, "", [200, 0, 0]),
    ("POST", "/people/invite", ADMIN, "email=&role=viewer", [200, 0, 0]),
    ("GET", "/people/log", ADMIN, "", [200, 0, 0]),
    ("GET", "/people/hours", VIEWER, "", [200, 0, 0]),
    ("GET", "/people/teams", VIEWER, "", [200, 0, 0]),
    ("POST", "/people/teams", ADMIN, "name={fresh}", [303, 0, 0]),
    ("POST", "/people/teams/{id}", ADMIN, "name={fresh}", [303, 0, 404]),
    ("POST", "/people/teams/{id}/end", ADMIN, "", [303, 0, 404]),
    ("GET", "/people/tokens", ADMIN, "", [200, 0, 0]),
    ("POST", "/people/tokens", ADMIN, "name=shop&inbox=api", [200, 0, 0]),
    ("POST", "/people/tokens/{token}/revoke", ADMIN, "", [303, 0, 404]),
    ("POST", "/people/{id}/traits", ADMIN, "langs=de&skills=&capacity=3", [303, 0, 404]),
    ("POST", "/people/{id}/role", ADMIN, "role=agent", [303, 0, 404]),
    ("POST", "/people/{id}/log-out", ADMIN, "", [303, 0, 404]),
    ("POST", "/people/{id}/deactivate", ADMIN, "", [303, 0, 404]),
    ("POST", "/people/{id}/reset", ADMIN, "", [200, 0, 404]),
    ("POST", "/people/{id}/reset-two-step", ADMIN, "", [303, 0, 404]),
    ("POST", "/people/{id}/reactivate", ADMIN, "", [404, 0, 404]),
    ("GET", "/account", VIEWER, "", [200, 0, 0]),
    ("POST", "/account/sessions/end-others", VIEWER, "", [303, 0, 0]),
    ("POST", "/account/sessions/{id}/end", VIEWER, "", [0, 303, 303]),
    ("POST", "/account/password", VIEWER, "old=wrong", [422, 0, 0]),
    ("POST", "/account/language", VIEWER, "lang=de", [303, 0, 0]),
    ("POST", "/account/languages", VIEWER, "langs=de", [303, 0, 0]),
    ("POST", "/account/away", VIEWER, "away=yes", [303, 0, 0]),
    ("GET", "/account/two-step", VIEWER, "", [200, 0, 0]),
    ("POST", "/account/two-step/begin", VIEWER, "", [303, 0, 0]),
    ("POST", "/account/two-step/confirm", VIEWER, "code=1", [422, 0, 0]),
    ("POST", "/account/two-step/codes", VIEWER, "code=1", [422, 0, 0]),
    ("POST", "/account/two-step/off", VIEWER, "code=1", [422, 0, 0]),
    ("GET", "/queue/{queue}", VIEWER, "", [200, 0, 404]),
    ("GET", "/conversations/{id}", VIEWER, "", [200, 0, 404]),
    ("POST", "/conversations/{id}/approve", AGENT, "draft={draft}&text=hi", [303, 409, 404]),
    ("POST", "/conversations/{id}/compare", AGENT, "draft={draft}&text=hi", [200, 200, 200]),
    ("POST", "/conversations/{id}/reject", AGENT, "draft={draft}&reason=old", [303, 409, 404]),
    ("POST", "/conversations/{id}/audit", AGENT, "audit={audit}&verdict=right", [303, 404, 404]),
    ("POST", "/conversations/{id}/reply", AGENT, "text=hi", [303, 0, 404]),
    ("POST", "/conversations/{id}/undo", AGENT, "", [409, 0, 404]),
    ("POST", "/conversations/{id}/note", AGENT, "text=hi", [303, 0, 404]),
    ("POST", "/conversations/{id}/take", AGENT, "", [303, 0, 404]),
    ("POST", "/conversations/{id}/snooze", AGENT, "until=4h", [303, 0, 404]),
    ("POST", "/conversations/{id}/resolve", AGENT, "", [303, 0, 404]),
    ("POST", "/conversations/{id}/give-back", AGENT, "", [303, 0, 404]),
    ("POST", "/conversations/{id}/deliveries/{message}/sent", AGENT, "", [303, 409, 404]),
    ("POST", "/conversations/{id}/deliveries/{message}/again", AGENT, "", [303, 409, 404]),
    ("POST", "/conversations/{id}/presence", VIEWER, "doing=writing", [200, 0, 404]),
    ("GET", "/conversations/{id}/replies", VIEWER, "", [200, 0, 404]),
    ("GET", "/replies", VIEWER, "", [200, 0, 0]),
    ("POST", "/replies", AGENT, "title=a&body=b", [303, 0, 0]),
    ("POST", "/replies/{id}", AGENT, "title=a&body=b", [0, 404, 404]),
    ("POST", "/replies/{id}/remove", AGENT, "", [0, 404, 404]),
    ("POST", "/replies/{id}/restore", AGENT, "", [0, 404, 404]),
    ("GET", "/attachments/{id}", VIEWER, "", [200, 0, 404]),
    ("GET", "/live", VIEWER, "", [200, 0, 0]),
    ("GET", "/knowledge", VIEWER, "", [200, 0, 0]),
    ("GET", "/knowledge/articles/{id}", VIEWER, "", [0, 0, 404]),
    ("POST", "/knowledge/wordings/{id}/forget", CURATOR, "", [303, 0, 303]),
    ("POST", "/knowledge/wordings/{id}/restore", CURATOR, "", [303, 0, 303]),
    ("GET", "/trust", VIEWER, "", [200, 0, 0]),
    ("POST", "/trust/sets/take-back", CURATOR, "set=spring", [303, 0, 0]),
    ("GET", "/search", VIEWER, "", [200, 0, 0]),
    ("GET", "/ask", CURATOR, "", [200, 0, 0]),
    ("POST", "/ask", CURATOR, "q=When+are+you+open%3F", [200, 0, 0]),
    ("POST", "/logout", Anyone, "", [303, 0, 0]),
];
