//! A section is added to the settings, and all of them are still good, or nothing has changed.

use crate::config::Config;
use anyhow::{Context, Result};
use std::io::Write as _;
use std::path::Path;

/// The inboxes that there are as long as the settings name none; they are to stay.
const USUAL: &str = "\n[[inbox]]\nname = \"web\"\nchannel = \"webchat\"\n\n[[inbox]]\nname = \"api\"\nchannel = \"api\"\n";

/// Adds a section at a file's end; the file is changed only if all of it is still good.
pub(super) fn write(file: &Path, section: &str) -> Result<()> {
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
