//! WhatsApp at the desk: what a webhook tells is taken in as a whole, and the files in it are fetched.

mod media;
mod number;
mod template;
#[cfg(test)]
mod tests;

pub(super) use number::Numbers;

use super::Desk;
use super::receive::{Intake, Overloaded};
use super::spool::Delivered;
use crate::channel::{Here, Told, read_whatsapp};
use crate::config::{InboxSettings, WhatsappSettings};
use crate::conversation::{InboxName, WhatsappNews};
use anyhow::Result;
use chrono::{DateTime, Utc};

impl Desk {
    /// What a body of Meta's tells that came in by an inbox at a time; none where it is no JSON.
    pub fn read_whatsapp(
        settings: &InboxSettings,
        whatsapp: &WhatsappSettings,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Option<Told> {
        let inbox = settings.inbox();
        let number = &*whatsapp.phone_number_id;
        let mut told = read_whatsapp(Here { inbox: &inbox, number, now }, body)?;
        let tariffs = whatsapp.tariffs();
        for news in &mut told.news {
            if let WhatsappNews::Status(status) = news {
                let price = status.price.take();
                status.price = price.map(|it| it.priced(&tariffs, status.number.as_deref()));
            }
        }
        // The app may be told of other accounts too, whose templates may have the same names.
        told.news.retain(|news| match news {
            WhatsappNews::Template(news) => news.account == whatsapp.business_account_id,
            WhatsappNews::Status(_)
            | WhatsappNews::Change(_)
            | WhatsappNews::Names(_)
            | WhatsappNews::Consent(_)
            | WhatsappNews::Number(_)
            | WhatsappNews::Kept(_) => true,
        });
        Some(told)
    }

    /// Takes all that a body tells, which came in at a time; whoever sent it may forget it only once this returns well.
    pub async fn take_whatsapp(
        &self,
        intake: &Intake,
        inbox: &InboxName,
        told: Told,
        (body, at): (&[u8], DateTime<Utc>),
    ) -> Result<Result<()>, Overloaded> {
        if told.foreign > 0 {
            tracing::info!(%inbox, updates = told.foreign,
                "updates came that are about another number; they are not taken in");
        }
        // A trial of the webhook says nothing, and is not Meta's.
        let says_nothing = told.messages.is_empty() && told.news.is_empty() && told.foreign == 0;
        let came = Delivered::new(inbox, at, told);
        let of_number = came.of_number().filter(|_| !intake.is_spooled()).cloned();
        let taken = intake.take(came, body).await?;
        if taken.is_ok() && !says_nothing {
            self.note_heard(inbox);
        }
        if let Some(inbox) = of_number.filter(|_| taken.is_ok()) {
            self.follow_number(&inbox).await;
        }
        Ok(taken)
    }

    /// Takes up what Meta told of a number. Nothing hangs on it.
    pub(super) async fn follow_number(&self, inbox: &InboxName) {
        let renewed = async {
            self.store_heard().await?;
            self.renew_numbers().await
        };
        if let Err(error) = renewed.await {
            tracing::warn!(%inbox, error = format!("{error:#}"), "how a number fares could not be noted");
        }
    }
}
