//! Who gets a conversation that waits for a person: chosen among those who are there and have room.

use super::AgentId;
use crate::lang::Lang;
use crate::word::words;
use chrono::{DateTime, TimeDelta, Utc};

words! {
    /// How an inbox gives what waits for a person to somebody.
    Assign {
        /// Not at all: people take what waits.
        None = "none",
        /// To whom nothing was given for the longest time.
        RoundRobin = "round_robin",
        /// To whom has the most room left.
        Load = "load",
    }
}

/// Somebody who may be given a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Who it is.
    pub id: AgentId,
    /// The languages they speak.
    pub langs: Vec<Lang>,
    /// What they know about, in words.
    pub skills: Vec<String>,
    /// How many conversations they can have at once.
    pub capacity: i64,
    /// How many they have.
    pub load: i64,
    /// Whether they have said that they are away.
    pub is_away: bool,
    /// When they last did anything here.
    pub seen_at: Option<DateTime<Utc>>,
    /// When they were last given one.
    pub assigned_at: Option<DateTime<Utc>>,
    /// Whether they are in the team that the conversation is for; true where it is for none.
    pub in_team: bool,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// How people are chosen.
    pub assign: Assign,
    /// The customer's language, once known.
    pub lang: Option<Lang>,
    /// What it is about.
    pub topic: Option<&'a str>,
    /// Nobody whom nothing was seen of for so long.
    pub seen_within: TimeDelta,
}

impl Colleague {
    /// Whether they can be given one more.
    fn is_free(&self, wanted: &Wanted<'_>, now: DateTime<Utc>) -> bool {
        let is_here = self.seen_at.is_some_and(|seen| now - seen <= wanted.seen_within);
        self.in_team && !self.is_away && is_here && self.load < self.capacity
    }

    fn speaks(&self, lang: Option<Lang>) -> bool {
        lang.is_none_or(|lang| self.langs.contains(&lang))
    }

    fn knows(&self, topic: Option<&str>) -> bool {
        let topic = topic.map(str::to_lowercase);
        topic.is_none_or(|topic| self.skills.iter().any(|skill| skill.to_lowercase() == topic))
    }
}

/// Chooses who gets it: among those who have room, whoever speaks the language before whoever knows the
/// topic before the rest, and then by turn or by load. None where nobody has room.
pub fn choose<'a>(
    people: &'a [Colleague],
    wanted: &Wanted<'_>,
    now: DateTime<Utc>,
) -> Option<&'a AgentId> {
    if wanted.assign == Assign::None {
        return None;
    }
    let free = people.iter().filter(|person| person.is_free(wanted, now));
    let chosen = free.min_by_key(|person| {
        let share = match wanted.assign {
            // In thousandths of what they can have; `is_free` leaves only people with some capacity.
            Assign::Load => person.load * 1_000 / person.capacity.max(1),
            Assign::RoundRobin | Assign::None => 0,
        };
        let misses = (!person.speaks(wanted.lang), !person.knows(wanted.topic));
        (misses, share, person.assigned_at, person.id.clone())
    });
    chosen.map(|person| &person.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-26T12:00:00Z".parse().expect("a time")
    }

    /// Somebody who is there, with half of their capacity of four, given something an hour ago.
    fn person(name: &str) -> Colleague {
        Colleague {
            id: AgentId::from(name),
            langs: vec![Lang::EN],
            skills: Vec::new(),
            capacity: 4,
            load: 2,
            is_away: false,
            seen_at: Some(now() - TimeDelta::minutes(5)),
            assigned_at: Some(now() - TimeDelta::hours(1)),
            in_team: true,
        }
    }

    fn check(assign: Assign, people: &[Colleague], expected: Option<&str>, why: &str) {
        let wanted = Wanted {
            assign,
            lang: Some(Lang::DE),
            topic: Some("Returns"),
            seen_within: TimeDelta::minutes(15),
        };
        let chosen = choose(people, &wanted, now()).map(AgentId::as_str);
        assert_eq!(chosen, expected, "{why}");
    }

    #[test]
    fn only_who_is_there_and_has_room_is_given_anything() {
        for (colleague, why) in [
            (Colleague { load: 4, ..person("a") }, "full"),
            (Colleague { load: 9, ..person("a") }, "over full"),
            (Colleague { capacity: 0, load: 0, ..person("a") }, "none by themselves"),
            (Colleague { is_away: true, ..person("a") }, "away"),
            (Colleague { seen_at: None, ..person("a") }, "never here"),
            (Colleague { seen_at: Some(now() - TimeDelta::minutes(16)), ..person("a") }, "gone"),
            (Colleague { in_team: false, ..person("a") }, "another team"),
        ] {
            for assign in [Assign::RoundRobin, Assign::Load] {
                check(assign, std::slice::from_ref(&colleague), None, why);
                check(assign, &[colleague.clone(), person("b")], Some("b"), why);
            }
        }
        let nearly =
            Colleague { load: 3, seen_at: Some(now() - TimeDelta::minutes(15)), ..person("a") };
        check(Assign::Load, &[nearly], Some("a"), "room for one, seen just in time");
        check(Assign::None, &[person("a")], None, "people take what waits");
        check(Assign::Load, &[], None, "nobody at all");
    }

    #[test]
    fn the_language_comes_before_the_topic_and_both_before_turn_and_load() {
        let speaks = Colleague {
            langs: vec![Lang::EN, Lang::DE],
            load: 3,
            assigned_at: Some(now()),
            ..person("z")
        };
        let knows = Colleague {
            skills: vec!["tents".into(), "returns".into()],
            load: 3,
            assigned_at: Some(now()),
            ..person("y")
        };
        let both =
            Colleague { langs: vec![Lang::DE], ..Colleague { id: "x".into(), ..knows.clone() } };
        for assign in [Assign::RoundRobin, Assign::Load] {
            check(assign, &[person("a"), knows.clone()], Some("y"), "the topic");
            check(assign, &[person("a"), knows.clone(), speaks.clone()], Some("z"), "the language");
            check(assign, &[knows.clone(), speaks.clone(), both.clone()], Some("x"), "both");
        }
    }

    #[test]
    fn turns_go_round_and_loads_even_out() {
        let ago = |hours| Some(now() - TimeDelta::hours(hours));
        let people = [
            Colleague { load: 1, assigned_at: ago(1), ..person("a") },
            Colleague { load: 3, assigned_at: ago(3), ..person("b") },
            Colleague { load: 2, capacity: 10, assigned_at: ago(2), ..person("c") },
        ];
        check(Assign::RoundRobin, &people, Some("b"), "the longest time");
        check(Assign::Load, &people, Some("c"), "a fifth is less than a quarter");
        let newcomer = Colleague { assigned_at: None, ..person("d") };
        check(Assign::RoundRobin, &[people[1].clone(), newcomer], Some("d"), "nothing yet");
        check(Assign::Load, &[person("f"), person("e")], Some("e"), "always the same of equals");
        let earlier = Colleague { assigned_at: ago(2), ..person("g") };
        check(Assign::Load, &[person("e"), earlier], Some("g"), "of equal loads by turn");
    }
}
