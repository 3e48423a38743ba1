//! Bodies as plain data and back.

use hamlet_protocol::image::{BodiesImage, BodyKind};
use hamlet_protocol::map::TownMap;

use super::body::{STUCK_MAX, State};
use super::{GONE, Space};

impl Space {
    /// All bodies as plain data. Taken between ticks, it holds everything that later ticks depend on.
    #[must_use]
    pub fn image(&self) -> BodiesImage {
        let numbers = 0..self.numbers();
        BodiesImage {
            at: numbers.clone().map(|no| self.last_at(no)).collect(),
            facing: numbers.clone().map(|no| self.facing(no)).collect(),
            kind: numbers.clone().map(|no| self.kind(no)).collect(),
            stuck: numbers
                .map(|no| {
                    self.slot(no)
                        .map_or(0, |slot| self.bodies[slot].state.stuck() as u8)
                })
                .collect(),
        }
    }

    /// Bodies from plain data.
    ///
    /// # Errors
    /// When the image doesn't fit the map or contradicts itself; the text names the agent's number.
    pub fn from_image(map: &TownMap, image: &BodiesImage) -> Result<Self, String> {
        let BodiesImage {
            at,
            facing,
            kind,
            stuck,
        } = image;
        if [facing.len(), kind.len(), stuck.len()] != [at.len(); 3] {
            let lengths = [at.len(), facing.len(), kind.len(), stuck.len()];
            return Err(format!(
                "the columns of the bodies have different lengths: {lengths:?}"
            ));
        }
        if at.len() >= GONE as usize {
            return Err(format!(
                "{} bodies are more than {} can number",
                at.len(),
                GONE - 1
            ));
        }
        let mut space = Self::new(map);
        space.slot_of.reserve_exact(at.len());
        space
            .bodies
            .reserve_exact(kind.iter().filter(|&&kind| kind != BodyKind::Gone).count());
        for (no, &at) in at.iter().enumerate() {
            if kind[no] == BodyKind::Gone {
                space.slot_of.push(GONE | space.gone.len() as u32);
                space.gone.push((at, facing[no]));
                continue;
            }
            if !space.is_free(at) {
                let why = if space.walkable(at) {
                    "shares its tile with another"
                } else {
                    "stands where nobody may"
                };
                return Err(format!(
                    "body {no} at {at} {why}: the image does not belong to this map or is damaged"
                ));
            }
            if u32::from(stuck[no]) > STUCK_MAX {
                return Err(format!(
                    "body {no} is stuck for {} ticks, more than {STUCK_MAX}",
                    stuck[no]
                ));
            }
            let mut state = State::new(kind[no] == BodyKind::Resident, facing[no]);
            state.set_stuck(u32::from(stuck[no]));
            space.settle(state, space.grid.tile(at));
        }
        Ok(space)
    }
}
