//! `sureply inbox`: finds out where a mailbox is, tries it, and writes it into the settings.

use super::out;
use crate::channel::{Back, find_servers, round_trip, section, server, try_reading, try_sending};
use crate::clock::Clock;
use crate::config::{Config, EmailSettings, Imap, Smtp};
use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand, ValueEnum};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What to do with inboxes.
#[derive(Debug, Subcommand)]
pub(super) enum Inbox {
    /// Finds out where a mailbox is, tries it, and writes it into the settings.
    Add(Add),
    /// Lists the inboxes of the settings.
    List,
}

/// The kinds of inbox that can be added.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// A mailbox.
    Email,
}

/// The mailbox to add.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// The kind of inbox.
    kind: Kind,
    /// The address that customers write to.
    address: String,
    /// The inbox's name; by default the address's first part.
    #[arg(long)]
    name: Option<String>,
    /// The environment variable that holds the password.
    #[arg(long, value_name = "VARIABLE", conflicts_with = "password_file")]
    password_env: Option<String>,
    /// The file that holds the password.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The server that is read from, such as imap.example.com or imap.example.com:993.
    #[arg(long, value_name = "HOST[:PORT]")]
    imap: Option<String>,
    /// The server that is sent by, such as smtp.example.com or smtp.example.com:587.
    #[arg(long, value_name = "HOST[:PORT]")]
    smtp: Option<String>,
    /// Sends a mail to itself as well, and waits until it is there.
    #[arg(long)]
    round_trip: bool,
    /// Only finds out and tries; writes nothing.
    #[arg(long)]
    test: bool,
}

pub(super) async fn inbox(file: Option<&Path>, config: &Config, command: Inbox) -> Result<()> {
    match command {
        Inbox::List => {
            for inbox in &config.inboxes {
                let address = inbox.email.as_ref().map_or("", |email| email.address.as_str());
                out::line(
                    format!("{}\t{}\t{}\t{address}", inbox.name, inbox.channel, inbox.mode)
                        .trim_end(),
                );
            }
            Ok(())
        }
        Inbox::Add(add) => match add.kind {
            Kind::Email => add_email(file.unwrap_or(Path::new("sureply.toml")), config, &add).await,
        },
    }
}

async fn add_email(file: &Path, config: &Config, add: &Add) -> Result<()> {
    let name = name_of(add)?;
    let is_taken = config.inboxes.iter().any(|inbox| inbox.name == name) && file.exists();
    ensure!(!is_taken, "there is an inbox `{name}` already; choose another with --name");
    ensure!(
        add.password_env.is_some() || add.password_file.is_some(),
        "say where the password is: --password-env VARIABLE or --password-file FILE; it is not written down"
    );
    let settings = settings(add).await?;
    let mut problems = 0;
    for (what, tried) in
        [("reading", try_reading(&settings).await), ("sending", try_sending(&settings).await)]
    {
        match tried {
            Ok(()) => out::line(format_args!("{what}: works")),
            Err(trouble) => {
                problems += 1;
                out::line(format_args!("{what}: {trouble}"));
            }
        }
    }
    if problems == 0 && add.round_trip {
        match round_trip(&settings, Clock::real().now()).await {
            Ok(back) => out::line(format_args!("a mail to itself: {}", told(back))),
            Err(trouble) => {
                problems += 1;
                out::line(format_args!("a mail to itself: {trouble}"));
            }
        }
    }
    if problems > 0 {
        bail!("the mailbox cannot be used like this; nothing was written");
    }
    if !add.test {
        write(file, &section(&name, &settings))?;
        out::line(format_args!(
            "inbox `{name}` was added to {}; restart the server to use it",
            file.display()
        ));
    }
    Ok(())
}

/// How a mail to itself came back.
fn told(back: Back) -> String {
    let plus = if back.plus_addressing {
        "addresses with a plus arrive too, so plus_addressing = true may be set"
    } else {
        "addresses with a plus do not arrive, so leave plus_addressing off"
    };
    format!("it came after {} s; {plus}", back.took.as_secs())
}

fn name_of(add: &Add) -> Result<String> {
    let local = add.address.split('@').next().unwrap_or_default().to_lowercase();
    let plain: String =
        local.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = add.name.clone().unwrap_or(plain);
    ensure!(!name.is_empty() && add.address.contains('@'), "`{}` is no address", add.address);
    Ok(name)
}

