//! The tables of the page: who and what stood out.

use std::fmt::Write as _;

use hamlet_protocol::map::LandmarkKind;

use super::Report;
use super::clock::Clock;
use super::html::{Text, count, cut};

/// Rows of a table at most.
const ROWS_MAX: usize = 10;

/// A table with a bar behind the first number.
pub(super) fn table(title: &str, head: &[&str], rows: &[Vec<String>], bars: &[f64]) -> String {
    let mut html = format!("<div class=\"table\"><h3>{title}</h3><table><thead><tr>");
    for name in head {
        write!(html, "<th>{name}</th>").ok();
    }
    html += "</tr></thead><tbody>";
    let most = bars.iter().copied().fold(0.0, f64::max);
    for (row, bar) in rows.iter().zip(bars) {
        html += "<tr>";
        for (i, cell) in row.iter().enumerate() {
            if i == 1 && most > 0.0 {
                write!(
                    html,
                    "<td class=\"bar\" style=\"--part:{:.1}%\">{cell}</td>",
                    bar / most * 100.0
                )
                .ok();
            } else {
                write!(html, "<td>{cell}</td>").ok();
            }
        }
        html += "</tr>";
    }
    html + "</tbody></table></div>"
}

/// Who said most.
pub(crate) fn talkative(report: &Report<'_>) -> String {
    let (social, people) = (&report.story.social, &report.story.people);
    let degrees = social.degrees(people.len());
    let top = top(people.len(), |who| social.lines(who));
    if top.is_empty() {
        return String::new();
    }
    let rows: Vec<_> = top
        .iter()
        .map(|&(who, lines)| {
            let name = Text(&cut(people.label(who), 32)).to_string();
            let met = count(degrees[who as usize].into());
            vec![name, count(lines), count(social.talks(who)), met]
        })
        .collect();
    table(
        "Most talkative",
        &["", "lines", "conversations", "people met"],
        &rows,
        &bars(&top),
    )
}

/// Who has most followers; where nobody follows anybody, who met most people.
pub(crate) fn followed(report: &Report<'_>) -> String {
    let (social, people) = (&report.story.social, &report.story.people);
    let degrees = social.degrees(people.len());
    let followers = top(people.len(), |who| social.followers(who).max(0) as u64);
    let (title, column, top) = if followers.is_empty() {
        let met = top(people.len(), |who| degrees[who as usize].into());
        ("Widest circles", "people met", met)
    } else {
        ("Most followed", "followers", followers)
    };
    if top.is_empty() {
        return String::new();
    }
    let rows: Vec<_> = top
        .iter()
        .map(|&(who, number)| {
            let name = Text(&cut(people.label(who), 32)).to_string();
            vec![name, count(number), count(social.lines(who))]
        })
        .collect();
    table(title, &["", column, "lines said"], &rows, &bars(&top))
}

/// Who talked most with whom.
pub(crate) fn closest_pairs(report: &Report<'_>) -> String {
    let (social, people) = (&report.story.social, &report.story.people);
    let mut pairs: Vec<_> = social
        .pairs
        .iter()
        .map(|(&pair, &talks)| (pair, talks))
        .collect();
    pairs.sort_by_key(|&(pair, talks)| (std::cmp::Reverse(talks), pair));
    pairs.truncate(ROWS_MAX + 4);
    let bars: Vec<_> = pairs.iter().map(|&(_, talks)| talks.into()).collect();
    let rows: Vec<_> = pairs
        .iter()
        .map(|&((a, b), talks)| {
            let name = |who| Text(&cut(people.label(who), 22)).to_string();
            vec![
                format!("{} &amp; {}", name(a), name(b)),
                count(talks.into()),
            ]
        })
        .collect();
    table("Closest pairs", &["", "conversations"], &rows, &bars)
}

/// Where most people were.
pub(crate) fn busiest_places(report: &Report<'_>, clock: &Clock) -> String {
    let footprints = &report.story.footprints;
    let landmarks = report.story.places.all();
    let public = |who: u32| landmarks[who as usize].kind != LandmarkKind::Home;
    let visits = |i: u32| {
        if public(i) {
            footprints.places[i as usize].total
        } else {
            0
        }
    };
    let top = top(landmarks.len(), visits);
    if top.is_empty() {
        return String::new();
    }
    let rows: Vec<_> = top
        .iter()
        .map(|&(i, total)| {
            let (landmark, place) = (&landmarks[i as usize], &footprints.places[i as usize]);
            let mean = total as f64 / footprints.samples.max(1) as f64;
            vec![
                Text(&cut(&landmark.name, 40)).to_string(),
                format!("{mean:.1}"),
                count(place.peak.into()),
                clock.moment(place.peak_tick),
                Text(&landmark.kind.as_str().replace('_', " ")).to_string(),
            ]
        })
        .collect();
    let head = ["", "people on average", "at most", "when", "kind"];
    table("Busiest places", &head, &rows, &bars(&top))
}

/// The first of those with most, none of those with nothing.
fn top(len: usize, number: impl Fn(u32) -> u64) -> Vec<(u32, u64)> {
    let mut all: Vec<_> = (0..len as u32)
        .map(|i| (i, number(i)))
        .filter(|&(_, n)| n > 0)
        .collect();
    all.sort_by_key(|&(i, n)| (std::cmp::Reverse(n), i));
    all.truncate(ROWS_MAX);
    all
}

fn bars(top: &[(u32, u64)]) -> Vec<f64> {
    top.iter().map(|&(_, number)| number as f64).collect()
}
