//! The decision record: from it alone a decision can be explained, audited and replayed.

use super::moment::Moment;
use crate::answer::{Asked, Drafted, ModelUse, Rewriting, Understood, ground::Grounding};
use crate::confidence::{Decision, Features, Licence};
use crate::conversation::{
    Action, AttachmentId, ConversationId, DecisionId, Draft, Gate, InboxName, MessageId, Mode,
    Reason, Turn, TurnId,
};
use crate::knowledge::{EntryId, FieldScores, Hit, Rankers, Reputation, Risk};
use crate::token;
use crate::triage::Triage;
use serde::{Deserialize, Serialize};

/// Everything a decision was made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The decision.
    pub id: DecisionId,
    /// The turn it is about.
    pub turn_id: TurnId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its inbox.
    pub inbox: InboxName,
    /// How far the bot was allowed to go there.
    pub mode: Mode,
    /// The turn's messages.
    pub messages: Vec<MessageId>,
    /// The files whose words are a machine's transcript.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<AttachmentId>,
    /// A hash of the turn's words, to tell later whether they are the same.
    pub text_sha256: String,
    /// What was done.
    pub action: Action,
    /// What would have been done were the bot free to act.
    pub licensed: Action,
    /// Why, the telling one first.
    pub reasons: Vec<Reason>,
    /// Every gate in order.
    pub gates: Vec<Gate>,
    /// The probability that sending the draft would be right, 0 to 1.
    pub confidence: f64,
    /// λ̂, the confidence needed; none where no confidence was enough.
    pub threshold: Option<f64>,
    /// The evidence that λ̂ stood on: α, δ, n, k.
    #[serde(default)]
    pub licence: Option<Licence>,
    /// Whether every gate but the last was passed.
    #[serde(default)]
    pub is_eligible: bool,
    /// The model that turned the features into the confidence.
    #[serde(default)]
    pub model_version: Option<String>,
    /// The share of turns of its kind that get a verdict: the probability with which an answer is
    /// drawn for an audit, 1 where every draft is seen by a person.
    #[serde(default)]
    pub audit_probability: Option<f64>,
    /// How things stood; none in older records and of failures, which cannot be replayed.
    #[serde(default)]
    pub moment: Option<Moment>,
    /// The risk class that says what must be shown.
    pub risk: Risk,
    /// What triage found.
    pub triage: Option<Triage>,
    /// What each question was understood by.
    #[serde(default)]
    pub understood: Vec<Understood>,
    /// What a model made of a question that leans on what was said before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rewriting: Option<Rewriting>,
    /// How a model asks the customer back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asking: Option<Rewriting>,
    /// Every entry that was offered, by question, best first.
    pub candidates: Vec<Candidate>,
    /// The draft.
    pub draft: Option<Draft>,
    /// The questions that the draft covers.
    pub covered: Vec<String>,
    /// The numbers behind the confidence.
    pub features: Option<Features>,
    /// What was known of the best entries beside their words; none in older records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reputations: Option<Vec<Reputation>>,
    /// What stands in no cited excerpt.
    pub grounding: Option<Grounding>,
    /// The model's part, when one was asked.
    pub model: Option<ModelUse>,
    /// Why the model's words were not used.
    pub model_problem: Option<String>,
    /// The state of the knowledge.
    pub knowledge_revision: i64,
    /// The policy in force.
    pub policy_version: String,
    /// How long each stage took.
    pub stages: Stages,
}

/// An entry that search offered for a question.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Candidate {
    /// The question it was offered for.
    pub asked: String,
    /// The entry.
    pub entry: EntryId,
    /// The version of its article.
    pub version: i64,
    /// The entry's own question.
    pub question: String,
    /// Its topic.
    pub topic: String,
    /// The score that ordered the candidates.
    pub score: f64,
    /// What each ranker made of it.
    #[serde(default)]
    pub rankers: Rankers,
    /// The part of its answer that matched best.
    #[serde(default)]
    pub passage: Option<String>,
    /// The score's parts.
    pub fields: FieldScores,
    /// The terms found in it.
    pub matched: Vec<String>,
    /// The terms not found in it.
    pub unmatched: Vec<String>,
    /// The share of the question it covers, 0 to 1.
    pub coverage: f64,
}

