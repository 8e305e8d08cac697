//! The server that is measured, with customers who were written to.

use super::traffic::{OUTGOING, Traffic, phone};
use super::{books, sqlite};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use std::path::Path;
use std::time::Duration;
use sureply::fake::{Graph, Said};
use sureply::{App, Clock, Config};
use tempfile::TempDir;

/// Whose conversation the others are copied from: the last of those who are there.
const FIRST: usize = 9_999_999;
/// Meanwhile the server takes stock of what it finds.
const SETTLES: Duration = Duration::from_secs(45);

/// A conversation with one message of the customer's and one of ours, which has left; and copies of it.
const COPIES: [&str; 7] = [
    "insert into contact (id, name, created_at) select 'c' || i, 'Customer ' || i, created_at
     from n, (select * from contact limit 1)",
    "insert into identity (inbox, value, contact_id, seen_at)
     select inbox, replace(value, '9999999', printf('%07d', i)), 'c' || i, seen_at
     from n, (select * from identity)",
    "insert into conversation (id, inbox, contact_id, status, lang, priority, topic, last_seq, last_shown,
         handoff_told, window_expires_at, created_at, updated_at)
     select 'v' || i, inbox, 'c' || i, 'bot', lang, priority, topic, 2, 2, handoff_told, window_expires_at,
         created_at, updated_at
     from n, (select * from conversation limit 1)",
    "insert into message (id, conversation_id, seq, shown, inbox, external_id, author, visibility, body,
         attachments, citations, choices, sent_at, received_at)
     select 'in' || i, 'v' || i, 1, 1, inbox, 'wamid.BEFORE' || i, author, visibility, body, attachments,
         citations, choices, sent_at, received_at
     from n, (select * from message limit 1)",
    "insert into whatsapp (message_id, kind, forwarded) select 'in' || i, kind, forwarded
     from n, (select * from whatsapp limit 1)",
    "insert into message (id, conversation_id, seq, shown, inbox, author, visibility, body, attachments,
         citations, choices, sent_at, received_at)
     select 'out' || i, 'v' || i, 2, 2, inbox, 'bot', visibility, 'This is what we answer to ' || i,
         attachments, citations, choices, sent_at, received_at
     from n, (select * from message where id = 'in0')",
    "insert into outbox (id, conversation_id, message_id, inbox, seq, state, due_at, attempts, provider_id,
         created_at, updated_at)
     select 'o' || i, 'v' || i, 'out' || i, inbox, 2, 'sent', received_at, 1, 'wamid.OUT' || i, received_at,
         received_at
     from n, (select * from message where id = 'in0')",
];

pub(crate) struct Server {
    app: App,
    folder: TempDir,
}

impl Server {
    pub(crate) async fn start(graph: &Graph) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let file = folder.path().join("sureply.toml");
        // The quiet time is long, so that turns are opened and none is answered.
        let long = "'whatsapp'\nquiet_seconds = 36000\nquiet_cap_seconds = 72000\n";
        let inbox = graph.settings("wa").replacen("'whatsapp'\n", long, 1);
        let settings = format!("[server]\nlisten = '127.0.0.1:0'\n{inbox}");
        std::fs::write(&file, settings).expect("the settings can be written");
        let config = Config::load(Some(&file)).expect("the settings are good");
        // As it runs in earnest: what is not logged costs a little, too.
        sureply::bench::start_logging(&config.log).expect("logging starts");
        let app = App::start(folder.path(), config.clone()).await.expect("the server starts");
        let hook = format!("http://{}/webhook/whatsapp/wa", app.address());
        graph.call_back(&hook, &Clock::real());
        let said = Said::Text("How long do I have to return something?".into());
        graph.says(&phone(FIRST), &said).await.expect("it is taken in");
        app.stop().await;
        copy(folder.path()).await;
        let app = App::start(folder.path(), config).await.expect("the server starts again");
        tokio::time::sleep(SETTLES).await;
        Self { app, folder }
    }

    pub(crate) fn address(&self) -> String {
        self.app.address().to_string()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that was acked and is not stored as it should be, in words.
    pub(crate) async fn stop_and_check(self, traffic: &Traffic) -> Vec<String> {
        self.app.stop().await;
        let mut database = open(self.folder.path()).await;
        let names = "select external_id from message where external_id like 'wamid.IN%' and id in
             (select message_id from whatsapp)";
        let stored = sqlx::query_scalar(names).fetch_all(&mut database).await.expect("messages");
        let mut faults = books::messages(traffic, stored);
        let states = "select id, state from outbox";
        let stored = sqlx::query_as(states).fetch_all(&mut database).await.expect("deliveries");
        faults.extend(books::states(traffic, stored));
        let kept = "select kind || ' is kept: ' || body from whatsapp_kept";
        faults.extend(
            sqlx::query_scalar::<_, String>(kept)
                .fetch_all(&mut database)
                .await
                .expect("what is kept"),
        );
        database.close().await.expect("it is closed");
        faults
    }
}

async fn open(folder: &Path) -> SqliteConnection {
    let url = sqlite(&folder.join("sureply.db"));
    SqliteConnection::connect(&url).await.expect("the database opens")
}

async fn copy(folder: &Path) {
    let mut database = open(folder).await;
    // The first conversation's own message is none of those that are counted.
    let first = "update message set external_id = 'wamid.BEFORE'";
    sqlx::query(first).execute(&mut database).await.expect("it is renamed");
    for copies in COPIES {
        let numbers =
            "with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < $1) ";
        let (into, select) = copies.split_once("select").expect("it selects");
        let sql = AssertSqlSafe(format!("{into} {numbers} select {select}"));
        let count = i64::try_from(OUTGOING).expect("not that many");
        sqlx::query(sql).bind(count).execute(&mut database).await.expect(copies);
    }
    database.close().await.expect("it is closed");
}
