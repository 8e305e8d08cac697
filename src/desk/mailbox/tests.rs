//! How mailboxes are read, before a server that plays a script.

use super::{IN_MEMORY, LONGEST_WAIT, in_memory, wait_after};
use crate::channel::fake::{self, Server, Step, says};
use crate::channel::{Arrival, Listed, TroubleKind};
use crate::clock::Clock;
use crate::config::{
    Config, EmailSettings, Embedding, Imap, InboxSettings, Oauth, Provider, Secret, Security,
};
use crate::conversation::{AgentId, ChannelKind, InboxName, SenderAuth};
use crate::desk::{Desk, Intake};
use crate::search::Search;
use crate::store::{Queue, Store};
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;

const NODE: &str = "this-node";

struct Office {
    desk: Arc<Desk>,
    intake: Intake,
    clock: Clock,
    folder: TempDir,
}

fn imap(port: u16) -> Imap {
    Imap {
        host: "127.0.0.1".into(),
        port: Some(port),
        security: Security::Plain,
        folder: "INBOX".into(),
        poll_seconds: 1,
        since_days: 0,
        mark_read: false,
        move_to: None,
        timeout_seconds: 1,
    }
}

fn settings(imap: Imap) -> EmailSettings {
    EmailSettings {
        password: Some(Secret::from("planted")),
        imap: Some(imap),
        ..EmailSettings::new("support@shop.example")
    }
}

impl Office {
    async fn open(settings: EmailSettings) -> Self {
        let folder = TempDir::new().expect("a folder");
        let clock = Clock::by_hand("2026-11-23T12:00:00Z".parse().expect("a time"));
        Self::open_in(folder, clock, settings, true).await
    }

    /// The same business before another server.
    async fn at(self, settings: EmailSettings) -> Self {
        Self::open_in(self.folder, self.clock, settings, true).await
    }

    async fn open_in(folder: TempDir, clock: Clock, email: EmailSettings, has_files: bool) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let inbox = InboxSettings {
            email: Some(Box::new(email)),
            ..InboxSettings::new("support", ChannelKind::Email)
        };
        let config = Config { inboxes: vec![inbox], ..Config::default() };
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let store = Store::open(&url).await.expect("a store");
        let index = folder.path().join("index");
        let search = Arc::new(Search::open(&index, &Embedding::default()).expect("an index"));
        let mut desk = Desk::open(store, search, Arc::new(config), clock.clone()).expect("a desk");
        if has_files {
            let files = folder.path().join("attachments");
            std::fs::create_dir_all(&files).expect("a folder");
            desk = desk.with_files(files).expect("a desk");
        }
        let desk = Arc::new(desk);
        let (intake, _storing) = Intake::start(Arc::clone(&desk));
        Self { desk, intake, clock, folder }
    }

    async fn read(&self) -> Result<usize, TroubleKind> {
        let read = self.desk.read_mailbox(&inbox(), &self.intake, NODE).await;
        read.map_err(|trouble| trouble.kind)
    }

    /// The subjects of the mails that were stored, oldest first.
    async fn stored(&self) -> Vec<String> {
        let store = &self.desk.store;
        let rows = store.queue(Queue::All, &AgentId::from("nobody"), 0, 100).await.expect("read");
        let mut mails = Vec::new();
        for row in rows {
            mails.extend(store.mail_of(&row.id).await.expect("read"));
        }
        mails.sort_by(|(one, _), (other, _)| one.cmp(other));
        mails.into_iter().map(|(_, mail)| mail.subject).collect()
    }
}

fn inbox() -> InboxName {
    InboxName::from("support")
}

fn mail(id: &str, subject: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!("Message-ID: <{id}>\r\n") };
    format!(
        "From: anna@their.example\r\nTo: support@shop.example\r\nSubject: {subject}\r\n{id}\r\nHi, {subject}?\r\n"
    )
}

