//! Knowing one's way about: all places of the town, for those whose template has `discovery`.

use hamlet_protocol::agent::Presence;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Permit, Skill};

/// Places that are told of.
const PLACES_MAX: usize = 40;

pub(super) struct Survey;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Only places of this kind, such as `cafe`; all of them where it is left out.
    #[serde(default)]
    kind: Option<String>,
}

impl Skill for Survey {
    const NAME: &'static str = "survey";
    const ABOUT: &'static str = "Survey the whole town: each place, nearest first, how far it is, whether it is open, and how many are in it.";
    const PERMIT: Permit = Permit {
        capability: Some("discovery"),
        ..Permit::ALL
    };
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let scene = on.scene;
        let wanted = args.kind.unwrap_or_default().trim().to_lowercase();
        let from = scene.body().map(|body| body.at).unwrap_or_default();
        let fits = |kind: String| wanted.is_empty() || kind.to_lowercase() == wanted;
        let mut places: Vec<_> = scene
            .places()
            .filter(|(place, _)| fits(place.kind.to_string()))
            .collect();
        if places.is_empty() {
            return Err(Fault::Wrong(
                "the town has no place of this kind; leave the kind out to see them all".to_owned(),
            ));
        }
        places.sort_by_key(|(place, _)| place.entrance.manhattan(from));
        let lines = places.into_iter().take(PLACES_MAX).map(|(place, now)| {
            // Those who have left keep their place among the bodies.
            let bodies = scene.view.bodies.iter();
            let there = bodies.filter(|body| body.presence != Presence::Gone);
            let inside = there.filter(|body| place.area.contains(body.at)).count();
            format!(
                "{} ({}), {} tiles away, {}, {inside} inside",
                place.name,
                place.kind,
                place.entrance.manhattan(from),
                if now.open { "open" } else { "closed" },
            )
        });
        Ok(Done::Looked(lines.collect::<Vec<_>>().join("\n")))
    }
}
