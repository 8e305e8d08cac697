//! Words: what a customer is told at a decision, and how a model's part in it is asked for.

use super::Desk;
use super::moment::Rewritten;
use super::record::Record;
use super::retrieve::leant;
use crate::answer::{Drafted, Leant, Rewriting, Spent, texts};
use crate::confidence::Decision;
use crate::conversation::{Action, Mode, Reply, Turn};
use crate::lang::Lang;
use crate::triage::{Intent, Triage};
use chrono::{DateTime, Utc};

impl Desk {
    /// How a question that leans on the conversation is written out; nothing where no model may be asked.
    pub(super) async fn rewriting(
        &self,
        turn: &Turn,
        triage: &Triage,
        rewritten: Rewritten<'_>,
        spent: Option<Spent>,
    ) -> Option<Rewriting> {
        match rewritten {
            Rewritten::AsThen(rewriting) => rewriting.cloned(),
            Rewritten::Anew if spent.is_some() => None,
            Rewritten::Anew => self.rewrite(turn, triage).await,
        }
    }

    /// Has a model write out a question that leans on what was said before, where there is a model.
    async fn rewrite(&self, turn: &Turn, triage: &Triage) -> Option<Rewriting> {
        let (question, leaning) = leant(triage, &turn.history)?;
        let leant = Leant {
            question,
            content: &leaning.content,
            history: &turn.history,
            names: &turn.contact.names(),
            hides_personal: turn.inbox.hides_personal,
            lang: triage.lang,
        };
        let rewriting = self.answerer.rewrite(&leant).await?;
        if let Some(problem) = &rewriting.problem {
            tracing::info!(turn.id = %turn.id, problem, "the question was not rewritten");
        }
        Some(rewriting)
    }

    /// What the customer is told now, if anything.
    pub(super) fn words(
        &self,
        turn: &Turn,
        triage: &Triage,
        drafted: &Drafted,
        decision: &Decision,
        record: &Record,
    ) -> Option<Reply> {
        let business = &self.config.business;
        let post = record.moment.as_ref().and_then(|moment| moment.post);
        if post.is_some_and(|post| post.silences(turn.inbox.most_automatic)) {
            return None;
        }
        match decision.action {
            Action::Answer => {
                let draft = drafted.draft.as_ref()?;
                let body =
                    texts::answer(draft, &turn.inbox, &business.name, turn.contact.name.as_deref());
                Some(Reply { citations: draft.citations.clone(), ..said(body) })
            }
            Action::Clarify if triage.intent == Intent::Greeting => {
                Some(said(texts::greeting(triage.lang, &business.name)))
            }
            Action::Clarify => {
                let question = record.asking.as_ref().and_then(|it| it.question.as_deref());
                Some(Reply {
                    choices: decision.choices.clone(),
                    ..said(texts::clarify(triage.lang, &business.name, question))
                })
            }
            Action::Escalate => self.handoff(turn, triage.lang),
            // Where every answer waits for approval it is soon there; elsewhere silence would puzzle.
            Action::Draft if turn.inbox.mode == Mode::Auto => self.handoff(turn, triage.lang),
            Action::Draft | Action::Ignore => None,
        }
    }

    /// Tells the customer that a person takes over: once, and never in shadow mode.
    pub(super) fn handoff(&self, turn: &Turn, lang: Lang) -> Option<Reply> {
        if turn.conversation.handoff_told || turn.inbox.mode == Mode::Shadow {
            return None;
        }
        let business = &self.config.business;
        if let Some((opens_at, hours)) =
            self.opens_at(&turn.inbox.name).zip(self.config.hours(&turn.inbox.name))
        {
            let local = |at: DateTime<Utc>| at.with_timezone(&hours.zone).naive_local();
            let (opens, today) = (local(opens_at), local(self.clock.now()).date());
            let body = texts::handoff_while_closed(lang, &business.name, opens, today);
            return Some(Reply { tells_handoff: true, ..said(body) });
        }
        // The business's own word counts first; else how long others waited, where that is known.
        let measured = || Some(texts::up_to(lang, self.usual_wait(&turn.inbox.name)?.to));
        let reply_time = business.reply_time.clone().or_else(measured);
        let body = texts::handoff(lang, &business.name, reply_time.as_deref());
        Some(Reply { tells_handoff: true, ..said(body) })
    }
}

fn said(body: String) -> Reply {
    Reply { body, citations: Vec::new(), choices: Vec::new(), tells_handoff: false }
}
