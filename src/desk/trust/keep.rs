//! Keeping trust: licences follow the evidence, on every node, and go at once when audits go wrong.

use super::earn::{Body, Sought};
use super::{CLASSES, Class, Earned, Trust};
use crate::confidence::{Features, Model, terms};
use crate::conversation::InboxName;
use crate::desk::Desk;
use crate::knowledge::Risk;
use crate::store::{Evidence, StoredLicence, StoredModel};
use crate::token;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use tokio::sync::watch;
use tokio::task::spawn_blocking;

/// A model is fitted anew once there is so much more to fit it on, as a share of what it was fitted on.
const MORE: f64 = 0.25;

impl Desk {
    /// What this node knows of trust now.
    pub(in crate::desk) fn trusted(&self) -> Arc<Trust> {
        Arc::clone(&self.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps trust up to date until `stop` turns true. Verdicts that come together are taken in
    /// together; what other nodes did is noticed within a second.
    pub async fn keep_trust(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut failure = None;
        while !*stop.borrow() {
            let kept = self.renew_trust().await.map_err(|error| format!("{error:#}"));
            if let Err(error) = &kept
                && failure.as_ref() != Some(error)
            {
                tracing::error!(error, "the licences could not be brought up to date");
            }
            failure = kept.err();
            tokio::select! {
                () = tokio::time::sleep(super::super::worker::LONGEST_SLEEP) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Brings licences and model up to date with the evidence, if it has changed.
    pub async fn renew_trust(&self) -> Result<()> {
        // One at a time: two would do the same work twice.
        let _renewing = self.renewing.lock().await;
        self.put_sample_away().await?;
        let revision = self.store.evidence_revision().await?;
        if self.trusted().revision == Some(revision) {
            return Ok(());
        }
        let key = self.store.value_or("audit_key", &token::fresh()).await?.into_bytes();
        let mut trust = self.read_trust(key).await?;
        if self.store.trust_revision().await? != revision || !self.fits(&trust) {
            let fitted_on = self.store.find_model().await?.map_or(0, |model| model.fitted_on);
            self.earn(&mut trust, revision, fitted_on).await?;
        }
        trust.revision = Some(revision);
        self.take_up(trust);
        self.suspend_drifting().await
    }

    /// Takes a licence out of this node's memory; the next renewal reads everything again.
    pub(super) fn forget_licence(&self, inbox: &InboxName, risk: Risk, now: DateTime<Utc>) {
        let mut trust = (*self.trusted()).clone();
        if let Some(class) = trust.classes.get_mut(&(inbox.clone(), risk)) {
            class.earned.licence.threshold = None;
            class.granted_at = None;
            class.suspended_at = Some(now);
        }
        trust.revision = None;
        self.take_up(trust);
    }

    pub(in crate::desk) fn take_up(&self, trust: Trust) {
        *self.trust.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(trust);
    }

    /// What the store holds: the newest model, and the licences.
    pub(super) async fn read_trust(&self, key: Vec<u8>) -> Result<Trust> {
        let stored = self.store.find_model().await?;
        let model = stored.and_then(|stored| serde_json::from_value(stored.body).ok());
        let model: Model = model.unwrap_or_else(|| Model::shipped().clone());
        let mut classes = HashMap::new();
        for licence in self.store.licences().await? {
            let read = serde_json::from_value::<Earned>(licence.body);
            // The column counts: a suspension clears it. And another model's confidence is no measure.
            let is_current = read.is_ok() && licence.model_version == model.version;
            // A licence of an earlier program may not be readable; its suspension still counts.
            let mut earned = read.unwrap_or_else(|_| Earned::nothing());
            earned.licence.threshold = licence.threshold.filter(|_| is_current);
            let audits = match licence.granted_at {
                Some(since) => {
                    self.store.audited_since(&licence.inbox, licence.risk, since).await?
                }
                None => Vec::new(),
            };
            let class = Class {
                earned,
                is_current,
                granted_at: licence.granted_at,
                suspended_at: licence.suspended_at,
                computed_at: licence.computed_at,
                audits,
            };
            classes.insert((licence.inbox, licence.risk), class);
        }
        Ok(Trust { model, revision: None, key, classes })
    }

    /// Whether each class of the settings has a licence by the model in force, under the settings'
    /// own terms.
    fn fits(&self, trust: &Trust) -> bool {
        self.config.inboxes.iter().all(|settings| {
            let inbox = InboxName::from(settings.name.as_str());
            CLASSES.into_iter().all(|risk| {
                match (trust.class(&inbox, risk), terms(&self.config.policy, risk)) {
                    (Some(class), Some(terms)) => {
                        let licence = &class.earned.licence;
                        class.is_current
                            && same(licence.alpha, terms.alpha())
                            && same(licence.delta, terms.delta())
                    }
                    (_, None) => true,
                    (None, Some(_)) => false,
                }
            })
        })
    }

    /// Computes model and licences from the evidence, and stores them. The model is fitted anew where there
    /// is enough more than it was `fitted_on`.
    pub(super) async fn earn(
        &self,
        trust: &mut Trust,
        revision: i64,
        fitted_on: i64,
    ) -> Result<()> {
        let (evidence, now) = (self.store.evidence().await?, self.clock.now());
        let sought = self.sought(trust);
        let (key, model) = (trust.key.clone(), trust.model.clone());
        let (fitted, earned) =
            spawn_blocking(move || compute(evidence, &key, (model, fitted_on), sought))
                .await
                .context("computing the licences")?;
        if let Some((model, rows)) = fitted {
            let body = serde_json::to_value(&model).context("writing a model")?;
            let version = model.version.clone();
            tracing::info!(version, rows, "the confidence model was fitted to the verdicts");
            let stored = StoredModel { version, fitted_on: rows, created_at: now, body };
            self.store.add_model(&stored).await?;
            trust.model = model;
        }
        let mut licences = Vec::with_capacity(earned.len());
        for (sought, earned) in earned {
            let class = (sought.inbox, sought.risk);
            let before = trust.classes.remove(&class);
            let after = granted(before, earned, now);
            licences.push(stored(&class, &after, &trust.model)?);
            trust.classes.insert(class, after);
        }
        self.store.put_licences(&licences, revision).await
    }

    /// Every class of the settings that something can be earned for.
    pub(super) fn sought(&self, trust: &Trust) -> Vec<Sought> {
        let mut sought = Vec::new();
        for settings in &self.config.inboxes {
            let inbox = InboxName::from(settings.name.as_str());
            for risk in CLASSES {
                let Some(terms) = terms(&self.config.policy, risk) else { continue };
                let since = trust.class(&inbox, risk).and_then(|class| class.suspended_at);
                sought.push(Sought { inbox: inbox.clone(), risk, terms, since });
            }
        }
        sought
    }
}

pub(super) type Fitted = Option<(Model, i64)>;

/// The model, if it was fitted anew, and what each class has earned by it. Pure, and long for many
/// verdicts.
pub(super) fn compute(
    evidence: Vec<Evidence>,
    key: &[u8],
    (model, fitted_on): (Model, i64),
    sought: Vec<Sought>,
) -> (Fitted, Vec<(Sought, Earned)>) {
    let mut body = Body::read(evidence, key);
    let fitted = refit(&body, &model, fitted_on);
    body.judge(fitted.as_ref().map_or(&model, |(fitted, _)| fitted));
    let earned = sought.into_iter().map(|sought| {
        let earned = body.earned(&sought);
        (sought, earned)
    });
    let earned = earned.collect();
    (fitted, earned)
}

/// Fits the model anew where people's verdicts suffice, there are many more than before,
/// and what is learned from a half of them judges the other half better than the present model does.
fn refit(body: &Body, present: &Model, fitted_on: i64) -> Fitted {
    let rows = body.verdicts_for_fitting();
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    #[expect(clippy::cast_precision_loss, reason = "counts of verdicts are small")]
    let is_enough = count as f64 >= (fitted_on as f64) * (1.0 + MORE);
    if !is_enough || !learns(&rows, present)? {
        return None;
    }
    Some((Model::fit(&rows).ok()?, count))
}

/// Whether fitting to these rows gains anything; none where they are too few to tell.
fn learns(rows: &[(Features, bool)], present: &Model) -> Option<bool> {
    let (one, other): (Vec<_>, Vec<_>) =
        rows.iter().cloned().enumerate().partition(|(place, _)| place % 2 == 0);
    let strip = |half: Vec<(usize, (Features, bool))>| -> Vec<(Features, bool)> {
        half.into_iter().map(|(_, row)| row).collect()
    };
    let (one, other) = (strip(one), strip(other));
    let by_one = Model::fit(&one).ok()?;
    let by_other = Model::fit(&other).ok()?;
    let fitted = loss(&by_one, &other) + loss(&by_other, &one);
    Some(fitted < loss(present, &one) + loss(present, &other))
}

/// How wrong a model's confidence is over the rows: the sum of the surprises.
fn loss(model: &Model, rows: &[(Features, bool)]) -> f64 {
    let surprise = |(features, right): &(Features, bool)| {
        let confidence = model.confidence(features).clamp(1e-6, 1.0 - 1e-6);
        -(if *right { confidence } else { 1.0 - confidence }).ln()
    };
    rows.iter().map(surprise).sum()
}

/// The class with what it has earned now: a licence that goes on keeps its beginning.
pub(super) fn granted(before: Option<Class>, earned: Earned, now: DateTime<Utc>) -> Class {
    let was = before.as_ref().and_then(|class| class.granted_at);
    let is_licensed = earned.licence.threshold.is_some();
    Class {
        is_current: true,
        granted_at: is_licensed.then(|| was.unwrap_or(now)),
        suspended_at: before.as_ref().and_then(|class| class.suspended_at),
        computed_at: now,
        audits: before.filter(|_| is_licensed).map(|class| class.audits).unwrap_or_default(),
        earned,
    }
}

fn stored(class: &(InboxName, Risk), after: &Class, model: &Model) -> Result<StoredLicence> {
    Ok(StoredLicence {
        inbox: class.0.clone(),
        risk: class.1,
        threshold: after.earned.licence.threshold,
        model_version: model.version.clone(),
        granted_at: after.granted_at,
        suspended_at: after.suspended_at,
        computed_at: after.computed_at,
        body: serde_json::to_value(&after.earned).context("writing a licence")?,
    })
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-12
}
