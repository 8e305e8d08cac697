//! Again: a turn whose licence or room went while it was decided is decided once more, by the words that a model
//! has written for it already.

use super::consider::Considered;
use super::moment::{Circumstances, Moment, Rewritten};
use super::respond::Ending;
use super::weigh::alike;
use super::{Desk, Record};
use crate::answer::Answerer;
use crate::conversation::Turn;
use anyhow::{Context, Result};

impl Desk {
    /// What follows from a turn by what is known now, with `learn` of the moment; nobody is asked anything twice.
    pub(super) async fn conclude_again(
        &self,
        turn: &Turn,
        first: Ending,
        learn: impl Fn(&mut Moment),
    ) -> Ending {
        match first.record {
            Some(record) => self.ended(turn, self.consider_again(turn, &record, learn).await),
            None => first,
        }
    }

    async fn consider_again(
        &self,
        turn: &Turn,
        record: &Record,
        learn: impl Fn(&mut Moment),
    ) -> Result<Considered> {
        let (trust, answerer) = (self.trusted(), self.recorded(record));
        let mut moment = record.moment.clone().context("reading the moment of a decision")?;
        learn(&mut moment);
        let circumstances = Circumstances {
            moment,
            answerer: &answerer,
            model: &trust.model,
            licence: None,
            account: Some(&turn.conversation.id),
            rewritten: Rewritten::AsThen(record.rewriting.as_ref()),
            reputations: record.reputations.as_deref(),
        };
        self.consider_in(turn, circumstances).await
    }

    /// Who wrote the draft of a record.
    pub(super) fn recorded(&self, record: &Record) -> Answerer {
        self.answerer.recorded(record.model.clone(), record.model_problem.clone(), alike)
    }
}