fn greeting() -> Vec<Step> {
    vec![
        says("* OK ready"),
        Step::Hears("LOGIN \"support@shop.example\" \"planted\""),
        says("{tag} OK in"),
        Step::Hears("CAPABILITY"),
        says("* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n{tag} OK done"),
    ]
}

fn select(validity: u32, next: u32) -> Vec<Step> {
    let told = format!(
        "* 3 EXISTS\r\n* OK [UIDVALIDITY {validity}] ok\r\n* OK [UIDNEXT {next}] ok\r\n{{tag}} OK [READ-WRITE] done"
    );
    vec![Step::Hears("SELECT \"INBOX\""), says(&told)]
}

fn search(asked: &'static str, found: &str) -> Vec<Step> {
    vec![Step::Hears(asked), says(&format!("* SEARCH {found}\r\n{{tag}} OK done"))]
}

/// Lists and gives these mails: identifier, when it came, itself.
fn give(mails: &[(u32, &str, &str)]) -> Vec<Step> {
    let (mut listed, mut given) = (Vec::new(), Vec::new());
    for (uid, came, mail) in mails {
        let size = mail.len();
        let told = format!("(UID {uid} RFC822.SIZE {size} INTERNALDATE \"{came}\")");
        listed.push(format!("* {uid} FETCH {told}\r\n"));
        given.push(format!("* {uid} FETCH (UID {uid} BODY[] {{{size}}}\r\n{mail})\r\n"));
    }
    vec![
        Step::Hears("(UID RFC822.SIZE INTERNALDATE)"),
        says(&format!("{}{{tag}} OK done", listed.concat())),
        Step::Hears("BODY.PEEK[]"),
        says(&format!("{}{{tag}} OK done", given.concat())),
    ]
}

fn goodbye() -> Vec<Step> {
    vec![Step::Hears("LOGOUT"), says("* BYE\r\n{tag} OK bye")]
}

const CAME: &str = "23-Nov-2026 12:00:00 +0000";

/// A first look at a mailbox whose next mail is number 5.
fn first_look() -> Vec<Step> {
    [greeting(), select(7, 5), search("UID SEARCH UID 5:*", "4"), goodbye()].concat()
}

#[tokio::test]
async fn reading_begins_with_what_comes_from_now_on_and_goes_on_where_it_was_left() {
    let (one, again, nameless) = (mail("1@x", "Boots"), mail("1@x", "Boots"), mail("", "Hat"));
    let scripts = vec![
        first_look(),
        [
            greeting(),
            select(7, 7),
            search("UID 5:*", "5 6"),
            give(&[(5, CAME, &one), (6, CAME, &nameless)]),
            goodbye(),
        ]
        .concat(),
        // The same two again, under other numbers, and the last one that was read.
        [
            greeting(),
            select(7, 9),
            search("UID 7:*", "8 7 6"),
            give(&[(7, CAME, &again), (8, CAME, &nameless)]),
            goodbye(),
        ]
        .concat(),
        [greeting(), select(7, 9), search("UID 9:*", "8"), goodbye()].concat(),
    ];
    let server = Server::play(scripts).await;
    let office = Office::open(settings(imap(server.port))).await;
    for read in [0, 2, 2, 0] {
        assert_eq!(office.read().await, Ok(read));
    }
    assert_eq!(office.stored().await, ["Boots", "Hat"], "each once");
    let heard = server.heard().await.join("\n");
    assert!(!heard.contains("STORE") && !heard.contains("MOVE"), "nothing is marked: {heard}");
    let state = office.desk.mailbox_state(&inbox()).expect("a mailbox");
    assert_eq!(
        (state.reading_since, state.last_mail),
        (Some(office.clock.now()), state.reading_since)
    );
}

