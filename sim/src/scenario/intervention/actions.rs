//! What an intervention can do: one action, one reader.

use hamlet_protocol::goods::Item;
use hamlet_protocol::moderation::{MeasureKind, REASON_CHARS_MAX};
use hamlet_protocol::money::Money;
use hamlet_protocol::rules::{RULES, Rules, rule_spec};
use hamlet_protocol::scenario::InterventionKind;

use super::What;
use crate::scenario::place;
use crate::scenario::population::{self, Scope};
use crate::scenario::reader::Reader;
use crate::scenario::tree::{Entry, Table, Value};

/// What actions are read with.
pub(super) struct Stage<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) rules: &'a Rules,
    /// Whether unmet names are only warnings.
    pub(super) optional: bool,
}

/// What an action's reader finds: what it does, and whether its place may be unmet.
pub(super) type Found = Option<(What, bool)>;

/// One action: its key, the key that a bare string stands for, and its reader.
pub(super) struct Action {
    pub(super) key: &'static str,
    bare: Option<&'static str>,
    read: fn(Reader<'_>, &Stage<'_>) -> Found,
}

/// All actions; an intervention has exactly one of their keys.
pub(super) const ACTIONS: [Action; 15] = [
    Action {
        key: "say",
        bare: None,
        read: say,
    },
    Action {
        key: "rumour",
        bare: None,
        read: rumour,
    },
    Action {
        key: "post",
        bare: None,
        read: post,
    },
    Action {
        key: "spawn",
        bare: Some("template"),
        read: spawn,
    },
    Action {
        key: "remove",
        bare: Some("agent"),
        read: remove,
    },
    Action {
        key: "move",
        bare: None,
        read: go,
    },
    Action {
        key: "set",
        bare: None,
        read: set,
    },
    Action {
        key: "open",
        bare: Some("landmark"),
        read: |reader, stage| open(reader, stage, Some(true)),
    },
    Action {
        key: "close",
        bare: Some("landmark"),
        read: |reader, stage| open(reader, stage, Some(false)),
    },
    Action {
        key: "reset",
        bare: Some("landmark"),
        read: |reader, stage| open(reader, stage, None),
    },
    Action {
        key: "reward",
        bare: None,
        read: |reader, _| reward(reader, 1),
    },
    Action {
        key: "penalise",
        bare: None,
        read: |reader, _| reward(reader, -1),
    },
    Action {
        key: "moderate",
        bare: None,
        read: moderate,
    },
    Action {
        key: "stimulus",
        bare: None,
        read: stimulus,
    },
    Action {
        key: "shock",
        bare: None,
        read: shock,
    },
];

/// Reads one action of an intervention.
pub(super) fn act(action: &Action, reader: &Reader<'_>, stage: &Stage<'_>) -> Found {
    let node = reader.node(action.key)?;
    match (&node.value, action.bare) {
        (Value::Text(_), Some(key)) => {
            let entry = Entry {
                key: key.to_owned(),
                place: node.place.clone(),
                node: node.clone(),
            };
            let table = Table {
                entries: vec![entry],
            };
            (action.read)(
                Reader::new(&table, &node.place, action.key, reader.faults()),
                stage,
            )
        }
        (Value::Table(table), _) => (action.read)(
            Reader::new(table, &node.place, action.key, reader.faults()),
            stage,
        ),
        (_, bare) => {
            reader.wrong_kind(
                action.key,
                node,
                if bare.is_some() {
                    "a table or a string"
                } else {
                    "a table"
                },
            );
            None
        }
    }
}

fn say(reader: Reader<'_>, stage: &Stage<'_>) -> Found {
    let agent = agent(&reader);
    let text = needed_text(&reader, "text", stage.rules.say_chars_max);
    reader.finish();
    ready(InterventionKind::Say {
        agent: agent?,
        text: text?,
    })
}

fn rumour(reader: Reader<'_>, stage: &Stage<'_>) -> Found {
    let agent = agent(&reader);
    let text = needed_text(&reader, "text", stage.rules.say_chars_max);
    reader.finish();
    ready(InterventionKind::Rumour {
        agent: agent?,
        text: text?,
    })
}

fn post(reader: Reader<'_>, stage: &Stage<'_>) -> Found {
    let agent = reader.text("agent", 1..=200);
    let submolt = reader
        .text("submolt", 2..=50)
        .unwrap_or_else(|| "town".to_owned());
    if !submolt
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
    {
        let help = "2 to 50 lower-case letters, digits, `_` and `-`".to_owned();
        reader.faults().error(
            reader.place("submolt"),
            format!("`{submolt}` is no name for a submolt"),
            help,
        );
    }
    let title = needed_text(&reader, "title", stage.rules.title_chars_max);
    let text = reader
        .text("text", 0..=stage.rules.post_chars_max as usize)
        .unwrap_or_default();
    reader.finish();
    ready(InterventionKind::Post {
        agent,
        submolt,
        title: title?,
        text,
    })
}

fn spawn(reader: Reader<'_>, stage: &Stage<'_>) -> Found {
    Some((What::Spawn(population::read(reader, stage.scope)), false))
}

fn remove(reader: Reader<'_>, _: &Stage<'_>) -> Found {
    let agent = agent(&reader);
    reader.finish();
    ready(InterventionKind::Remove { agent: agent? })
}

