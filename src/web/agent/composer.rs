//! Where the agent writes: the draft that waits, a reply, a note, a reason, a verdict, files.

use super::audit::AuditView;
use super::clockface::Moment;
use super::edit::preview;
use super::files::Attach;
use super::template::{Choice, TemplatePanel};
use super::thread::Line;
use super::why::writer;
use crate::conversation::{AttachmentId, Citation, DecisionId, ProposedDraft};
use crate::store::Queue;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};

/// Where the agent writes.
pub(super) struct Composer {
    /// Changes when a newer message or draft comes.
    pub(super) version: String,
    pub(super) draft: Option<DraftView>,
    /// The automatic answer that waits for a verdict.
    pub(super) audit: Option<AuditView>,
    /// The panel that is open: `draft`, `audit`, `reply`, `note`, `template` or `reject`.
    pub(super) panel: &'static str,
    /// The agent's own words, kept when an act did not take effect.
    pub(super) reply: String,
    /// The reply as the customer would see it, where it is more than its words.
    pub(super) reply_html: String,
    pub(super) note: String,
    pub(super) reason: String,
    pub(super) problem: Option<String>,
    /// What of files can go along; nothing where the inbox's channel carries none.
    pub(super) attach: Option<Attach>,
    /// The templates that can be sent, where the channel has any.
    pub(super) template: Option<TemplatePanel>,
}

/// The draft that waits.
pub(super) struct DraftView {
    pub(super) id: String,
    pub(super) text: String,
    /// The text as the customer would see it, with its sources.
    pub(super) html: String,
    pub(super) citations: Vec<Citation>,
    pub(super) writer: String,
    pub(super) lang: String,
    pub(super) written: Moment,
}

/// What an agent had written when their act did not take effect.
pub(super) struct Kept {
    pub(super) status: StatusCode,
    pub(super) problem: String,
    pub(super) panel: &'static str,
    pub(super) text: String,
    pub(super) files: Vec<AttachmentId>,
    /// The answer under audit that it was about.
    pub(super) audit: Option<DecisionId>,
    /// The template that was chosen, with its values.
    pub(super) choice: Choice,
}

/// What is asked for of a conversation.
pub(super) struct Sought {
    pub(super) queue: Queue,
    /// The number before which messages are shown.
    pub(super) before: Option<String>,
    /// The answer under audit; none for whichever waits.
    pub(super) audit: Option<DecisionId>,
    /// The template that is chosen, as `en_US/name`.
    pub(super) template: Option<String>,
    pub(super) kept: Option<Kept>,
}

impl Sought {
    /// The template that is chosen, and what was filled in.
    pub(super) fn choice(&self) -> Choice {
        match (&self.kept, &self.template) {
            (Some(kept), _) => kept.choice.clone(),
            (None, Some(template)) => Choice { template: template.clone(), ..Choice::default() },
            (None, None) => Choice::default(),
        }
    }
}

impl Composer {
    /// `heard` is the number of the customer's newest message.
    pub(super) fn new(
        heard: i64,
        draft: Option<ProposedDraft>,
        audit: Option<AuditView>,
        sought: Sought,
        now: DateTime<Utc>,
    ) -> Self {
        let draft = draft.map(|waiting| DraftView {
            id: waiting.id.to_string(),
            html: preview(&waiting.draft.text, &waiting.draft.citations),
            text: waiting.draft.text,
            citations: waiting.draft.citations,
            writer: writer(&waiting.draft.writer),
            lang: waiting.draft.lang.to_string(),
            written: Moment::new(waiting.created_at, now),
        });
        let waiting = draft.as_ref().map_or("none", |draft| draft.id.as_str());
        let judged = audit.as_ref().map_or("none", |audit| audit.decision.as_str());
        let mut composer = Self {
            version: format!("{waiting}-{heard}-{judged}"),
            panel: match (&audit, &draft) {
                (Some(_), _) if sought.queue == Queue::Audit => "audit",
                (_, Some(_)) => "draft",
                (_, None) => "reply",
            },
            draft,
            audit,
            reply: String::new(),
            reply_html: String::new(),
            note: String::new(),
            reason: String::new(),
            problem: None,
            attach: None,
            template: None,
        };
        if sought.template.is_some() {
            composer.panel = "template";
        }
        if let Some(kept) = sought.kept {
            composer.problem = Some(kept.problem);
            composer.keep(kept.panel, kept.text);
        }
        composer
    }

    /// Puts kept words where they can be used: of what is gone, the reason becomes a note.
    fn keep(&mut self, panel: &'static str, text: String) {
        self.panel = match panel {
            "reject" if self.draft.is_none() => "note",
            "audit" if self.audit.is_none() => "note",
            "draft" if self.draft.is_none() => "reply",
            panel => panel,
        };
        if let (Some(draft), "draft") = (&mut self.draft, self.panel) {
            draft.html = preview(&text, &draft.citations);
            draft.text = text;
            return;
        }
        match self.panel {
            "template" => {}
            "note" => self.note = text,
            "reject" | "audit" => self.reason = text,
            _ => {
                self.reply_html = preview(&text, &[]);
                self.reply = text;
            }
        }
    }

    /// The composer with the templates that can be sent. Where nothing else can be, there are no words to write,
    /// and those that were written become a note.
    pub(super) fn with_templates(mut self, template: Option<TemplatePanel>) -> Self {
        self.template = template;
        if self.is_closed() {
            self.attach = None;
            if self.panel == "reply" {
                let is_written = !self.reply.is_empty();
                self.panel = if is_written { "note" } else { "template" };
                self.note = std::mem::take(&mut self.reply);
            }
        } else if self.template.is_none() && self.panel == "template" {
            self.panel = "reply";
        }
        self
    }

    /// Whether only a template can be sent.
    pub(super) fn is_closed(&self) -> bool {
        self.template.as_ref().is_some_and(|template| template.is_only)
    }

    /// Whether files go with what is written.
    pub(super) fn has_files(&self) -> bool {
        self.attach.as_ref().is_some_and(|attach| !attach.chips.is_empty())
    }

    /// Whether the message is the answer under audit.
    pub(super) fn is_audited(&self, line: &Line) -> bool {
        line.is_own && self.audit.as_ref().is_some_and(|audit| audit.seq == Some(line.seq))
    }
}
