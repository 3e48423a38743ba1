//! A* per agent, from the `pathfinding` crate, as its documentation shows it.

use anyhow::Context;
use hamlet_protocol::map::{Area, Point, TownMap};
use hamlet_sim::space::grid::{FACINGS, step};
use pathfinding::prelude::astar;

use super::Journey;

/// The tile of a place that searches between points lead to.
pub(super) fn point_of(place: &Area) -> Point {
    Point::new(place.x, place.y)
}

/// Plans everybody's way to the tile of their place; gives the steps of all ways.
pub(super) fn plan_all(
    map: &TownMap,
    places: &[Area],
    journeys: &[Journey],
) -> anyhow::Result<u64> {
    let mut sum = 0;
    for journey in journeys {
        let goal = point_of(&places[journey.to]);
        let way = plan(map, journey.from, |p| p.manhattan(goal)).context("no way")?;
        sum += way.len() as u64 - 1;
    }
    Ok(sum)
}

/// Plans everybody's way to the nearest tile of their place, then walks everybody there; gives the ticks it took.
pub(super) fn walk_all(
    map: &TownMap,
    places: &[Area],
    journeys: &[Journey],
) -> anyhow::Result<u64> {
    let mut occupied = vec![false; map.tiles()];
    let mut walkers = Vec::new();
    for journey in journeys {
        let place = places[journey.to];
        let way = plan(map, journey.from, |p| distance(p, &place)).context("no way")?;
        occupied[map.index(journey.from)] = true;
        walkers.push((way, 0));
    }
    let mut ticks = 0;
    while !walkers.is_empty() {
        ticks += 1;
        walkers.retain_mut(|(way, at)| {
            let here = map.index(way[*at]);
            let Some(&next) = way.get(*at + 1) else {
                occupied[here] = false;
                return false;
            };
            // Two who meet head-on pass through each other: kinder to this arm than a way round.
            occupied[here] = false;
            occupied[map.index(next)] = true;
            *at += 1;
            true
        });
    }
    Ok(ticks)
}

fn plan(map: &TownMap, from: Point, estimate: impl Fn(Point) -> u32) -> Option<Vec<Point>> {
    let beside = |&p: &Point| {
        let tiles = FACINGS.into_iter().filter_map(move |way| step(p, way));
        tiles
            .filter(|&to| map.walkable(to))
            .map(|to| (to, 1))
            .collect::<Vec<_>>()
    };
    astar(&from, beside, |&p| estimate(p), |&p| estimate(p) == 0).map(|(way, _)| way)
}

/// Steps to the nearest tile of an area, walls aside.
fn distance(p: Point, area: &Area) -> u32 {
    let beyond =
        |at: u16, from: u16, len: u16| at.saturating_sub(from + len - 1) + from.saturating_sub(at);
    u32::from(beyond(p.x, area.x, area.width)) + u32::from(beyond(p.y, area.y, area.height))
}
