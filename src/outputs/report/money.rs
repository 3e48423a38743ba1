//! Money: how much there is, who has it, what things cost, and how those live whom it was given to or taken from.

use hamlet_protocol::economy::tier::default_tiers;

use super::super::error::Result;
use super::super::story::What;
use super::Report;
use super::charts::{Chart, Form, Mark, Scale};
use super::clock::Clock;
use super::html::Text;
use super::sections::{chart, drop_empty};
use super::tables::table;
use super::theme::Paint;
use super::timeline::names;

/// The section; nothing where there is no money.
///
/// # Errors
/// When a chart can't be drawn.
pub(crate) fn section(report: &Report<'_>, clock: &Clock) -> Result<String> {
    if !is_there(report) {
        return Ok(String::new());
    }
    let marks = marks(report, clock);
    let figure = |mut chart: Chart| {
        chart.marks.clone_from(&marks);
        chart.figure(clock)
    };
    Ok(format!(
        "<section><h2>Money</h2>{}<div class=\"grid\">{}{}{}{}</div>{}<div class=\"grid\">{}{}</div></section>\n",
        figure(prices(report, clock))?,
        figure(supply(report, clock))?,
        figure(inequality(report, clock))?,
        figure(tiers(report, clock))?,
        figure(hungry(report, clock))?,
        figure(meals(report, clock))?,
        figure(quarters(
            report,
            clock,
            "mood",
            ("Mood of rich and poor", Scale::Mood)
        ))?,
        figure(quarters(
            report,
            clock,
            "food",
            ("Food of rich and poor", Scale::Share)
        ))?,
    ) + &groups(report, clock, figure)?)
}

/// Whether anybody lives by money: an image of a world without any has none of it.
fn is_there(report: &Report<'_>) -> bool {
    let supply = report.story.samples.extreme("ledger.supply", 1.0);
    supply.is_some_and(|(_, most)| most > 0.0) && report.story.samples.has("ledger.mean")
}

fn prices(report: &Report<'_>, clock: &Clock) -> Chart {
    chart(
        report,
        clock,
        (
            "Prices and wages",
            "In aiDollars: a meal in a café, a piece of food and of other goods at the market, and what a piece of work earns.",
        ),
        &[
            ("meal", "a meal", Paint::Amber),
            ("market.food_price", "food", Paint::Green),
            ("market.goods_price", "other goods", Paint::Slate),
            ("wage", "wage", Paint::Indigo),
        ],
        (Form::Lines, Scale::Money, true),
    )
}

fn supply(report: &Report<'_>, clock: &Clock) -> Chart {
    chart(
        report,
        clock,
        (
            "Money there is",
            "All aiDollars of the village, and those in the town's treasury, which pays the wages.",
        ),
        &[
            ("ledger.supply", "all", Paint::Amber),
            ("ledger.treasury", "treasury", Paint::Slate),
        ],
        (Form::Shaded, Scale::Money, false),
    )
}

fn inequality(report: &Report<'_>, clock: &Clock) -> Chart {
    chart(
        report,
        clock,
        (
            "Inequality",
            "Gini's coefficient: 0 where all have the same, 1 where one has everything.",
        ),
        &[("ledger.gini", "Gini", Paint::Plum)],
        (Form::Shaded, Scale::Index, false),
    )
}

fn tiers(report: &Report<'_>, clock: &Clock) -> Chart {
    let tiers = &report.scenario.economy;
    let named: Vec<String> = if tiers.entitlements.is_empty() {
        default_tiers().into_iter().map(|tier| tier.name).collect()
    } else {
        let own = tiers.entitlements.iter();
        own.map(|tier| tier.name.clone()).collect()
    };
    let above = named.len().max(tiers.tiers.len()) > 3;
    let name = |tier: usize| {
        let name = named.get(tier).map_or("", String::as_str);
        let more = if tier == 2 && above { " and above" } else { "" };
        format!("{name}{more}")
    };
    let (low, middle, high) = (name(0), name(1), name(2));
    let mut chart = chart(
        report,
        clock,
        (
            "Tiers",
            "What part of the residents is entitled to how much, by what they have.",
        ),
        &[
            ("tier.0", low.as_str(), Paint::Sand),
            ("tier.1", middle.as_str(), Paint::Teal),
            ("tier.2", high.as_str(), Paint::Amber),
        ],
        (Form::Stacked, Scale::Share, false),
    );
    drop_empty(&mut chart);
    chart
}