#[tokio::test]
async fn older_mail_is_read_at_the_first_look_where_that_is_asked_for() {
    let one = mail("1@x", "Boots");
    let script = [
        greeting(),
        select(7, 9),
        search("UID SEARCH SINCE 20-Nov-2026", "4 8"),
        search("UID 4:*", "4 8"),
        give(&[(4, CAME, &one), (8, CAME, &mail("2@x", "Hat"))]),
        goodbye(),
    ];
    let server = Server::play(vec![script.concat()]).await;
    let office = Office::open(settings(Imap { since_days: 3, ..imap(server.port) })).await;
    assert_eq!(office.read().await, Ok(2));
    assert_eq!(office.stored().await, ["Boots", "Hat"]);
}

#[tokio::test]
async fn a_server_that_counts_anew_brings_nothing_twice_and_nothing_of_long_ago() {
    let (boots, hat) = (mail("1@x", "Boots"), mail("2@x", "Hat"));
    let later = "24-Nov-2026 09:00:00 +0000";
    let scripts = vec![
        first_look(),
        [greeting(), select(7, 6), search("UID 5:*", "5"), give(&[(5, CAME, &boots)]), goodbye()]
            .concat(),
        [
            greeting(),
            select(8, 4),
            search("UID SEARCH SINCE 23-Nov-2026", "1 2 3"),
            search("UID 1:*", "1 2 3"),
            vec![
                Step::Hears("FETCH 1:3 (UID RFC822.SIZE INTERNALDATE)"),
                says(&format!(
                    "* 1 FETCH (UID 1 RFC822.SIZE 9 INTERNALDATE \"23-Nov-2026 08:00:00 +0000\")\r\n\
                     * 2 FETCH (UID 2 RFC822.SIZE {} INTERNALDATE \"{CAME}\")\r\n\
                     * 3 FETCH (UID 3 RFC822.SIZE {} INTERNALDATE \"{later}\")\r\n{{tag}} OK done",
                    boots.len(),
                    hat.len()
                )),
                Step::Hears("FETCH 2:3 (UID BODY.PEEK[])"),
                says(&format!(
                    "* 2 FETCH (UID 2 BODY[] {{{}}}\r\n{boots})\r\n* 3 FETCH (UID 3 BODY[] {{{}}}\r\n{hat})\r\n{{tag}} OK done",
                    boots.len(),
                    hat.len()
                )),
            ],
            goodbye(),
        ]
        .concat(),
        [greeting(), select(8, 4), search("UID 4:*", "3"), goodbye()].concat(),
    ];
    let server = Server::play(scripts).await;
    let office = Office::open(settings(imap(server.port))).await;
    for read in [0, 1, 2, 0] {
        assert_eq!(office.read().await, Ok(read));
    }
    assert_eq!(office.stored().await, ["Boots", "Hat"]);
    server.heard().await;
}

#[tokio::test]
async fn a_mail_that_cannot_be_stored_waits_and_is_read_later() {
    let round = || {
        let boots = mail("1@x", "Boots");
        [greeting(), select(7, 6), search("UID 5:*", "5"), give(&[(5, CAME, &boots)])].concat()
    };
    let server = Server::play(vec![first_look(), round(), [round(), goodbye()].concat()]).await;
    let office = Office::open(settings(imap(server.port))).await;
    assert_eq!(office.read().await, Ok(0));
    let (folder, clock) = (office.folder, office.clock);
    let email = settings(imap(server.port));
    let broken = Office::open_in(folder, clock, email.clone(), false).await;
    assert_eq!(broken.read().await, Err(TroubleKind::Later));
    assert!(broken.stored().await.is_empty());
    let office = broken.at(email).await;
    assert_eq!(office.read().await, Ok(1));
    assert_eq!(office.stored().await, ["Boots"]);
}

