//! The parts of the page that are made of charts: feelings, places, company, news.

use hamlet_protocol::agent::{Activity, Need};
use hamlet_protocol::map::LandmarkKind;

use super::super::error::Result;
use super::charts::{Chart, Curve, Form, POINTS_MAX, Scale};
use super::clock::Clock;
use super::html::{Text, cut};
use super::network::Network;
use super::theme::Paint;
use super::{Report, heat, tables};

/// Pieces of news drawn at most.
const NEWS_MAX: usize = 6;

/// How people felt.
///
/// # Errors
/// When a chart can't be drawn.
pub(crate) fn feelings(report: &Report<'_>, clock: &Clock) -> Result<String> {
    let mood = chart(
        report,
        clock,
        (
            "Mood",
            "How the village felt on the whole, and the one who felt worst.",
        ),
        &[
            ("mood.mean", "mean", Paint::Amber),
            ("mood.min", "lowest", Paint::Indigo),
        ],
        (Form::Lines, Scale::Mood, false),
    );
    let needs: Vec<_> = Need::ALL
        .iter()
        .map(|&need| {
            (
                format!("needs.{}", need.as_str()),
                need.as_str(),
                Paint::of_need(need),
            )
        })
        .collect();
    let needs: Vec<_> = needs
        .iter()
        .map(|(metric, name, paint)| (metric.as_str(), *name, *paint))
        .collect();
    let needs = chart(
        report,
        clock,
        ("Needs", "How well they were met, on average."),
        &needs,
        (Form::Lines, Scale::Share, false),
    );
    Ok(format!(
        "<section><h2>How they felt</h2><div class=\"grid\">{}{}</div></section>\n",
        mood.figure(clock)?,
        needs.figure(clock)?
    ))
}

/// Where people were and what they did there.
///
/// # Errors
/// When a chart can't be drawn.
pub(crate) fn places(report: &Report<'_>, clock: &Clock) -> Result<String> {
    let places = place_curves(report, clock);
    let activities: Vec<_> = ACTIVITY_LAYERS
        .iter()
        .map(|&activity| {
            (
                format!("activity.{}", activity.as_str()),
                activity.as_str(),
                Paint::of_activity(activity),
            )
        })
        .collect();
    let activities: Vec<_> = activities
        .iter()
        .map(|(metric, name, paint)| (metric.as_str(), *name, *paint))
        .collect();
    let mut activities = chart(
        report,
        clock,
        ("What they did", "People by activity."),
        &activities,
        (Form::Stacked, Scale::Count, true),
    );
    drop_empty(&mut activities);
    Ok(format!(
        "<section><h2>Where they were</h2>{}{}<figure class=\"wide\"><figcaption><h3>Trodden ground</h3>\
        <p>Where people stood, over the walls and landmarks of {}.</p></figcaption>{}</figure>{}</section>\n",
        places.figure(clock)?,
        activities.figure(clock)?,
        Text(&report.map.name),
        heat::figure(report.map, &report.story.footprints),
        tables::busiest_places(report, clock),
    ))
}

/// Layers of the stack of activities, from the ground up: the still ones below.
const ACTIVITY_LAYERS: [Activity; 10] = [
    Activity::Sleeping,
    Activity::Idle,
    Activity::Resting,
    Activity::Healing,
    Activity::Reading,
    Activity::Working,
    Activity::Eating,
    Activity::Trading,
    Activity::Talking,
    Activity::Walking,
];

fn place_curves(report: &Report<'_>, clock: &Clock) -> Chart {
    let kinds = LandmarkKind::KNOWN.iter();
    let mut layers: Vec<_> = kinds
        .map(|kind| {
            (
                format!("place.{kind}"),
                kind.as_str().replace('_', " "),
                Paint::of_place(kind),
            )
        })
        .collect();
    layers.push((
        "place.outside".to_owned(),
        "out of doors".to_owned(),
        Paint::Sand,
    ));
    let layers: Vec<_> = layers
        .iter()
        .map(|(metric, name, paint)| (metric.as_str(), name.as_str(), *paint))
        .collect();
    let mut chart = chart(
        report,
        clock,
        (
            "Places over the day",
            "People by the kind of place they were in; nights are shaded.",
        ),
        &layers,
        (Form::Stacked, Scale::Count, true),
    );
    drop_empty(&mut chart);
    chart
}

