//! The page as a whole: head, facts, sections, foot.

use std::fmt::Write as _;

use super::super::error::Result;
use super::clock::{Clock, short_span};
use super::html::{Text, count, short};
use super::{Report, board, minds, money, sections, skyline, timeline, words};

/// Loads nothing from anywhere, whatever a text in it says.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
    img-src data:; base-uri 'none'; form-action 'none'";

/// The whole page.
///
/// # Errors
/// When a chart can't be drawn.
pub(crate) fn render(report: &Report<'_>) -> Result<String> {
    let clock = Clock::new(report.scenario.time);
    let name = Text(&report.scenario.name);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
        <meta name=\"color-scheme\" content=\"light dark\">\n\
        <title>{name} – a run of Hamlet</title>\n<style>\n{}</style>\n</head>\n<body>\n",
        include_str!("page.css")
    );
    page += &header(report, &clock);
    page += "<main>\n";
    page += &cards(report);
    page += &words::in_short(report, &clock);
    page += &sections::feelings(report, &clock)?;
    page += &sections::places(report, &clock)?;
    page += &sections::company(report, &clock)?;
    page += &money::section(report, &clock)?;
    page += &board::section(report, &clock)?;
    page += &board::answers(report, &clock)?;
    page += &sections::news(report, &clock)?;
    page += &minds::section(report);
    page += &timeline::section(report, &clock);
    page += &footer(report);
    page += "</main>\n<div id=\"tip\" hidden></div>\n<script>\n";
    page += include_str!("page.js");
    page += "</script>\n</body>\n</html>\n";
    Ok(page)
}

fn header(report: &Report<'_>, clock: &Clock) -> String {
    let (scenario, facts) = (report.scenario, report.facts);
    let mut html = format!("<header>{}<div class=\"title\">", skyline::svg(facts.seed));
    write!(html, "<h1>{}</h1>", Text(&scenario.name)).ok();
    if !scenario.description.is_empty() {
        write!(
            html,
            "<p class=\"lead\">{}</p>",
            Text(&scenario.description)
        )
        .ok();
    }
    let end = facts.started_tick + facts.ticks;
    write!(
        html,
        "<p class=\"meta\">{} to {} · on {} · seed {} · ended {}</p></div></header>",
        Text(&clock.moment(facts.started_tick)),
        Text(&clock.moment(end)),
        Text(&report.map.name),
        facts.seed,
        Text(&facts.stopped_because),
    )
    .ok();
    html
}

fn cards(report: &Report<'_>) -> String {
    let summary = report.summary;
    let secs = summary.ticks as i64 * i64::from(report.scenario.time.sim_secs_per_tick);
    let mut cards = vec![
        (count(summary.agents), "in the town".to_owned()),
        (short_span(secs), "of village life".to_owned()),
    ];
    let numbers = [
        (summary.talks, "conversations"),
        (summary.lines, "lines said"),
        (summary.posts, "posts"),
        (summary.comments, "comments"),
        (summary.votes, "votes"),
        (summary.trades, "trades"),
        (summary.sales, "sales at the market"),
        (summary.gifts, "gifts"),
        (summary.steps, "steps"),
    ];
    let numbers = numbers.into_iter().filter(|&(n, _)| n > 0);
    cards.extend(numbers.map(|(n, what)| (figure(n), what.to_owned())));
    if summary.ticks_per_sec > 0.0 {
        cards.push((
            short(summary.ticks_per_sec.round()),
            "ticks a second".to_owned(),
        ));
    }
    let mut html = "<ul class=\"cards\">".to_owned();
    for (number, what) in cards {
        write!(html, "<li><b>{number}</b><span>{what}</span></li>").ok();
    }
    html + "</ul>\n"
}

/// Exact as long as it fits a card.
fn figure(n: u64) -> String {
    if n < 1_000_000 {
        count(n)
    } else {
        short(n as f64)
    }
}

fn footer(report: &Report<'_>) -> String {
    let (facts, summary) = (report.facts, report.summary);
    let mut html = "<section class=\"foot\">".to_owned();
    if !facts.warnings.is_empty() {
        html += "<h2>Worth knowing</h2><ul class=\"warnings\">";
        for warning in facts.warnings.iter().take(50) {
            write!(html, "<li>{}</li>", Text(warning)).ok();
        }
        html += "</ul>";
    }
    html += "<h2>The same again</h2><p>The same scenario, seed and rules give the same village, bit for bit.</p><dl>";
    let mut rows = vec![
        ("State hash", facts.state_hash.clone()),
        ("Seed", facts.seed.to_string()),
        (
            "Ticks",
            format!(
                "{} (from tick {})",
                count(facts.ticks),
                count(facts.started_tick)
            ),
        ),
        (
            "Took",
            format!(
                "{:.1} s on {} thread{}",
                facts.wall_secs,
                facts.threads,
                if facts.threads == 1 { "" } else { "s" }
            ),
        ),
        (
            "Made by",
            format!(
                "Hamlet {}, rules {}",
                summary.version, summary.rules_version
            ),
        ),
        ("Beside this page", summary.files.join(", ")),
    ];
    if !facts.command.is_empty() {
        rows.insert(0, ("Command", facts.command.clone()));
    }
    for (term, value) in rows {
        write!(html, "<dt>{term}</dt><dd>{}</dd>", Text(&value)).ok();
    }
    html + "</dl></section>\n"
}