#[tokio::test]
async fn no_mail_is_passed_over_where_listing_breaks_off_or_is_refused() {
    let boots = mail("1@x", "Boots");
    let asked = || [greeting(), select(7, 6), search("UID 5:*", "5")].concat();
    let lists = || Step::Hears("(UID RFC822.SIZE INTERNALDATE)");
    let refuses = [
        vec![lists(), says("{tag} NO busy"), Step::Hears("NOOP"), says("{tag} OK done")],
        search("UID 5", "5"),
    ];
    let scripts = vec![
        first_look(),
        // The line is cut once listing was asked for, without a word.
        [asked(), vec![lists()]].concat(),
        [asked(), refuses.concat()].concat(),
        [asked(), give(&[(5, CAME, &boots)]), goodbye()].concat(),
    ];
    let server = Server::play(scripts).await;
    let office = Office::open(settings(imap(server.port))).await;
    assert_eq!(office.read().await, Ok(0));
    for _ in 0..2 {
        office.read().await.expect_err("what is not listed is asked for again");
    }
    assert_eq!(office.read().await, Ok(1));
}

#[tokio::test]
async fn a_mail_that_is_listed_and_not_given_is_never_passed_over() {
    let boots = mail("1@x", "Boots");
    let list = || {
        vec![
            Step::Hears("(UID RFC822.SIZE INTERNALDATE)"),
            says("* 1 FETCH (UID 5 RFC822.SIZE 9)\r\n{tag} OK done"),
        ]
    };
    let gives_nothing = vec![Step::Hears("BODY.PEEK[]"), says("{tag} OK done")];
    let scripts = vec![
        first_look(),
        [greeting(), select(7, 6), search("UID 5:*", "5"), list(), gives_nothing, list()].concat(),
        [greeting(), select(7, 6), search("UID 5:*", "5"), give(&[(5, CAME, &boots)]), goodbye()]
            .concat(),
    ];
    let server = Server::play(scripts).await;
    let office = Office::open(settings(imap(server.port))).await;
    assert_eq!(office.read().await, Ok(0));
    assert_eq!(office.read().await, Err(TroubleKind::Later));
    assert_eq!(office.read().await, Ok(1));
}

#[tokio::test]
async fn what_was_stored_is_marked_and_moved_where_that_is_asked_for() {
    let boots = mail("1@x", "Boots");
    let script = [
        greeting(),
        select(7, 6),
        search("UID 5:*", "5"),
        give(&[(5, CAME, &boots)]),
        vec![
            Step::Hears("UID STORE 5 +FLAGS.SILENT (\\Seen)"),
            says("{tag} OK done"),
            Step::Hears("UID MOVE 5 \"Done\""),
            says("{tag} NO [TRYCREATE] no such folder"),
        ],
        goodbye(),
    ];
    let server = Server::play(vec![first_look(), script.concat()]).await;
    let imap = Imap { mark_read: true, move_to: Some("Done".into()), ..imap(server.port) };
    let office = Office::open(settings(imap)).await;
    assert_eq!(office.read().await, Ok(0));
    assert_eq!(office.read().await, Ok(1), "that it cannot be moved changes nothing");
    server.heard().await;
}

#[tokio::test]
async fn a_mail_of_30_mb_is_read() {
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let large = format!(
        "From: anna@their.example\r\nMessage-ID: <1@x>\r\nSubject: Large\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee there\r\n--b\r\nContent-Type: \
         application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--b--\r\n",
        line.repeat(30 * 1024 * 1024 / line.len())
    );
    let script =
        [greeting(), select(7, 6), search("UID 5:*", "5"), give(&[(5, CAME, &large)]), goodbye()];
    let server = Server::play(vec![first_look(), script.concat()]).await;
    let office = Office::open(settings(imap(server.port))).await;
    assert_eq!(office.read().await, Ok(0));
    assert_eq!(office.read().await, Ok(1));
    assert_eq!(office.stored().await, ["Large"]);
}