/// How long each stage of a decision took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Stages {
    /// Finding out what kind of message it is.
    pub triage: f64,
    /// Searching.
    pub retrieve: f64,
    /// Writing the draft.
    pub draft: f64,
    /// Checking, judging and deciding.
    pub judge: f64,
    /// All of it.
    pub total: f64,
}

impl Record {
    /// The record of a decision, without what only the desk knows.
    pub(super) fn of(
        turn: &Turn,
        triage: &Triage,
        asked: &[Asked],
        drafted: &Drafted,
        decision: &Decision,
        confidence: f64,
    ) -> Self {
        Self {
            action: decision.action,
            licensed: decision.licensed,
            reasons: decision.reasons.clone(),
            gates: decision.gates.clone(),
            confidence,
            threshold: decision.threshold,
            licence: Some(decision.licence.clone()),
            is_eligible: decision.is_eligible,
            risk: decision.risk,
            triage: Some(triage.clone()),
            understood: asked.iter().map(|asked| asked.understood.clone()).collect(),
            candidates: asked.iter().flat_map(candidates).collect(),
            draft: drafted.draft.clone(),
            covered: drafted.covered.clone(),
            model: drafted.model.clone(),
            model_problem: drafted.problem.clone(),
            ..Self::of_failure(turn, "", 0)
        }
    }

    /// The record of a turn that could not be considered.
    pub(super) fn of_failure(turn: &Turn, policy_version: &str, knowledge_revision: i64) -> Self {
        Self {
            id: DecisionId::fresh(),
            turn_id: turn.id.clone(),
            conversation_id: turn.conversation.id.clone(),
            inbox: turn.inbox.name.clone(),
            mode: turn.inbox.mode,
            messages: turn.messages.iter().map(|message| message.id.clone()).collect(),
            heard: heard(turn),
            text_sha256: token::hash(&turn.text()),
            action: Action::Escalate,
            licensed: Action::Escalate,
            reasons: vec![Reason::Failure],
            gates: Vec::new(),
            confidence: 0.0,
            threshold: None,
            licence: None,
            is_eligible: false,
            model_version: None,
            audit_probability: None,
            moment: None,
            risk: Risk::Standard,
            triage: None,
            understood: Vec::new(),
            rewriting: None,
            asking: None,
            candidates: Vec::new(),
            draft: None,
            covered: Vec::new(),
            features: None,
            reputations: None,
            grounding: None,
            model: None,
            model_problem: None,
            knowledge_revision,
            policy_version: policy_version.to_owned(),
            stages: Stages::default(),
        }
    }

    /// The entry that the draft stands on.
    pub(super) fn entry(&self) -> Option<EntryId> {
        let cited = self.draft.as_ref()?.citations.first()?;
        Some(cited.entry.clone())
    }

    /// The topic of the best candidate.
    pub(super) fn topic(&self) -> Option<String> {
        self.candidates.first().map(|candidate| candidate.topic.clone())
    }
}

fn heard(turn: &Turn) -> Vec<AttachmentId> {
    turn.files().filter(|file| file.heard.is_some()).map(|file| file.id.clone()).collect()
}

fn candidates(asked: &Asked) -> impl Iterator<Item = Candidate> + '_ {
    asked.hits.iter().map(|hit: &Hit| Candidate {
        asked: asked.question.clone(),
        entry: hit.entry.id.clone(),
        version: hit.entry.version,
        question: hit.entry.question.clone(),
        topic: hit.entry.topic.clone(),
        score: hit.score,
        rankers: hit.rankers,
        passage: hit.passage.clone(),
        fields: hit.fields,
        matched: hit.matched.clone(),
        unmatched: hit.unmatched.clone(),
        coverage: hit.coverage,
    })
}