fn go(reader: Reader<'_>, stage: &Stage<'_>) -> Found {
    let agent = agent(&reader);
    reader.need("to", "to = \"market\"");
    let to = place::read(&reader, "to");
    let instantly = reader.flag("instantly").unwrap_or(false);
    let faults = reader.faults();
    let by_kind = to.as_ref().is_some_and(|to| {
        place::check(
            to,
            reader.place("to"),
            stage.scope.map,
            stage.optional,
            faults,
        )
    });
    reader.finish();
    Some((
        What::Ready(InterventionKind::Move {
            agent: agent?,
            to: to?,
            instantly,
        }),
        by_kind,
    ))
}

fn set(reader: Reader<'_>, _: &Stage<'_>) -> Found {
    reader.need("rule", "rule = \"gossip_chance\"");
    reader.need("value", "value = 9000");
    let rule = reader.text("rule", 1..=100);
    let value = reader.number("value", f64::MIN..=f64::MAX);
    if let Some(rule) = &rule {
        match (rule_spec(rule), value) {
            (None, _) => reader.unknown_word(
                reader.place("rule"),
                "`rule`",
                rule,
                RULES.iter().map(|spec| spec.name),
            ),
            (Some(spec), Some(value)) => {
                if let Err(error) = spec.check(value) {
                    let help = format!("allowed: {} to {}, whole", spec.min, spec.max);
                    reader
                        .faults()
                        .error(reader.place("value"), error.to_string(), help);
                }
            }
            (Some(_), None) => {}
        }
    }
    reader.finish();
    ready(InterventionKind::Set {
        rule: rule?,
        value: value?,
    })
}

fn open(reader: Reader<'_>, stage: &Stage<'_>, open: Option<bool>) -> Found {
    reader.need("landmark", "landmark = \"cafe\"");
    let landmark = reader.text("landmark", 1..=200);
    let (place, faults) = (reader.place("landmark"), reader.faults());
    let check =
        |word: &String| place::check_landmark(word, place, stage.scope.map, stage.optional, faults);
    let by_kind = landmark.as_ref().is_some_and(check);
    reader.finish();
    Some((
        What::Ready(InterventionKind::Open {
            landmark: landmark?,
            open,
        }),
        by_kind,
    ))
}

fn reward(reader: Reader<'_>, sign: i64) -> Found {
    let agent = agent(&reader);
    reader.need("amount", "amount = 5");
    let amount = reader.money("amount");
    if amount == Some(Money(0)) {
        reader.faults().error(
            reader.place("amount"),
            "`amount` is zero",
            "write for example: amount = 5".to_owned(),
        );
    }
    let reason = reader.text("reason", 0..=500).unwrap_or_default();
    reader.finish();
    ready(InterventionKind::Reward {
        agent: agent?,
        amount: Money(sign * amount?.0),
        reason,
    })
}

/// Money for everybody.
fn stimulus(reader: Reader<'_>, _: &Stage<'_>) -> Found {
    reader.need("amount", "amount = 5");
    let amount = reader.money("amount");
    if amount == Some(Money(0)) {
        reader.faults().error(
            reader.place("amount"),
            "`amount` is zero",
            "write for example: amount = 5".to_owned(),
        );
    }
    let reason = reader.text("reason", 0..=500).unwrap_or_default();
    reader.finish();
    ready(InterventionKind::Stimulus {
        amount: amount?,
        reason,
    })
}

/// Goods are worth more or less to those who want them.
fn shock(reader: Reader<'_>, _: &Stage<'_>) -> Found {
    let words: Vec<&str> = Item::ALL.into_iter().map(Item::as_str).collect();
    let item = reader.word("item", &words).map(|at| Item::ALL[at]);
    reader.need("factor", "factor = 2");
    let factor = reader.number("factor", 0.01..=100.0);
    let named = reader.has("item");
    reader.finish();
    // An unknown word is a fault already, and not all goods.
    if named && item.is_none() {
        return None;
    }
    ready(InterventionKind::PriceShock {
        item,
        percent: (factor? * 100.0).round() as u32,
    })
}

/// What the village can do to a resident.
const MEASURES: [(&str, Option<MeasureKind>); 6] = [
    ("warn", Some(MeasureKind::Warn)),
    ("mute", Some(MeasureKind::Mute)),
    ("quarantine", Some(MeasureKind::Quarantine)),
    ("ban", Some(MeasureKind::Ban)),
    ("halt", Some(MeasureKind::Halt)),
    ("pardon", None),
];

fn moderate(reader: Reader<'_>, _: &Stage<'_>) -> Found {
    let agent = agent(&reader);
    reader.need("what", "what = \"mute\"");
    let what = reader.word("what", &MEASURES.map(|(word, _)| word));
    let hours = reader.whole("hours", 1..=87_600_u32);
    let what = what.map(|index| MEASURES[index].1);
    if let (Some(_), Some(kind)) = (hours, what)
        && !kind.is_some_and(MeasureKind::lasts)
    {
        let help = "leave `hours` out: only mute, quarantine, ban and halt last".to_owned();
        reader
            .faults()
            .error(reader.place("hours"), "this does not last", help);
    }
    let reason = needed_text(&reader, "reason", REASON_CHARS_MAX);
    reader.finish();
    ready(InterventionKind::Moderate {
        what: what?,
        agent: agent?,
        hours,
        reason: reason?,
    })
}

fn ready(what: InterventionKind) -> Found {
    Some((What::Ready(what), false))
}

fn agent(reader: &Reader<'_>) -> Option<String> {
    reader.need("agent", "agent = \"mira_holt\"");
    reader.text("agent", 1..=200)
}

fn needed_text(reader: &Reader<'_>, key: &'static str, chars_max: u32) -> Option<String> {
    reader.need(key, &format!("{key} = \"…\""));
    reader.text(key, 1..=chars_max as usize)
}
