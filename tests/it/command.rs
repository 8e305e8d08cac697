//! The command line when something is wrong: exit code 1 (2 for arguments), one sentence that says
//! what to do, and nothing on standard output to be taken for a result.

use crate::support::Program;
use std::fs;
use std::net::TcpListener;
use std::process::{Command, Output};
use tempfile::TempDir;

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sureply"));
    command.current_dir(folder.path()).args(arguments).output().expect("the program starts")
}

fn assert_refused(output: &Output, code: i32, parts: &[&str]) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    for part in parts {
        assert!(errors.contains(part), "{part}: {errors}");
    }
    assert!(!errors.contains("panicked"), "{errors}");
}

#[test]
fn what_cannot_work_is_refused_in_a_sentence() {
    let folder = TempDir::new().expect("a folder");
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).expect(name);
    write("sureply.toml", b"[server]\nlisten = '127.0.0.1:0'\n");
    write("data-that-is-a-file", b"");
    write("no.db", "notes, and no database at all ".repeat(99).as_bytes());
    write("listen.toml", b"[server]\nlisten = 'nowhere'\n");
    write("typo.toml", b"[servr]\nlisten = '127.0.0.1:1'\n");
    write("nodb.toml", b"[database]\nurl = 'sqlite://no.db'\n");
    write("broken.md", b"---\nid: x\n---\n\n## Question?\n\nAnswer.\n");
    write("latin.md", b"---\nid: x\nlang: en\ntitle: T\ntopic: t\n---\n\n## Caf\xe9?\n\nYes.\n");
    write("unlabelled.jsonl", b"{\"text\": \"how\"}\n");
    write("huge.md", &vec![b'a'; 10_000_000]);
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    fs::create_dir(folder.path().join("unknown")).expect("a folder");
    write("unknown/kb.jsonl", br#"{"id":"a","question":"How?","answer":"So."}"#);
    write("unknown/queries.jsonl", b"\n{\"text\":\"how\",\"gold\":[\"b\"]}\n");
    for (arguments, code, parts) in [
        (vec!["serve", "--config", "listen.toml"], 1, vec!["server.listen", "listen.toml"]),
        (vec!["calibrate", "unlabelled.jsonl"], 1, vec!["unlabelled.jsonl:1", "\"gold\""]),
        (vec!["serve", "--config", "typo.toml"], 1, vec!["servr", "server"]),
        (vec!["serve", "--config", "absent.toml"], 1, vec!["absent.toml"]),
        (vec!["serve", "--data", "data-that-is-a-file"], 1, vec!["data-that-is-a-file"]),
        (vec!["ask", "hello", "--config", "nodb.toml"], 1, vec!["database"]),
        (vec!["ask", "  "], 1, vec!["nothing to consider"]),
        (vec!["ask", "hello", "--inbox", "fax"], 1, vec!["no inbox `fax`", "web, api"]),
        (vec!["import", "absent"], 1, vec!["absent"]),
        (vec!["import", "broken.md"], 1, vec!["nothing was imported"]),
        (vec!["check", "empty"], 1, vec!["1 problem found"]),
        (vec!["simulate", "empty"], 1, vec!["questions"]),
        (vec!["eval"], 2, vec!["DIR"]),
        (vec!["eval", "absent"], 1, vec!["absent is no folder"]),
        (vec!["eval", "empty"], 1, vec!["empty holds no kb.jsonl", "--kb"]),
        (
            vec!["eval", "unknown"],
            1,
            vec!["queries.jsonl:2: gold names `b`", "kb.jsonl does not hold"],
        ),
        (vec!["simulate", "empty", "--rate", "fast"], 2, vec!["--rate"]),
        (vec!["agent", "add", "nobody"], 1, vec!["no e-mail address"]),
        (vec!["dance"], 2, vec!["dance"]),
    ] {
        assert_refused(&run(&folder, &arguments), code, &parts);
    }
    for (file, part) in
        [("broken.md", "broken.md:"), ("latin.md", "latin.md:8"), ("huge.md", "huge.md")]
    {
        let output = run(&folder, &["import", file]);
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn what_an_inbox_names_and_is_not_there_is_found_by_a_check() {
    let folder = TempDir::new().expect("a folder");
    let mailbox = "[[inbox]]\nname = 'help'\nchannel = 'email'\n[inbox.email]\naddress = 'help@shop.example'\n";
    let variable = "password_env = 'NO_SUCH_VARIABLE'\nimap = { host = 'imap.shop.example' }\n";
    for (settings, part) in [
        (
            variable,
            "inbox `help`: reading inbox.email.password_env: the variable `NO_SUCH_VARIABLE`",
        ),
        ("password_file = 'no-password'\n", "inbox.email.password_file no-password"),
        ("logo = 'no-logo.png'\n", "inbox.email.logo no-logo.png"),
        ("ca_file = 'no-ca.pem'\n", "inbox.email.ca_file no-ca.pem"),
    ] {
        let file = folder.path().join("mail.toml");
        fs::write(file, format!("{mailbox}{settings}")).expect("settings");
        let output = run(&folder, &["check", "--config", "mail.toml"]);
        assert_refused(&output, 1, &["1 problem found"]);
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.contains(part), "{told}");
    }
    let output = run(&folder, &["inbox", "add", "email", "help@shop.example"]);
    assert_refused(&output, 1, &["--password-env"]);
}

#[test]
fn a_number_that_cannot_be_added_is_refused_before_meta_is_asked() {
    let folder = TempDir::new().expect("a folder");
    let settings = "[[inbox]]\nname = 'wa'\nchannel = 'whatsapp'\n[inbox.whatsapp]\nphone_number_id = '1065'\n\
                    app_secrets = ['0123456789abcdef']\nverify_token = 'our own words'\n";
    fs::write(folder.path().join("sureply.toml"), settings).expect("settings");
    fs::write(folder.path().join("secret"), "0123456789abcdef").expect("a secret");
    // Whoever asked Meta all the same would ask nobody.
    let known = "--business-account-id 7 --app-secret-file secret --graph-url http://127.0.0.1:1 --token-file secret";
    for (arguments, parts) in [
        ("--name My/number --phone-number-id 1066", vec!["My/number", "lower-case letters"]),
        ("--name wa --phone-number-id 1066", vec!["there is an inbox `wa` already", "--name"]),
        ("--phone-number-id 1065", vec!["1065 has an inbox already, `wa`"]),
        (
            "--phone-number-id 1066 --public-url http://shop.example",
            vec!["--public-url", "https://"],
        ),
    ] {
        let add = format!("inbox add whatsapp {arguments} {known}");
        let output = run(&folder, &add.split(' ').collect::<Vec<_>>());
        assert_refused(&output, 1, &parts);
    }
    let unset = known.replace("--token-file secret", "--token-env NO_SUCH_VARIABLE");
    let add = format!("inbox add whatsapp --phone-number-id 1066 {unset}");
    let output = run(&folder, &add.split(' ').collect::<Vec<_>>());
    assert_refused(&output, 1, &["access_token_env: the variable `NO_SUCH_VARIABLE`"]);
}

#[test]
fn an_import_says_that_the_sample_is_gone_and_a_check_looks_at_what_is_in_use() {
    let folder = TempDir::new().expect("a folder");
    let own = "---\nid: own\nlang: en\ntitle: Ours\ntopic: t\n---\n\n## How?\n\nSo.\n";
    fs::write(folder.path().join("own.md"), own).expect("an article");
    let told = |arguments: &[&str]| {
        let output = run(&folder, arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(told(&["check"]).starts_with("the sample with "), "nothing else is there yet");
    assert!(!folder.path().join("data").exists(), "looking makes nothing");
    assert!(told(&["import", "own.md"]).contains("the sample is gone"));
    assert!(!told(&["import", "own.md"]).contains("sample"), "it was gone before");
    assert!(told(&["check"]).starts_with("the imported knowledge with 1 entry,"));
}

#[tokio::test]
async fn a_port_or_a_data_folder_in_use_is_named() {
    let folder = TempDir::new().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let settings = format!("[server]\nlisten = '{address}'\n");
    fs::write(folder.path().join("sureply.toml"), settings).expect("the settings are written");
    assert_refused(&run(&folder, &["serve"]), 1, &[&address, "another server"]);

    let mut program = Program::with("").await;
    program.serve().await;
    let settings = "[server]\nlisten = '127.0.0.1:0'\n";
    fs::write(folder.path().join("sureply.toml"), settings).expect("the settings are written");
    let data = program.data().display().to_string();
    assert_refused(&run(&folder, &["serve", "--data", &data]), 1, &["used by another server"]);
    let asked = run(&folder, &["ask", "how long may I return boots?", "--data", &data]);
    assert!(asked.status.success(), "asking beside a server works");
    program.kill();
}