#[tokio::test]
async fn a_wrong_password_is_told_in_words() {
    let script = vec![
        says("* OK ready"),
        Step::Hears("LOGIN"),
        says("{tag} NO [AUTHENTICATIONFAILED] Authentication failed."),
    ];
    let server = Server::play(vec![script]).await;
    let office = Office::open(settings(imap(server.port))).await;
    let read = office.desk.read_mailbox(&inbox(), &office.intake, NODE).await;
    let trouble = read.expect_err("it is refused");
    assert_eq!(trouble.kind, TroubleKind::Login);
    assert!(trouble.words.contains("user and password"), "{trouble}");
    assert!(trouble.words.contains("[AUTHENTICATIONFAILED]"), "{trouble}");
    assert!(!trouble.words.contains("planted"), "{trouble}");
}

#[tokio::test]
async fn a_token_that_has_ended_is_asked_for_anew_once() {
    let granted = |token: &str| {
        fake::json(200, &format!(r#"{{"access_token":"{token}","expires_in":3600}}"#))
    };
    let (url, asked) = fake::http(vec![granted("old"), granted("new")]).await;
    let refused = vec![
        says("* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] ready"),
        Step::Hears("AUTHENTICATE XOAUTH2"),
        says("+ "),
        // user=support@shop.example, auth=Bearer old
        Step::Hears("dXNlcj1zdXBwb3J0QHNob3AuZXhhbXBsZQFhdXRoPUJlYXJlciBvbGQBAQ=="),
        says("+ eyJzdGF0dXMiOiI0MDEifQ=="),
        Step::Hears(""),
        says("a1 NO [AUTHENTICATIONFAILED] Invalid credentials"),
    ];
    let taken = vec![
        says("* OK [CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER] ready"),
        Step::Hears("AUTHENTICATE OAUTHBEARER"),
        says("+ "),
        Step::Hears("bixhPXN1cHBvcnRAc2hvcC5leGFtcGxlLAFob3N0PTEyNy4wLjAuMQ"),
        says("A0001 OK in"),
        Step::Hears("CAPABILITY"),
        says("* CAPABILITY IMAP4rev1\r\n{tag} OK done"),
    ];
    let taken = [taken, select(7, 5), search("UID 5:*", "4"), goodbye()].concat();
    let server = Server::play(vec![refused, taken]).await;
    let oauth = Oauth {
        provider: Provider::Custom,
        client_id: "app".into(),
        client_secret: None,
        client_secret_env: None,
        client_secret_file: None,
        refresh_token: Some(Secret::from("refresh")),
        refresh_token_env: None,
        refresh_token_file: None,
        tenant: None,
        token_url: Some(url),
        scope: None,
    };
    let email = EmailSettings { oauth: Some(oauth), ..settings(imap(server.port)) };
    let office = Office::open(email).await;
    assert_eq!(office.read().await, Ok(0));
    assert_eq!(asked.await.expect("two requests").len(), 2);
}

/// Reads until the server has played everything.
async fn follow(office: &Office, server: Server) -> Vec<String> {
    let (stop, stopped) = watch::channel(false);
    let (desk, intake) = (Arc::clone(&office.desk), office.intake.clone());
    let reading = tokio::spawn(desk.read_mailboxes(intake, NODE.into(), stopped));
    let heard = server.heard().await;
    stop.send_replace(true);
    tokio::time::timeout(Duration::from_secs(5), reading).await.expect("it stops").expect("well");
    heard
}

fn idle(then: Vec<Step>) -> Vec<Step> {
    let asks =
        vec![Step::Hears("NOOP"), says("{tag} OK done"), Step::Hears("IDLE"), says("+ idling")];
    [asks, then].concat()
}

#[tokio::test]
async fn news_is_read_at_once_and_a_silent_connection_is_left() {
    let boots = mail("1@x", "Boots");
    let told = vec![says("* 4 EXISTS"), Step::Hears("DONE"), says("A0006 OK done")];
    let first = [
        greeting(),
        select(7, 5),
        search("UID 5:*", "4"),
        idle(told),
        search("UID 5:*", "5"),
        give(&[(5, CAME, &boots)]),
        // From here on the server says nothing any more, and does not hang up either.
        idle(vec![Step::Sulks]),
    ];
    let second = [greeting(), select(7, 6), search("UID 6:*", "5")];
    let server = Server::play(vec![first.concat(), second.concat()]).await;
    let office = Office::open(settings(imap(server.port))).await;
    follow(&office, server).await;
    assert_eq!(office.stored().await, ["Boots"]);
}

#[tokio::test]
async fn another_node_reads_it_only_once_the_first_lets_go() {
    let server = Server::play(vec![first_look(), first_look()]).await;
    let office = Office::open(settings(imap(server.port))).await;
    assert_eq!(office.read().await, Ok(0));
    let other = |office: &Office| {
        let (desk, intake) = (Arc::clone(&office.desk), office.intake.clone());
        async move { desk.read_mailbox(&inbox(), &intake, "other").await.map_err(|it| it.kind) }
    };
    assert_eq!(other(&office).await, Err(TroubleKind::Later));
    office.clock.advance(TimeDelta::seconds(61));
    assert_eq!(other(&office).await, Ok(0));
    assert_eq!(office.read().await, Err(TroubleKind::Later));
}

#[test]
fn waits_double_up_to_the_longest_and_people_get_time() {
    for (failures, needs_person, longest) in [
        (1, false, Duration::from_secs(1)),
        (4, false, Duration::from_secs(8)),
        (u32::MAX, false, LONGEST_WAIT),
        (1, true, Duration::from_mins(1)),
    ] {
        let wait = wait_after(failures, needs_person);
        assert!(wait <= longest && wait >= longest / 2, "{failures}: {wait:?}");
    }
}

#[test]
fn only_so_much_is_in_memory_at_once() {
    let small = u32::try_from(IN_MEMORY / 4).expect("it fits");
    let large = u32::try_from(IN_MEMORY * 8).expect("it fits");
    let sizes = |sizes: &[u32]| -> Vec<usize> {
        let mails: Vec<Listed> =
            sizes.iter().map(|size| Listed { uid: 1, size: *size, came_at: None }).collect();
        in_memory(&mails).map(<[Listed]>::len).collect()
    };
    assert_eq!(sizes(&[small; 9]), [4, 4, 1]);
    assert_eq!(sizes(&[small, large, small, large]), [1, 1, 1, 1]);
    assert_eq!(sizes(&[0, 0]), [2]);
    assert!(sizes(&[]).is_empty());
}

#[tokio::test]
async fn a_signature_vouches_for_whoever_no_server_of_ours_speaks_for() {
    let name_server = Some(fake::name_server(&["their.example"]));
    let plain = EmailSettings { name_server, ..EmailSettings::new("support@shop.example") };
    let unasked = EmailSettings { check_signatures: false, ..plain.clone() };
    let believing = EmailSettings { authserv: vec!["mx.shop.example".into()], ..plain.clone() };
    let noted = "Authentication-Results: mx.shop.example; dmarc=fail header.from=their.example\r\n";
    let signed = fake::signed(&mail("1@x", "Boots"), "their.example");
    for (settings, raw, auth) in [
        (plain.clone(), signed.clone(), SenderAuth::Pass),
        (plain, mail("1@x", "Boots"), SenderAuth::None),
        (unasked, signed.clone(), SenderAuth::None),
        (believing, format!("{noted}{signed}"), SenderAuth::Fail),
    ] {
        let office = Office::open(settings).await;
        let channel = office.desk.channel(&inbox()).expect("a channel");
        let (headers, now) = (http::HeaderMap::new(), office.clock.now());
        let arrival = Arrival { headers: &headers, body: raw.as_bytes(), visitor: None, now };
        let inbound = channel.parse(arrival).expect("a mail").remove(0);
        let received = office.desk.receive_mail(&office.intake, inbound).await.expect("stored");
        let stored = office.desk.store.mail_of(&received.conversation_id).await.expect("read");
        assert_eq!(stored.values().next().map(|mail| mail.auth), Some(auth), "{raw}");
    }
}
