//! `[[intervention]]`: what happens at set times.

use hamlet_protocol::rules::Rules;
use hamlet_protocol::scenario::{InterventionKind, TICKS_MAX};
use hamlet_protocol::time::TimeSpec;

use self::actions::{ACTIONS, Stage, act};
pub(super) use self::agents::{find_the_lost, resolve_agents};
use super::moment::{self, MOMENT_HELP, Moment};
use super::population::{self, Scope};
use super::reader::Reader;
use super::tree::{Node, Place, Value};

mod actions;
mod agents;

/// Most interventions of a scenario, repetitions counted.
const INTERVENTIONS_MAX: usize = 100_000;

/// An intervention whose agents are not looked up yet.
pub(super) struct Draft {
    pub(super) at_tick: u64,
    /// Whether `at_tick` is what the file says; otherwise one can't say who is there by then.
    pub(super) timed: bool,
    pub(super) what: What,
    pub(super) optional: bool,
    /// Where its agent is named, else where it stands.
    pub(super) place: Place,
}

/// What it does.
#[derive(Clone)]
pub(super) enum What {
    Ready(InterventionKind),
    Spawn(population::Draft),
}

/// Reads all interventions, in the order they happen.
pub(super) fn read_all(
    document: &Reader<'_>,
    scope: &Scope<'_>,
    time: &TimeSpec,
    rules: &Rules,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for reader in document.tables("intervention", "[[intervention]]") {
        read(reader, scope, time, rules, &mut drafts);
    }
    if let Some(extra) = drafts.get(INTERVENTIONS_MAX) {
        let message = format!(
            "there are {} interventions, more than {INTERVENTIONS_MAX}",
            drafts.len()
        );
        scope
            .context
            .faults
            .error(&extra.place, message, "repeat fewer of them".to_owned());
        drafts.truncate(INTERVENTIONS_MAX);
    }
    drafts.sort_by_key(|draft| draft.at_tick);
    drafts
}

fn read(
    reader: Reader<'_>,
    scope: &Scope<'_>,
    time: &TimeSpec,
    rules: &Rules,
    drafts: &mut Vec<Draft>,
) {
    let errors_before = reader.faults().errors();
    let at_tick = tick(&reader, time);
    let (every, times) = repetition(&reader, time);
    let timed = reader.faults().errors() == errors_before;
    let stage = Stage {
        scope,
        rules,
        optional: reader.flag("optional").unwrap_or(false),
    };
    let present: Vec<_> = ACTIONS
        .iter()
        .filter(|action| reader.node(action.key).is_some())
        .collect();
    match present[..] {
        // Most likely the action's name is misspelt, which is said below.
        [] if reader.has_strangers() => {}
        [] => {
            let keys: Vec<_> = ACTIONS.iter().map(|action| action.key).collect();
            let help = format!("add one of: {}", keys.join(", "));
            reader
                .faults()
                .missing(reader.here(), "this intervention does nothing", help);
        }
        [action] => {
            if let Some((what, by_kind)) = act(action, &reader, &stage) {
                let times = comings(&reader, &what, times);
                let draft = |repetition: u64| Draft {
                    at_tick: at_tick.saturating_add(every.saturating_mul(repetition)),
                    timed,
                    what: what.clone(),
                    optional: stage.optional || by_kind,
                    place: agent_place(&reader, action.key),
                };
                drafts.extend((0..times).map(draft));
            }
        }
        [_, second, ..] => {
            let message = format!("`{}` is a second action in one intervention", second.key);
            let help = "write an [[intervention]] for each; those of one time happen in the order of the file".to_owned();
            reader
                .faults()
                .error(reader.place(second.key), message, help);
        }
    }
    reader.finish();
}

/// The tick it happens before.
fn tick(reader: &Reader<'_>, time: &TimeSpec) -> u64 {
    let tick = reader.whole("tick", 0..=TICKS_MAX);
    let Some(node) = reader.node("at") else {
        if !reader.has("tick") {
            reader.faults().missing(
                reader.here(),
                "this intervention has no time",
                format!("add `tick = 100`, or `at`: {MOMENT_HELP}"),
            );
        }
        return tick.unwrap_or(0);
    };
    if reader.has("tick") {
        reader.faults().error(
            &node.place,
            "`at` and `tick` exclude each other",
            "remove one of them".to_owned(),
        );
    }
    let Some(moment) = Moment::read(&node.value) else {
        reader
            .faults()
            .error(&node.place, "`at` is no time", MOMENT_HELP.to_owned());
        return 0;
    };
    let tick = moment::tick_at(time, moment.seconds(time.start)).filter(|&tick| tick <= TICKS_MAX);
    if tick.is_none() {
        let help = format!("the town starts at {}", time.start.to_rfc3339());
        reader
            .faults()
            .error(&node.place, "`at` lies before the start", help);
    }
    tick.unwrap_or(0)
}

/// Ticks between two repetitions, and how often it happens.
fn repetition(reader: &Reader<'_>, time: &TimeSpec) -> (u64, u64) {
    let times = reader.whole("times", 1..=10_000_u64);
    let every = reader.text("every", 1..=20);
    let span = every.as_deref().and_then(moment::span);
    if let (Some(text), None) = (&every, span) {
        let help = "write a number and s, m, h or d: \"90m\", \"1d\"".to_owned();
        reader.faults().error(
            reader.place("every"),
            format!("`every` is no span of time: {text}"),
            help,
        );
    }
    for (key, other, example) in [
        ("every", "times", "times = 7"),
        ("times", "every", "every = \"1d\""),
    ] {
        if reader.has(key) && !reader.has(other) {
            let message = format!("`{key}` needs `{other}`");
            reader.faults().missing(
                reader.place(key),
                message,
                format!("add for example: {example}"),
            );
        }
    }
    match (span, times) {
        (Some(span), Some(times)) => (time.ticks(span), times),
        _ => (0, 1),
    }
}

/// How often it may happen: a resident with a name comes once.
fn comings(reader: &Reader<'_>, what: &What, times: u64) -> u64 {
    if times == 1 || !matches!(what, What::Spawn(draft) if draft.names_somebody()) {
        return times;
    }
    let help = "leave the names to the template, or write a spawn for each".to_owned();
    reader.faults().error(
        reader.place("times"),
        "a resident with a name can't come twice",
        help,
    );
    1
}

fn agent_place(reader: &Reader<'_>, key: &'static str) -> Place {
    match reader.node(key) {
        Some(Node {
            value: Value::Table(table),
            place,
        }) => table.get("agent").map_or(place, |node| &node.place).clone(),
        Some(node) => node.place.clone(),
        None => reader.here().clone(),
    }
}
