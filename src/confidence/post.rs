//! Post: what the policy asks of the mail that a turn came in. A From is easily forged, headers that tell a
//! machine from a person may be missing, and a mailbox may be read for the first time in weeks.

use crate::conversation::{Gate, Reason, SenderAuth};
use crate::knowledge::Risk;
use serde::{Deserialize, Serialize};

/// What is known of the mail that a turn came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a finding of its own")]
pub struct Post {
    /// What the sender's domain says of it.
    pub auth: SenderAuth,
    /// The automatic mails that its sender was sent in the hour before.
    pub automatic: i64,
    /// Whether its sender has called a mail of ours spam.
    pub complained: bool,
    /// Whether it was days old when it came.
    pub is_old: bool,
    /// Whether it was written from a mailbox of ours: two of them would go on for ever.
    pub is_own: bool,
    /// Whether it wants its answers at another address than its sender's: whoever reads there may never have
    /// asked for a mail.
    #[serde(default)]
    pub elsewhere: bool,
}

impl Post {
    /// The gates that ask about it; `most` is how many automatic mails an address may get in an hour.
    pub(super) fn gates(&self, risk: Risk, most: Option<u32>) -> Vec<(Gate, Reason)> {
        let is_grave = risk >= Risk::High;
        let (believed, doubt, told) = match self.auth {
            SenderAuth::Pass => (true, Reason::Sure, "the domain vouches for it"),
            SenderAuth::Fail => (false, Reason::SenderFails, "the domain disowns it"),
            SenderAuth::None => (!is_grave, Reason::SenderUnproven, "nobody vouches for it"),
        };
        let age = if self.is_old { "days old when it came" } else { "fresh" };
        let said =
            format!("{} of {}", self.automatic, most.map_or("any".into(), |n| n.to_string()));
        let complaint = if self.complained { "called one spam" } else { "called none spam" };
        let answers = if self.elsewhere { "another than the sender's" } else { "the sender's" };
        let mailbox = if self.is_own { "one of ours" } else { "none of ours" };
        vec![
            gate("sender", believed, doubt, told.into()),
            gate("age", !self.is_old, Reason::OldMail, age.into()),
            gate("automatic mails", !self.has_enough(most), Reason::TooManyMails, said),
            gate("mailbox", !self.is_own, Reason::Automatic, mailbox.into()),
            gate("reply address", !self.elsewhere, Reason::AnswersElsewhere, answers.into()),
            gate("complaints", !self.complained, Reason::CalledSpam, complaint.into()),
        ]
    }

    /// Whether its sender gets nothing automatic at all, not even word that a person takes over: it may not be
    /// the one who wrote or is to be answered, may be a machine, or wrote long ago.
    pub fn silences(&self, most: Option<u32>) -> bool {
        let is_no_customer = self.auth == SenderAuth::Fail || self.is_own || self.elsewhere;
        is_no_customer || self.is_old || self.complained || self.has_enough(most)
    }

    fn has_enough(&self, most: Option<u32>) -> bool {
        most.is_some_and(|most| self.automatic >= i64::from(most))
    }
}

fn gate(name: &str, passed: bool, reason: Reason, detail: String) -> (Gate, Reason) {
    (Gate { name: name.to_owned(), passed, detail }, reason)
}