fn hungry(report: &Report<'_>, clock: &Clock) -> Chart {
    chart(
        report,
        clock,
        (
            "Who goes hungry",
            "The part of the residents who can't pay for a meal.",
        ),
        &[("hungry", "can't pay for a meal", Paint::Rose)],
        (Form::Shaded, Scale::Share, false),
    )
}

fn meals(report: &Report<'_>, clock: &Clock) -> Chart {
    let mut chart = chart(
        report,
        clock,
        (
            "Where meals come from",
            "Meals since the beginning: paid for in a café, at home of what one had, or soup for those who starved and could not pay.",
        ),
        &[
            ("meals.soup", "soup", Paint::Rose),
            ("meals.home", "at home", Paint::Green),
            ("meals.cafe", "in a café", Paint::Amber),
        ],
        (Form::Stacked, Scale::Count, true),
    );
    drop_empty(&mut chart);
    chart
}

fn quarters(
    report: &Report<'_>,
    clock: &Clock,
    what: &str,
    (title, scale): (&str, Scale),
) -> Chart {
    let (rich, poor) = (format!("{what}.rich"), format!("{what}.poor"));
    chart(
        report,
        clock,
        (
            title,
            "The quarter of the residents with the most money, and the quarter with the least.",
        ),
        &[
            (rich.as_str(), "rich", Paint::Amber),
            (poor.as_str(), "poor", Paint::Indigo),
        ],
        (Form::Lines, scale, false),
    )
}

/// Those who were rewarded and those who were penalised; nothing where there is none of both.
fn groups(
    report: &Report<'_>,
    clock: &Clock,
    figure: impl Fn(Chart) -> Result<String>,
) -> Result<String> {
    let samples = &report.story.samples;
    if !samples.has("balance.rewarded") && !samples.has("balance.penalised") {
        return Ok(String::new());
    }
    let of = |what: &str, (title, about): (&str, &str), form, scale| {
        let metrics = [
            (format!("{what}.rewarded"), "rewarded", Paint::Teal),
            (format!("{what}.penalised"), "penalised", Paint::Rose),
        ];
        let metrics = metrics
            .iter()
            .map(|(metric, name, paint)| (metric.as_str(), *name, *paint));
        let metrics: Vec<_> = metrics.collect();
        figure(chart(
            report,
            clock,
            (title, about),
            &metrics,
            (form, scale, false),
        ))
    };
    let mut html = format!(
        "<section><h2>Rewarded and penalised</h2>{}<div class=\"grid\">",
        who(report)
    );
    html += &of(
        "balance",
        ("What they have", "Mean balance, in aiDollars."),
        Form::Shaded,
        Scale::Money,
    )?;
    html += &of(
        "tier",
        ("Their tier", "Mean number of the tier, from 0."),
        Form::Lines,
        Scale::Money,
    )?;
    html += &of(
        "cafe",
        ("Meals in cafés", "Paid for, a head, since the beginning."),
        Form::Lines,
        Scale::Count,
    )?;
    html += &of(
        "soup",
        (
            "Soup",
            "Given to those who starved and could not pay, a head, since the beginning.",
        ),
        Form::Lines,
        Scale::Count,
    )?;
    html += &of("mood", ("Their mood", ""), Form::Lines, Scale::Mood)?;
    html += &of(
        "food",
        ("How well fed they are", ""),
        Form::Lines,
        Scale::Share,
    )?;
    Ok(html + "</div>" + &compared(report) + "</section>\n")
}

