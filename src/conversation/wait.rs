//! How long a customer usually waits for a person, told honestly from how long others did.

use chrono::TimeDelta;

/// How long one customer has waited for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// So long, until a person answered.
    Answered(TimeDelta),
    /// So long already, and nobody has answered yet.
    Still(TimeDelta),
}

/// How long customers usually wait: half of them no longer than `from`, nine in ten no longer than `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsualWait {
    /// Minutes, a round number.
    pub from: i64,
    /// Minutes, a round number.
    pub to: i64,
}

/// With fewer cases nothing is said.
const FEWEST: usize = 5;
/// Round numbers of minutes, to three days; whoever waits longer is told no number.
const STEPS: [i64; 18] =
    [1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 180, 240, 360, 480, 720, 1_440, 2_880, 4_320];

impl UsualWait {
    /// What these waits say. Those who wait still count once they have waited longer than half of the
    /// others did: to leave them out would promise too much.
    pub fn of(waits: &[Waited]) -> Option<Self> {
        let mut waited: Vec<TimeDelta> = waits
            .iter()
            .filter_map(|wait| match wait {
                Waited::Answered(time) => Some(*time),
                Waited::Still(_) => None,
            })
            .collect();
        waited.sort_unstable();
        let median = share(&waited, 50).unwrap_or_else(TimeDelta::zero);
        waited.extend(waits.iter().filter_map(|wait| match wait {
            Waited::Still(time) if *time > median => Some(*time),
            Waited::Still(_) | Waited::Answered(_) => None,
        }));
        if waited.len() < FEWEST {
            return None;
        }
        waited.sort_unstable();
        Some(Self { from: rounded(share(&waited, 50)?)?, to: rounded(share(&waited, 90)?)? })
    }
}

/// The time that a share of all, in per cent, did not exceed.
fn share(sorted: &[TimeDelta], percent: usize) -> Option<TimeDelta> {
    let place = (sorted.len() * percent).div_ceil(100).checked_sub(1)?;
    sorted.get(place).copied()
}

/// The next round number of minutes.
fn rounded(time: TimeDelta) -> Option<i64> {
    STEPS.into_iter().find(|minutes| TimeDelta::minutes(*minutes) >= time)
}

#[cfg(test)]
mod tests {
    use super::Waited::{Answered, Still};
    use super::{UsualWait, Waited};
    use chrono::TimeDelta;

    fn said(answered: &[i64], still: &[i64]) -> Option<(i64, i64)> {
        let minutes = |minutes: &i64| TimeDelta::minutes(*minutes);
        let waits: Vec<Waited> = answered
            .iter()
            .map(|it| Answered(minutes(it)))
            .chain(still.iter().map(|it| Still(minutes(it))))
            .collect();
        UsualWait::of(&waits).map(|wait| (wait.from, wait.to))
    }

    #[test]
    fn the_usual_wait_is_what_half_and_nine_in_ten_did_not_exceed() {
        for (answered, still, wait) in [
            (&[][..], &[][..], None),
            (&[3, 3, 3, 3], &[], None),
            (&[3, 3, 3, 3, 3], &[], Some((5, 5))),
            (&[0, 0, 0, 0, 0], &[], Some((1, 1))),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 100], &[], Some((5, 10))),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 99, 100], &[], Some((5, 120))),
            (&[20, 21, 60, 61, 4_000], &[], Some((60, 4_320))),
            (&[20, 21, 60, 61, 5_000], &[], None),
            // Those who have just begun to wait say nothing yet, those who wait for long do.
            (&[10, 10, 10, 10, 10], &[0, 1, 2], Some((10, 10))),
            (&[10, 10, 10, 10, 10], &[400, 500, 600], Some((10, 720))),
            (&[10, 10, 10, 10], &[400], Some((10, 480))),
            (&[], &[400, 400, 400, 400, 400], Some((480, 480))),
        ] {
            assert_eq!(said(answered, still), wait, "{answered:?} {still:?}");
        }
    }
}
