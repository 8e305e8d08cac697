//! The chat and the desk in a real browser, by keyboard: a question gets its cited answer, another
//! one reaches the queue, and a person's reply arrives while the customer looks on.

use crate::support::{Browser, Driver, Program};
use fantoccini::key::Key;

const SETTINGS: &str = "
[[inbox]]
name = 'web'
channel = 'webchat'
quiet_seconds = 1
[desk]
undo_seconds = 1
";

fn enter() -> String {
    String::from(char::from(Key::Enter))
}

#[tokio::test]
async fn a_customer_gets_an_answer_and_then_a_person() {
    let Some(driver) = Driver::start() else {
        eprintln!("LEFT OUT: chromedriver is not installed, so no browser was opened");
        return;
    };
    let mut program = Program::with(SETTINGS).await;
    program.serve().await;
    let (customer, agent) = (driver.open().await, driver.open().await);

    join(&program, &agent).await;
    agent.goto(&program.url("/queue/handed-off")).await;
    customer.goto(&program.url("/chat/web")).await;
    program.logs("the sample's labelled questions count as evidence").await;
    ask_what_is_documented(&customer).await;
    ask_what_is_not(&customer).await;
    reply(&agent, "Not this year, but I can put it on the list.").await;
    customer.read(".message.agent", "put it on the list").await;
    customer.picture("chat").await;

    a_reload_keeps_the_conversation(&customer).await;
    for (browser, who) in [(&customer, "chat"), (&agent, "desk")] {
        assert_eq!(browser.complaints().await, [""; 0], "{who}");
    }
    a_broken_policy_would_be_noticed(&customer).await;
    customer.close().await;
    agent.close().await;
}

/// The first admin comes in by the link that the program prints.
async fn join(program: &Program, agent: &Browser) {
    let log = program.log();
    let link = log.lines().find_map(|line| line.split_once("First admin: "));
    let (_, link) = link.unwrap_or_else(|| panic!("no link is printed: {log}"));
    agent.goto(link.trim()).await;
    for (id, words) in
        [("name", "Ada"), ("email", "ada@shop.example"), ("password", "four plain old words")]
    {
        agent.tab_to(id).await;
        agent.press(words).await;
    }
    agent.press(&enter()).await;
    agent.see("#queues").await;
}

async fn ask(customer: &Browser, question: &str) {
    customer.tab_to("chat-text").await;
    customer.press(question).await;
    customer.press(&enter()).await;
}

async fn ask_what_is_documented(customer: &Browser) {
    ask(customer, "When is the Bristol store open?").await;
    let source = "Source: When is the Bristol store open?";
    for part in ["14 Cooper", source, "automatic answer"] {
        customer.read(".message.bot", part).await;
    }
}

async fn ask_what_is_not(customer: &Browser) {
    ask(customer, "Can you teach my parrot to whistle?").await;
    customer.see(".message.bot ~ .message.bot").await;
    customer.see("#chat[data-with=waiting]").await;
    customer.read("#chat-standing", "A person will answer here").await;
}

/// The agent, who has the queue open, sees the conversation come and answers it.
async fn reply(agent: &Browser, words: &str) {
    agent.read(".row", "my parrot").await;
    agent.picture("queue").await;
    agent.press("j").await;
    agent.see(".row.chosen").await;
    agent.press(&enter()).await;
    agent.see("#composer").await;
    agent.picture("conversation").await;
    agent.press("r").await;
    agent.press(words).await;
    agent.press_with_control(Key::Enter).await;
    agent.see(".desk-queue").await;
}

async fn a_reload_keeps_the_conversation(customer: &Browser) {
    customer.client.refresh().await.expect("the page opens again");
    customer.read(".message.agent", "on the list").await;
    let shown = customer.text("#chat-log").await;
    for part in ["14 Cooper", "my parrot", "on the list"] {
        assert_eq!(shown.matches(part).count(), 1, "{part}: {shown}");
    }
}

/// That there were no complaints only counts if there would have been one.
async fn a_broken_policy_would_be_noticed(customer: &Browser) {
    let inline =
        "document.body.append(Object.assign(document.createElement('script'), { text: '1' }))";
    customer.client.execute(inline, Vec::new()).await.expect("the script runs");
    let complaints = customer.complaints().await.join("\n");
    assert!(complaints.contains("Content Security Policy"), "{complaints}");
}
