//! Walking: to a place, to somebody, or a few tiles.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};

pub(super) struct GoTo;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Name of a place, such as the market.
    #[serde(default)]
    place: Option<String>,
    /// Handle of somebody near, to walk up to them.
    #[serde(default)]
    person: Option<String>,
    /// Tiles to the east (negative: west).
    #[serde(default)]
    dx: Option<i16>,
    /// Tiles to the south (negative: north).
    #[serde(default)]
    dy: Option<i16>,
}

impl Skill for GoTo {
    const NAME: &'static str = "go_to";
    const ABOUT: &'static str = "Walk to a place by its name, up to a person who is near, or a few tiles. Name one of them. Walking takes a while; you will be asked again when you have arrived.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let act = if let Some(name) = &args.place {
            let place = on.scene.place(name).ok_or_else(|| {
                let name: String = name.chars().take(60).collect();
                Fault::Wrong(format!(
                    "there is no place called {name}; take a name from the places you know"
                ))
            })?;
            Act::GoToLandmark {
                landmark: place.1.id,
            }
        } else if let Some(name) = &args.person {
            let id = on.member(name)?;
            let mut near = on.scene.near(usize::MAX).into_iter();
            let (_, _, body) = near.find(|(_, agent, _)| agent.id == id).ok_or_else(|| {
                Fault::Wrong("they are not in sight; look for them at a place".to_owned())
            })?;
            Act::GoTo { to: body.at }
        } else {
            let (dx, dy) = (args.dx.unwrap_or(0), args.dy.unwrap_or(0));
            if (dx, dy) == (0, 0) {
                return Err(Fault::Wrong(
                    "name a place, a person, or a number of tiles".to_owned(),
                ));
            }
            Act::Step { dx, dy }
        };
        Ok(Done::Act(Box::new(act)))
    }
}
