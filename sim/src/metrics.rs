//! The village measured, at the scenario's rhythm, and the stop conditions that look at it.

use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::agent::Activity;
use hamlet_protocol::map::LandmarkKind;
use hamlet_protocol::metrics::{METRICS, Sample, metric_index};
use hamlet_protocol::scenario::Scenario;

use crate::interventions::Agenda;
use crate::schedule::{Tick, TickSet};
use crate::town::Town;

/// The sample taken in the last tick.
#[derive(Resource, Debug, Default)]
pub(crate) struct Samples {
    pub(crate) pending: Option<Sample>,
}

/// Why the run is over.
#[derive(Resource, Debug, Default)]
pub(crate) struct Ended(pub(crate) Option<String>);

/// Samples the series when it is time, and looks whether the run is over.
pub(crate) fn measure(
    town: Town,
    agenda: Res<Agenda>,
    mut samples: ResMut<Samples>,
    mut ended: ResMut<Ended>,
) {
    let scenario = &agenda.scenario;
    let tick = town.clock.tick;
    if tick.is_multiple_of(scenario.outputs.every_ticks.max(1)) {
        samples.pending = Some(sample(&town));
    }
    if ended.0.is_none() {
        ended.0 = over(&town, scenario, samples.pending.as_ref());
    }
}

fn over(town: &Town, scenario: &Arc<Scenario>, sample: Option<&Sample>) -> Option<String> {
    let tick = town.clock.tick;
    if scenario.stop.after_ticks.is_some_and(|last| tick >= last) {
        return Some(format!("{tick} ticks are done"));
    }
    if scenario
        .stop
        .at
        .is_some_and(|at| town.clock.now().0 >= at.timestamp())
    {
        return Some(format!(
            "it is {}",
            town.clock.now().datetime().format("%Y-%m-%d %H:%M")
        ));
    }
    let threshold = scenario.stop.metric.as_ref()?;
    let sample = sample.filter(|sample| sample.tick == tick)?;
    let value = sample.values[metric_index(&threshold.name)?];
    let above = threshold.above.is_some_and(|limit| value >= limit);
    let below = threshold.below.is_some_and(|limit| value <= limit);
    (above || below).then(|| format!("{} is {value}", threshold.name))
}

/// Sums over residents.
#[derive(Default)]
struct Sums {
    residents: u32,
    mood: i64,
    lowest_mood: i16,
    needs: [u64; 5],
    doing: [u32; Activity::ALL.len()],
    places: [u32; LandmarkKind::KNOWN.len() + 1],
    news: u64,
    newest_known: u64,
    ties: u64,
}

fn sample(town: &Town) -> Sample {
    let mut sums = Sums {
        lowest_mood: 1000,
        ..Sums::default()
    };
    let mut positions = Vec::with_capacity(town.roster.residents().len());
    let newest = (town.news.all.len() as u32).checked_sub(1);
    for &(no, entity) in town.roster.residents() {
        let Ok(resident) = town.residents.get(entity) else {
            continue;
        };
        let at = town.at(no);
        positions.push(at);
        sums.residents += 1;
        sums.mood += i64::from(resident.wants.mood);
        sums.lowest_mood = sums.lowest_mood.min(resident.wants.mood);
        for (sum, level) in sums.needs.iter_mut().zip(resident.wants.needs) {
            *sum += u64::from(level);
        }
        sums.doing[resident.doing.what.activity as usize] += 1;
        sums.places[place_class(town, town.places.at(at))] += 1;
        sums.news += resident.memory.news.len() as u64;
        sums.newest_known +=
            u64::from(newest.is_some_and(|newest| resident.memory.news.contains(&newest)));
        sums.ties += resident.ties.len() as u64;
    }
    Sample {
        tick: town.clock.tick,
        values: values(town, &sums),
        positions,
    }
}

/// Index of a landmark's kind in [`LandmarkKind::KNOWN`]; other kinds count as places, no landmark comes last.
fn place_class(town: &Town, landmark: Option<u32>) -> usize {
    let known = LandmarkKind::KNOWN;
    let Some(landmark) = landmark else {
        return known.len();
    };
    let kind = &town.places.all[landmark as usize].kind;
    known
        .iter()
        .position(|other| other == kind)
        .unwrap_or(known.len() - 1)
}

fn values(town: &Town, sums: &Sums) -> Vec<f64> {
    let board = town.board.health(town.clock.stamp_ms);
    let mean = |sum: f64| {
        if sums.residents == 0 {
            f64::NAN
        } else {
            sum / f64::from(sums.residents)
        }
    };
    let purse = town.measure_purses();
    let value = |name: &str| -> f64 {
        let activity = name.strip_prefix("activity.").and_then(|word| {
            Activity::ALL
                .iter()
                .position(|activity| activity.as_str() == word)
                .map(|index| sums.doing[index])
        });
        let place = name.strip_prefix("place.").and_then(|word| {
            let index = LandmarkKind::KNOWN
                .iter()
                .position(|kind| kind.as_str() == word);
            index
                .or((word == "outside").then_some(LandmarkKind::KNOWN.len()))
                .map(|index| sums.places[index])
        });
        if let Some(count) = activity.or(place) {
            return f64::from(count);
        }
        if let Some(value) = town.economy.measure(name, &purse) {
            return value;
        }
        match name {
            "population" => town.space.len() as f64,
            "mood.mean" => mean(sums.mood as f64) / 1000.0,
            "mood.min" if sums.residents > 0 => f64::from(sums.lowest_mood) / 1000.0,
            "needs.energy" => mean(sums.needs[0] as f64) / 10_000.0,
            "needs.food" => mean(sums.needs[1] as f64) / 10_000.0,
            "needs.company" => mean(sums.needs[2] as f64) / 10_000.0,
            "needs.purpose" => mean(sums.needs[3] as f64) / 10_000.0,
            "needs.fun" => mean(sums.needs[4] as f64) / 10_000.0,
            "posts" => town.board.data.posts.len() as f64,
            "comments" => town.board.data.comments.len() as f64,
            "votes" => town.totals.votes as f64,
            "talks" => town.talks.begun as f64,
            "lines" => town.talks.said as f64,
            "trades" => town.totals.trades as f64,
            "gifts" => town.totals.gifts as f64,
            "news.known" => sums.news as f64,
            "news.reach" => mean(sums.newest_known as f64),
            "relations.mean" => mean(sums.ties as f64),
            "steps" => town.totals.steps as f64,
            "thoughts" => town.thinking.data.ended as f64,
            "tokens" => town.thinking.data.tokens as f64,
            "board.posts_answered" => board.posts_answered,
            "board.comments_answered" => board.comments_answered,
            "board.depth_mean" => board.depth_mean,
            "board.depth_max" => board.depth_max,
            "board.reciprocity" => board.reciprocity,
            "board.duplicates" => board.duplicates,
            "board.hot_age" => board.hot_age,
            _ => f64::NAN,
        }
    };
    METRICS.iter().map(|metric| value(metric.name)).collect()
}

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<Samples>()
        .init_resource::<Ended>()
        .add_systems(Tick, measure.in_set(TickSet::Emit));
}
