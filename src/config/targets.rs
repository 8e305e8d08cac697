//! Targets as the settings write them: minutes by priority, and for single inboxes what differs.

use super::Config;
use crate::conversation::{InboxName, Target, Targets};
use anyhow::{Result, ensure};
use chrono::TimeDelta;
use serde::Deserialize;

/// What stands in `[targets]` or `targets` of an inbox; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TargetSettings {
    /// Minutes where every one counts.
    pub urgent_minutes: Option<u32>,
    /// Minutes where it should be before the usual.
    pub high_minutes: Option<u32>,
    /// The usual.
    pub normal_minutes: Option<u32>,
    /// Minutes where it can wait.
    pub low_minutes: Option<u32>,
}

impl TargetSettings {
    fn over(&self, usual: &Target) -> Target {
        let minutes =
            |own: Option<u32>, usual| own.map_or(usual, |own| TimeDelta::minutes(own.into()));
        Target {
            urgent: minutes(self.urgent_minutes, usual.urgent),
            high: minutes(self.high_minutes, usual.high),
            normal: minutes(self.normal_minutes, usual.normal),
            low: minutes(self.low_minutes, usual.low),
            hours: usual.hours.clone(),
        }
    }

    pub(super) fn check(&self, section: &str) -> Result<()> {
        let all = [self.urgent_minutes, self.high_minutes, self.normal_minutes, self.low_minutes];
        let in_range = |minutes: u32| (1..=525_600).contains(&minutes);
        ensure!(
            all.into_iter().flatten().all(in_range),
            "{section} holds a time that is not between 1 minute and a year (525600)"
        );
        Ok(())
    }
}

impl Config {
    /// By when customers who wait must have been answered.
    pub fn targets(&self) -> Targets {
        let usual = Target { hours: self.hours.clone(), ..self.targets.over(&Target::default()) };
        let own = self.inboxes.iter().map(|inbox| {
            let name = InboxName::from(inbox.name.as_str());
            let hours = self.hours(&name).cloned();
            let targets = inbox.targets.as_ref();
            let target = targets.map_or_else(|| usual.clone(), |targets| targets.over(&usual));
            (name, Target { hours, ..target })
        });
        Targets { inboxes: own.collect(), usual: usual.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::TargetSettings;
    use crate::config::{Config, InboxSettings};
    use crate::conversation::{ChannelKind, Target};
    use chrono::TimeDelta;

    #[test]
    fn an_inbox_changes_what_it_names_and_keeps_the_rest() {
        let targets = |high, low| TargetSettings {
            high_minutes: high,
            low_minutes: low,
            ..TargetSettings::default()
        };
        let shop = InboxSettings {
            targets: Some(targets(Some(5), None)),
            ..InboxSettings::new("shop", ChannelKind::Api)
        };
        let config = Config {
            targets: targets(Some(60), Some(100)),
            inboxes: vec![InboxSettings::new("web", ChannelKind::Webchat), shop],
            ..Config::default()
        };
        let all = config.targets();
        let minutes = |target: &Target| {
            [target.urgent, target.high, target.normal, target.low].map(|time| time.num_minutes())
        };
        assert_eq!(minutes(&all.usual), [60, 60, 1_440, 100]);
        assert_eq!(minutes(&all.inboxes[&"web".into()]), [60, 60, 1_440, 100]);
        assert_eq!(minutes(&all.inboxes[&"shop".into()]), [60, 5, 1_440, 100]);
        assert_eq!(Config::default().targets().usual.urgent, TimeDelta::hours(1));
    }
}
