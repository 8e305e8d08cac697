//! A WhatsApp number is added: asked for, tried, told what belongs into Meta's console, and written.

use super::{ensure_free, file};
use crate::channel::{console, try_number, whatsapp_section};
use crate::cli::out;
use crate::clock::Clock;
use crate::config::{Config, Secret, WhatsappSettings, check_name};
use crate::token;
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

/// The number to add.
#[derive(Debug, Args)]
pub(in crate::cli) struct AddWhatsapp {
    /// The inbox's name.
    #[arg(long, default_value = "whatsapp")]
    name: String,
    /// The number's id at Meta (WhatsApp, API Setup); not the number.
    #[arg(long, value_name = "ID")]
    phone_number_id: Option<String>,
    /// The id of the WhatsApp Business Account that holds the number.
    #[arg(long, value_name = "ID")]
    business_account_id: Option<String>,
    /// The environment variable that holds the access token of a system user.
    #[arg(long, value_name = "VARIABLE", conflicts_with = "token_file")]
    token_env: Option<String>,
    /// The file that holds it. Without either it is asked for and written into the settings.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The environment variable that holds the app's secret (App settings, Basic).
    #[arg(long, value_name = "VARIABLE", conflicts_with = "app_secret_file")]
    app_secret_env: Option<String>,
    /// The file that holds it. Without either it is asked for and written into the settings.
    #[arg(long, value_name = "FILE")]
    app_secret_file: Option<PathBuf>,
    /// The words that Meta shows at its first call; by default fresh ones are made.
    #[arg(long, value_name = "WORDS")]
    verify_token: Option<String>,
    /// The address at which Meta reaches this server; by default `server.public_url`.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Where the Graph API is, where it is not Meta's own.
    #[arg(long, value_name = "URL")]
    graph_url: Option<String>,
    /// The version of the Graph API.
    #[arg(long, value_name = "VERSION")]
    graph_version: Option<String>,
    /// Subscribes the app to the account where it is not yet, so that Meta tells it of what happens there.
    #[arg(long)]
    subscribe: bool,
    /// Only tries; writes nothing.
    #[arg(long)]
    test: bool,
    /// Prints the section in place of writing it into the settings.
    #[arg(long, conflicts_with = "test")]
    print: bool,
}

impl AddWhatsapp {
    /// The settings that the arguments and the answers give.
    fn settings(self) -> Result<WhatsappSettings> {
        let number = given(self.phone_number_id, "--phone-number-id", "Phone number id")?;
        let account =
            given(self.business_account_id, "--business-account-id", "Business account id")?;
        let mut settings = WhatsappSettings::new(&number, "", "");
        settings.app_secrets.clear();
        settings.business_account_id = Some(account);
        (settings.access_token_env, settings.access_token_file) = (self.token_env, self.token_file);
        if settings.access_token_env.is_none() && settings.access_token_file.is_none() {
            let token = given(None, "--token-env or --token-file", "Access token")?;
            settings.access_token = Some(Secret::from(token.as_str()));
        }
        (settings.app_secret_env, settings.app_secret_file) =
            (self.app_secret_env, self.app_secret_file);
        if settings.app_secret_env.is_none() && settings.app_secret_file.is_none() {
            let secret = given(None, "--app-secret-env or --app-secret-file", "App secret")?;
            settings.app_secrets = vec![Secret::from(secret.as_str())];
        }
        settings.take_in()?;
        // A variable that is not set is said to be that, not asked Meta about.
        settings.token()?;
        let verify = self.verify_token.unwrap_or_else(token::fresh);
        settings.verify_token = Secret::from(verify.as_str());
        if let Some(url) = self.graph_url {
            settings.graph_url = url;
        }
        if let Some(version) = self.graph_version {
            settings.graph_version = version;
        }
        settings.check(&self.name)?;
        Ok(settings)
    }
}

/// What was given, else what is answered.
fn given(value: Option<String>, flag: &str, question: &str) -> Result<String> {
    if let Some(value) = value {
        return Ok(value);
    }
    let mut input = std::io::stdin().lock();
    if input.is_terminal() {
        let mut output = std::io::stderr();
        write!(output, "{question}: ").and_then(|()| output.flush()).context("asking")?;
    }
    let mut answer = String::new();
    input.read_line(&mut answer).with_context(|| format!("reading an answer for {flag}"))?;
    let answer = answer.trim();
    ensure!(!answer.is_empty(), "{} is missing; give it with {flag}", question.to_lowercase());
    Ok(answer.to_owned())
}

pub(super) async fn add_whatsapp(file: &Path, config: &Config, add: AddWhatsapp) -> Result<()> {
    let (name, is_test, is_printed) = (add.name.clone(), add.test, add.print);
    let (subscribe, public_url) = (add.subscribe, add.public_url.clone());
    check_name(&name)?;
    if !is_test {
        ensure_free(file, config, &name)?;
    }
    if let Some(url) = &public_url {
        ensure!(
            url.starts_with("https://"),
            "--public-url `{url}` must start with https://; Meta calls no others"
        );
    }
    let settings = add.settings()?;
    let id = &settings.phone_number_id;
    if let Some(other) = config.inbox_of_number(id).filter(|_| !is_test) {
        bail!("the number {id} has an inbox already, `{}`; a number has one", other.name);
    }
    tried(&settings, subscribe).await?;
    let public_url = public_url.or_else(|| config.server.public_url.clone());
    if is_test {
        return Ok(());
    }
    tell_console(&name, public_url.as_deref(), &settings);
    if is_printed {
        out::line(whatsapp_section(&name, &settings).trim());
    } else {
        file::write(file, &whatsapp_section(&name, &settings))?;
        out::line(format_args!(
            "inbox `{name}` was added to {}; restart the server to use it, then paste the lines above and press \
             Verify in Meta's console",
            file.display()
        ));
    }
    Ok(())
}

/// Tries a number and prints how each part ended.
async fn tried(settings: &WhatsappSettings, subscribe: bool) -> Result<()> {
    let all = try_number(settings, subscribe, Clock::real().now()).await;
    for tried in &all {
        let (Ok(words) | Err(words)) = &tried.end;
        let sign = if tried.end.is_ok() { "works" } else { "does not work" };
        out::line(format_args!("{}: {sign}: {words}", tried.check));
    }
    if all.iter().any(|tried| tried.end.is_err()) {
        bail!("the number cannot be used like this; nothing was written");
    }
    Ok(())
}

fn tell_console(name: &str, public_url: Option<&str>, settings: &WhatsappSettings) {
    let unknown = "https://YOUR-SERVER";
    out::line("for Meta's console (WhatsApp, Configuration, Webhook):");
    for (what, value) in console(public_url.unwrap_or(unknown), name, settings) {
        let what = match what {
            "callback" => "Callback URL",
            "verify-token" => "Verify token",
            _ => "Webhook fields",
        };
        out::line(format_args!("  {what}: {value}"));
    }
    match public_url {
        None => {
            out::line(
                "  (set server.public_url, or give --public-url, to see the address in full)",
            );
        }
        Some(url) if !url.starts_with("https://") => {
            out::line("  (server.public_url does not start with https://; Meta calls no others)");
        }
        Some(_) => {}
    }
}
