//! `sureply inbox templates`: what Meta lists of the templates of an inbox.

use crate::channel::list_templates;
use crate::cli::out;
use crate::config::Config;
use crate::conversation::{InboxName, Template, Variable};
use anyhow::{Context, Result};

/// Lists the templates of an inbox as Meta has them now, a line each.
pub(super) async fn templates(config: &Config, name: &str) -> Result<()> {
    let inbox = InboxName::from(name);
    let settings = config.inbox_settings(&inbox);
    let settings = settings.with_context(|| format!("the settings name no inbox {name}"))?;
    let whatsapp = settings.whatsapp.as_deref();
    let whatsapp = whatsapp
        .with_context(|| format!("inbox {name} is no WhatsApp inbox; only those have templates"))?;
    let listed = list_templates(whatsapp, &inbox).await;
    let listed = listed.with_context(|| format!("listing the templates of {name}"))?;
    for template in &listed {
        out::line(line(template));
    }
    Ok(())
}

/// Name, language, category, state, whether it can be sent from here, and its variables.
fn line(template: &Template) -> String {
    let Template { name, lang, category, state, .. } = template;
    let offered = match template.parts.unfit {
        Some(unfit) => format!("not to be sent from here: {unfit}"),
        None => {
            template.variables().iter().map(|it: &Variable| &*it.name).collect::<Vec<_>>().join(" ")
        }
    };
    format!("{name}\t{lang}\t{category}\t{state}\t{offered}").trim_end().to_owned()
}