/// A sentence on who they are and how they ended.
fn who(report: &Report<'_>) -> String {
    let (rewards, people) = (&report.story.rewards, &report.story.people);
    let (up, down) = (rewards.rewarded(), rewards.penalised());
    let mut told = "<p class=\"told\">".to_owned();
    for (group, word) in [(up, "rewarded"), (down, "penalised")] {
        if !group.is_empty() {
            let verb = if group.len() == 1 { "was" } else { "were" };
            told += &format!("{} {verb} {word}. ", names(&group, people));
        }
    }
    let last = |metric: &str| report.story.samples.last(metric);
    if let (Some(rich), Some(poor), Some(much), Some(little)) = (
        last("balance.rewarded"),
        last("balance.penalised"),
        last("cafe.rewarded"),
        last("cafe.penalised"),
    ) {
        told += &format!(
            "In the end those rewarded have {rich:.1} aiDollars on average and had {much:.1} meals in cafés, those penalised {poor:.1} aiDollars and {little:.1} meals"
        );
        told += &match last("soup.penalised") {
            Some(soup) if soup > 0.0 => format!(", and {soup:.1} soups."),
            _ => ".".to_owned(),
        };
    }
    told + "</p>"
}

/// Columns of the comparison: title, metric without the group, and whether it is the mean over time or the last value.
const COLUMNS: [(&str, &str, bool); 7] = [
    ("aiDollars at the end", "balance", false),
    ("tier at the end", "tier", false),
    ("café meals", "cafe", false),
    ("meals at home", "home", false),
    ("soups", "soup", false),
    ("mean mood", "mood", true),
    ("mean level of food", "food", true),
];

fn compared(report: &Report<'_>) -> String {
    let samples = &report.story.samples;
    let rewards = &report.story.rewards;
    let groups = [
        ("rewarded", "Rewarded", rewards.rewarded().len()),
        ("penalised", "Penalised", rewards.penalised().len()),
    ];
    let (mut rows, mut bars) = (Vec::new(), Vec::new());
    for (group, name, count) in groups {
        let mut row = vec![format!("{name} ({count})")];
        for (_, what, mean) in COLUMNS {
            let metric = format!("{what}.{group}");
            let value = if mean {
                samples.mean(&metric)
            } else {
                samples.last(&metric)
            };
            row.push(value.map_or("–".to_owned(), |value| told(what, value)));
        }
        bars.push(samples.last(&format!("balance.{group}")).unwrap_or(0.0));
        rows.push(row);
    }
    let mut head = vec![""];
    head.extend(COLUMNS.map(|(title, _, _)| title));
    table("Side by side, a head", &head, &rows, &bars)
}

fn told(what: &str, value: f64) -> String {
    match what {
        "mood" => format!("{value:+.2}").replace('-', "−"),
        "food" => format!("{:.0} %", value * 100.0),
        "balance" | "tier" => format!("{value:.2}"),
        _ => format!("{value:.1}"),
    }
}

/// What came from outside and touched money.
fn marks(report: &Report<'_>, clock: &Clock) -> Vec<Mark> {
    let moments = report.story.timeline.moments.iter();
    let marks = moments.filter_map(|moment| {
        let word = match &moment.what {
            What::Reward(_, amount, _) if amount.0 > 0 => "rewards",
            What::Reward(..) => "penalties",
            What::Shock(_) => "shock",
            What::Stimulus(_) => "help",
            _ => return None,
        };
        let secs = clock.secs(moment.tick);
        Some(Mark { secs, word })
    });
    marks.collect()
}

/// One sentence for those who read one paragraph only.
pub(crate) fn in_short(report: &Report<'_>) -> Option<String> {
    if !is_there(report) {
        return None;
    }
    let samples = &report.story.samples;
    let (first, last) = (samples.first("meal")?, samples.last("meal")?);
    let (_, worst) = samples.extreme("hungry", 1.0)?;
    let word = match last / first {
        change if !change.is_finite() => return None,
        change if change > 1.1 => "rose",
        change if change < 0.9 => "fell",
        _ => "hardly moved",
    };
    let mut text =
        format!("The price of a meal {word}, from <b>{first:.2}</b> to <b>{last:.2}</b> aiDollars");
    if worst > 0.0 {
        let share = format!("{:.0} %", worst * 100.0);
        text += &format!(
            "; at worst <b>{}</b> of the town could not pay for one",
            Text(&share)
        );
    }
    Some(text + ".")
}
