//! What thoughts cost, and how the endpoints were that gave them.

use std::fmt::Write as _;

use hamlet_protocol::minds::{CostLine, EndpointView};

use super::Report;
use super::html::{Text, count, cut};
use super::tables::table;

/// Rows of a table at most.
const ROWS_MAX: usize = 12;

/// The section; nothing where nobody thought.
pub(crate) fn section(report: &Report<'_>) -> String {
    let Some((costs, pool)) = &report.facts.minds else {
        return String::new();
    };
    let mut html = "<section><h2>What they thought</h2><p>".to_owned();
    let total = &costs.total;
    write!(
        html,
        "{} thoughts and {} answers of models: {} tokens of prompts, {} of them from caches, {} of answers, {}.",
        count(costs.outcomes.values().sum()),
        count(total.answers),
        count(total.tokens_in),
        share(total.tokens_cached, total.tokens_in),
        count(total.tokens_out),
        dollars(total.cost_micros),
    )
    .ok();
    let outcomes: Vec<String> = costs
        .outcomes
        .iter()
        .map(|(outcome, many)| format!("{} {}", count(*many), outcome.replace('_', " ")))
        .collect();
    write!(
        html,
        " How they ended: {}.</p><div class=\"grid\">",
        outcomes.join(", ")
    )
    .ok();
    html += &lines("What thoughts cost, by agent", &costs.agents);
    html += &lines("By model", &costs.models);
    html += &lines("By day", &costs.days);
    html += &endpoints(&pool.endpoints);
    html + "</div></section>\n"
}

fn lines(title: &str, lines: &[CostLine]) -> String {
    let lines = &lines[..lines.len().min(ROWS_MAX)];
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            vec![
                Text(&cut(&line.of, 40)).to_string(),
                count(line.thoughts),
                count(line.tokens_in),
                share(line.tokens_cached, line.tokens_in),
                count(line.tokens_out),
                dollars(line.cost_micros),
            ]
        })
        .collect();
    let bars: Vec<f64> = lines.iter().map(|line| line.thoughts as f64).collect();
    let head = ["", "thoughts", "tokens in", "cached", "tokens out", "cost"];
    table(title, &head, &rows, &bars)
}

fn endpoints(endpoints: &[EndpointView]) -> String {
    let rows: Vec<Vec<String>> = endpoints
        .iter()
        .take(ROWS_MAX)
        .map(|endpoint| {
            let failures: Vec<String> = endpoint
                .failed
                .iter()
                .map(|(kind, many)| format!("{many} {kind}"))
                .collect();
            vec![
                Text(&cut(&endpoint.base_url, 40)).to_string(),
                count(endpoint.answered),
                share(endpoint.tokens_cached, endpoint.tokens_in),
                endpoint
                    .latency_ms
                    .map_or_else(String::new, |ms| format!("{ms:.0} ms")),
                Text(&failures.join(", ")).to_string(),
                dollars(endpoint.cost_micros),
            ]
        })
        .collect();
    let bars: Vec<f64> = endpoints.iter().map(|it| it.answered as f64).collect();
    let head = [
        "",
        "answers",
        "cached",
        "an answer took",
        "failures",
        "cost",
    ];
    table("By endpoint", &head, &rows, &bars)
}

fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        whole => format!("{:.0} %", part as f64 / whole as f64 * 100.0),
    }
}

fn dollars(micros: i64) -> String {
    format!("{:.4} $", micros as f64 / 1e6)
}
