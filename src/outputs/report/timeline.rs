//! What was done to the village, in order.

use std::fmt::Write as _;

use super::super::names::People;
use super::super::story::What;
use super::Report;
use super::clock::Clock;
use super::html::{Text, cut, plural};
use super::theme::Paint;

/// Names listed in one moment at most.
const NAMES_MAX: usize = 6;

/// Moments listed at most.
const MOMENTS_MAX: usize = 60;

/// The section; nothing where nothing was done.
pub(crate) fn section(report: &Report<'_>, clock: &Clock) -> String {
    let timeline = &report.story.timeline;
    if timeline.moments.is_empty() {
        return String::new();
    }
    let mut html = "<section><h2>What came from outside</h2><ol class=\"timeline\">".to_owned();
    for moment in timeline.moments.iter().take(MOMENTS_MAX) {
        let (paint, text) = told(&moment.what, &report.story.people);
        write!(
            html,
            "<li><i style=\"background:{}\"></i><time>{}</time><span>{text}</span></li>",
            paint.css(),
            clock.moment(moment.tick)
        )
        .ok();
    }
    html += "</ol>";
    let more = timeline.left_out + timeline.moments.len().saturating_sub(MOMENTS_MAX) as u64;
    if more > 0 {
        let more = plural(more, "more moment", "more moments");
        write!(
            html,
            "<p class=\"empty\">… and {more}; see events.parquet.</p>"
        )
        .ok();
    }
    html + "</section>\n"
}

fn told(what: &What, people: &People) -> (Paint, String) {
    let name = |who: u32| format!("<b>{}</b>", Text(people.label(who)));
    let said = |text: &str| Text(&cut(text, 240)).to_string();
    match what {
        What::Joined(who) => (
            Paint::Green,
            format!("{} came to live in the town", names(who, people)),
        ),
        What::Left(who) => (Paint::Gray, format!("{} left the town", names(who, people))),
        What::Placed(who, at) => (Paint::Slate, format!("{} was put on tile {at}", name(*who))),
        What::OpenSet(open, places) => {
            let verb = match open {
                Some(true) => "opened by order",
                Some(false) => "closed by order",
                None => "back to the usual hours",
            };
            let places: Vec<_> = places
                .iter()
                .map(|place| format!("<b>{}</b>", Text(place)))
                .collect();
            (Paint::Terracotta, format!("{}: {verb}", listed(&places)))
        }
        What::Rule(rule, value) => (
            Paint::Slate,
            format!("The rule <b>{}</b> is {value} now", Text(rule)),
        ),
        What::Reward(who, amount, reason) => {
            let shown = amount.to_string();
            let shown = shown.trim_start_matches('-');
            let (paint, what) = match amount.0 {
                1.. => (Paint::Amber, format!("was rewarded with {shown} aiDollars")),
                0 => (
                    Paint::Rose,
                    "was penalised, and had nothing left to take".to_owned(),
                ),
                _ => (Paint::Rose, format!("was penalised with {shown} aiDollars")),
            };
            (paint, format!("{} {what}: “{}”", name(*who), said(reason)))
        }
        What::News(who, text) => (
            Paint::Teal,
            format!("{} knew it first: “{}”", name(*who), said(text)),
        ),
        What::Notice(title) => (
            Paint::Plum,
            format!("A notice of the town: “{}”", said(title)),
        ),
        What::Refused(index, detail) => (
            Paint::Rose,
            format!(
                "Intervention {} could not be carried out: {}",
                index + 1,
                said(detail)
            ),
        ),
        What::Shock(sentence) => (Paint::Terracotta, said(sentence)),
        What::Stimulus(sentence) => (Paint::Green, said(sentence)),
        What::Done(sentence) => (Paint::Indigo, said(sentence)),
    }
}

pub(super) fn names(who: &[u32], people: &People) -> String {
    let names: Vec<_> = who
        .iter()
        .map(|&who| format!("<b>{}</b>", Text(people.label(who))))
        .collect();
    listed(&names)
}

/// "a, b and 3 more".
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [all @ .., last] if names.len() <= NAMES_MAX => format!("{} and {last}", all.join(", ")),
        _ => format!(
            "{} and {} more",
            names[..NAMES_MAX].join(", "),
            names.len() - NAMES_MAX
        ),
    }
}
