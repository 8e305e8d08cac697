//! A number's settings as they stand in a file, and what is pasted into Meta's console.

use crate::channel::email::setup::{lines, path};
use crate::config::{Secret, WhatsappSettings};

/// What Meta is to tell of (Meta, "Webhooks", Fields).
const FIELDS: [&str; 13] = [
    "messages",
    "smb_message_echoes",
    "user_id_update",
    "user_preferences",
    "message_template_status_update",
    "message_template_quality_update",
    "template_category_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "account_update",
    "account_alerts",
    "account_review_update",
    "business_capability_update",
];

/// What is pasted into Meta's console, line by line: a name and a value.
pub fn console(
    public_url: &str,
    inbox: &str,
    settings: &WhatsappSettings,
) -> [(&'static str, String); 3] {
    [
        ("callback", format!("{}/webhook/whatsapp/{inbox}", public_url.trim_end_matches('/'))),
        ("verify-token", settings.verify_token.expose().to_owned()),
        ("fields", FIELDS.join(", ")),
    ]
}

/// The section as it stands in a file. The token and the app's secret are named; they stand in it only where they
/// were given by themselves.
pub fn section(name: &str, settings: &WhatsappSettings) -> String {
    let inbox = [("name", Some(name)), ("channel", Some("whatsapp")), ("mode", Some("draft"))];
    let token_file = path(settings.access_token_file.as_ref());
    let secret_file = path(settings.app_secret_file.as_ref());
    let usual = WhatsappSettings::new("", "", "");
    let differs = |own: &String, usual: &String| Some(own.clone()).filter(|own| own != usual);
    let (url, version) = (
        differs(&settings.graph_url, &usual.graph_url),
        differs(&settings.graph_version, &usual.graph_version),
    );
    let whatsapp = [
        ("phone_number_id", Some(settings.phone_number_id.as_str())),
        ("business_account_id", settings.business_account_id.as_deref()),
        ("access_token", settings.access_token.as_ref().map(Secret::expose)),
        ("access_token_env", settings.access_token_env.as_deref()),
        ("access_token_file", token_file.as_deref()),
        ("app_secret_env", settings.app_secret_env.as_deref()),
        ("app_secret_file", secret_file.as_deref()),
        ("verify_token", Some(settings.verify_token.expose())),
        ("graph_url", url.as_deref()),
        ("graph_version", version.as_deref()),
    ];
    let is_named = settings.app_secret_env.is_some() || settings.app_secret_file.is_some();
    let secret = settings.app_secrets.first().filter(|_| !is_named);
    let secret = secret.map(|secret| {
        let line = lines(&[("app_secrets", Some(secret.expose()))]);
        line.replacen("= ", "= [", 1).replacen('\n', "]\n", 1)
    });
    format!(
        "\n[[inbox]]\n{}\n[inbox.whatsapp]\n{}{}",
        lines(&inbox),
        lines(&whatsapp),
        secret.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::{console, section};
    use crate::config::{Config, WhatsappSettings};

    fn read(section: &str) -> WhatsappSettings {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = folder.path().join("sureply.toml");
        std::fs::write(&file, section).expect("written");
        let mut config = Config::load(Some(&file)).expect("good settings");
        *config.inboxes.remove(0).whatsapp.expect("its section")
    }

    #[test]
    fn a_section_holds_what_was_tried() {
        let mut settings =
            WhatsappSettings::new("1065", "a-secret-of-\"16\"-letters", "words of ours");
        settings.business_account_id = Some("1022".into());
        settings.access_token = Some("a-token".into());
        let found = read(&section("wa", &settings));
        assert_eq!(found.app_secrets[0].expose(), "a-secret-of-\"16\"-letters");
        assert_eq!(found.token().expect("read").expect("there").expose(), "a-token");
        assert_eq!(found.business_account_id.as_deref(), Some("1022"));
    }

    #[test]
    fn what_is_kept_elsewhere_is_named_only() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = folder.path().join("secret");
        std::fs::write(&file, "planted-secret-of-the-app\n").expect("written");
        let mut settings =
            WhatsappSettings::new("1065", "planted-secret-of-the-app", "words of ours");
        settings.app_secret_file = Some(file);
        settings.access_token_env = Some("WHATSAPP_TOKEN".into());
        settings.graph_version = "v26.0".into();
        let written = section("wa", &settings);
        assert!(!written.contains("planted-secret"), "{written}");
        let found = read(&written);
        assert_eq!(found.app_secrets[0].expose(), "planted-secret-of-the-app");
        assert_eq!(found.graph_version, "v26.0");
    }

    #[test]
    fn the_console_is_told_where_to_call() {
        let settings = WhatsappSettings::new("1065", "0123456789abcdef", "words of ours");
        let [(_, url), (_, token), (_, fields)] = console("https://desk.example/", "wa", &settings);
        assert_eq!(url, "https://desk.example/webhook/whatsapp/wa");
        assert_eq!(token, "words of ours");
        assert!(fields.starts_with("messages, "), "{fields}");
    }
}