/// Who met whom.
///
/// # Errors
/// When a chart can't be drawn.
pub(crate) fn company(report: &Report<'_>, clock: &Clock) -> Result<String> {
    let talks = chart(
        report,
        clock,
        ("Conversations", "Since the beginning."),
        &[
            ("talks", "conversations", Paint::Rose),
            ("trades", "trades", Paint::Terracotta),
            ("market.sales", "sales", Paint::Sand),
            ("gifts", "gifts", Paint::Green),
        ],
        (Form::Shaded, Scale::Count, false),
    );
    let ties = chart(
        report,
        clock,
        ("Acquaintances", "How many people one knows, on average."),
        &[("relations.mean", "acquaintances", Paint::Teal)],
        (Form::Shaded, Scale::Count, false),
    );
    let network = Network::new(&report.story.social, &report.story.people);
    let mut html = "<section><h2>Who met whom</h2>".to_owned();
    if network.is_empty() {
        html += "<p class=\"empty\">Nobody talked with anybody in this run.</p>";
    } else {
        html += &format!(
            "<div class=\"split\"><figure><figcaption><h3>Talk network</h3><p>{}</p></figcaption>{}</figure><div>{}</div></div>",
            Text(&network.about()),
            network.svg(&report.story.people),
            tables::closest_pairs(report),
        );
    }
    html += &format!(
        "<div class=\"grid\">{}{}</div><div class=\"grid\">{}{}</div></section>\n",
        talks.figure(clock)?,
        ties.figure(clock)?,
        tables::talkative(report),
        tables::followed(report),
    );
    Ok(html)
}

/// How news spread; nothing where there was none.
///
/// # Errors
/// When the chart can't be drawn.
pub(crate) fn news(report: &Report<'_>, clock: &Clock) -> Result<String> {
    let items = report.story.news.widest(NEWS_MAX);
    if items.is_empty() {
        return Ok(String::new());
    }
    let from = report.facts.started_tick;
    let to = from + report.facts.ticks.max(1);
    let points = POINTS_MAX as u64 / 2;
    let mut ticks: Vec<u64> = (0..=points)
        .map(|i| from + (to - from) * i / points)
        .collect();
    ticks.dedup();
    let curves = items.iter().enumerate().map(|(i, item)| {
        let known = |&tick: &u64| match tick < item.broke {
            true => f64::NAN,
            false => 1.0 + item.learned.partition_point(|&learned| learned <= tick) as f64,
        };
        let name = if item.text.is_empty() {
            "news from before this run"
        } else {
            &item.text
        };
        Curve {
            name: cut(name, 80),
            values: ticks.iter().map(known).collect(),
            paint: Paint::CATEGORIES[i % Paint::CATEGORIES.len()],
        }
    });
    let chart = Chart {
        title: "How word got round".to_owned(),
        about: "People who know a piece of news.".to_owned(),
        times: ticks.iter().map(|&tick| clock.secs(tick)).collect(),
        curves: curves.collect(),
        form: Form::Shaded,
        scale: Scale::Count,
        wide: true,
        marks: Vec::new(),
    };
    Ok(format!(
        "<section><h2>News</h2>{}</section>\n",
        chart.figure(clock)?
    ))
}

/// A chart of metrics over the run's samples.
pub(crate) fn chart(
    report: &Report<'_>,
    clock: &Clock,
    (title, about): (&str, &str),
    metrics: &[(&str, &str, Paint)],
    (form, scale, wide): (Form, Scale, bool),
) -> Chart {
    let samples = &report.story.samples;
    let curves = metrics.iter().map(|&(metric, name, paint)| Curve {
        name: name.to_owned(),
        values: samples.values(metric, POINTS_MAX),
        paint,
    });
    Chart {
        title: title.to_owned(),
        about: about.to_owned(),
        times: samples
            .ticks(POINTS_MAX)
            .into_iter()
            .map(|tick| clock.secs(tick))
            .collect(),
        curves: curves.collect(),
        form,
        scale,
        wide,
        marks: Vec::new(),
    }
}

/// Leaves out layers that nobody is ever in.
pub(crate) fn drop_empty(chart: &mut Chart) {
    chart
        .curves
        .retain(|curve| curve.values.iter().any(|&value| value > 0.0));
}