/// The settings that the arguments and the domain give.
async fn settings(add: &Add) -> Result<EmailSettings> {
    let found = match (&add.imap, &add.smtp) {
        (Some(_), Some(_)) => None,
        _ => find_servers(&add.address).await,
    };
    if let Some(hint) = found.as_ref().and_then(|found| found.hint) {
        out::line(format_args!("note: {hint}"));
    }
    let missing = "nobody says where this mailbox is; name its servers with --imap and --smtp";
    let (imap, smtp) = (found.as_ref().map(|it| &it.imap), found.as_ref().map(|it| &it.smtp));
    let imap = server(add.imap.as_deref(), imap, 993).context(missing)?;
    let smtp = server(add.smtp.as_deref(), smtp, 465).context(missing)?;
    let (password_env, password_file) = (add.password_env.clone(), add.password_file.clone());
    Ok(EmailSettings {
        password_env,
        password_file,
        imap: Some(Imap::new(&imap.0, imap.1, imap.2)),
        smtp: Some(Smtp::new(&smtp.0, smtp.1, smtp.2)),
        ..EmailSettings::new(&add.address)
    })
}

/// The inboxes that there are as long as the settings name none; they are to stay.
const USUAL: &str = "\n[[inbox]]\nname = \"web\"\nchannel = \"webchat\"\n\n[[inbox]]\nname = \"api\"\nchannel = \"api\"\n";

/// Adds a section at a file's end; the file is changed only if all of it is still good.
fn write(file: &Path, section: &str) -> Result<()> {
    let before = if file.exists() {
        std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?
    } else {
        String::new()
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let trial = folder.unwrap_or(Path::new(".")).join(".sureply-inbox.toml");
    let writing = || format!("writing {}", trial.display());
    let mut new = std::fs::File::create(&trial).with_context(writing)?;
    let names_any = before.lines().any(|line| line.trim() == "[[inbox]]");
    let usual = if names_any { "" } else { USUAL };
    new.write_all(format!("{before}{usual}{section}").as_bytes()).with_context(writing)?;
    new.sync_all().with_context(writing)?;
    let checked = Config::load(Some(&trial)).map(drop);
    let ended = checked.and_then(|()| std::fs::rename(&trial, file).with_context(writing));
    if ended.is_err() {
        drop(std::fs::remove_file(&trial));
    }
    ended.with_context(|| format!("{} was left as it is", file.display()))
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::channel::section;
    use crate::config::Security::{StartTls, Tls};
    use crate::config::{Config, EmailSettings, Imap, Smtp};

    fn settings() -> EmailSettings {
        EmailSettings {
            password_env: Some("SUPPORT_PASSWORD".into()),
            imap: Some(Imap::new("imap.shop.example", 993, Tls)),
            smtp: Some(Smtp::new("smtp.shop.example", 587, StartTls)),
            ..EmailSettings::new("support@shop.example")
        }
    }

    #[test]
    fn the_usual_inboxes_stay_where_none_was_named() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = folder.path().join("sureply.toml");
        write(&file, &section("support", &settings())).expect("added");
        let config = Config::load(Some(&file)).expect("good settings");
        let names: Vec<_> = config.inboxes.iter().map(|inbox| inbox.name.as_str()).collect();
        assert_eq!(names, ["web", "api", "support"]);
    }

    #[test]
    fn a_section_is_added_and_the_file_stays_good() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = folder.path().join("sureply.toml");
        std::fs::write(&file, "# mine\n[[inbox]]\nname = \"web\"\nchannel = \"webchat\"\n")
            .expect("written");
        write(&file, &section("support", &settings())).expect("added");
        let text = std::fs::read_to_string(&file).expect("read");
        assert!(text.starts_with("# mine\n"), "{text}");
        let config = Config::load(Some(&file)).expect("good settings");
        let email = config.inboxes[1].email.as_deref().expect("its section");
        let smtp = email.smtp.as_ref().expect("smtp");
        assert_eq!((smtp.port(), smtp.security), (587, StartTls));

        let refused =
            write(&file, &section("support", &settings())).expect_err("the name is taken");
        assert!(format!("{refused:#}").contains("left as it is"), "{refused:#}");
        assert_eq!(std::fs::read_to_string(&file).expect("read"), text);
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("read").count(),
            1,
            "nothing is left lying"
        );
    }
}
