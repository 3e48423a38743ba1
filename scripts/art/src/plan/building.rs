//! Buildings: a ridge and an eave behind, one storey cut open, low walls in front.

use crate::canvas::hash;
use crate::plan::{Area, Place, Plan, rooms};

/// A building and what it is.
pub(crate) struct Building {
    pub(crate) place: Place,
    /// Left column and row of the eave; the ridge stands one row above.
    pub(crate) at: (i32, i32),
    /// Columns and rows, from the eave to the front wall.
    pub(crate) size: (i32, i32),
    /// Style of the walls.
    pub(crate) style: &'static str,
    /// Colour of the roof.
    pub(crate) roof: &'static str,
    pub(crate) floor: &'static str,
    /// Columns of the front door, from the left wall.
    pub(crate) door: (i32, i32),
    /// A door in the left (`false`) or right (`true`) wall, in this row from the eave, two rows high.
    pub(crate) side_door: Option<(bool, i32)>,
    /// Rows of letters; see [`rooms`].
    pub(crate) room: &'static [&'static str],
    /// Colour of beds and rugs.
    pub(crate) cloth: &'static str,
    /// Picture on the sign beside the door.
    pub(crate) sign: Option<&'static str>,
}

impl Building {
    /// The inside: all that lies between the walls.
    fn inside(&self) -> Area {
        Area::new(
            self.at.0 + 1,
            self.at.1 + 2,
            self.size.0 - 2,
            self.size.1 - 3,
        )
    }
}

/// Builds it, furnishes it and puts it on the list of places.
pub(crate) fn build(plan: &mut Plan<'_>, mut building: Building) {
    let ((x, y), (w, h)) = (building.at, building.size);
    plan.keep(Area::new(x - 1, y - 1, w + 2, h + 2));
    roof(plan, &building);
    floor(plan, &building);
    walls(plan, &building);
    shadows(plan, &building);
    let inside = building.inside();
    building.place.beds += rooms::furnish(plan, inside, building.room, building.cloth);
    building.place.area = inside;
    if let Some(column) = building.room[0].find(['v', 'h', 'F', 'N']) {
        plan.hang("chimney", x + 1 + column as i32, y - 1);
        plan.hang("smoke", x + 1 + column as i32, y - 2);
    }
    if let Some(sign) = building.sign {
        plan.hang(&format!("sign {sign}"), x + building.door.0 - 1, y + h - 1);
    }
    plan.places.push(building.place);
}

fn roof(plan: &mut Plan<'_>, building: &Building) {
    let ((x, y), (w, _), colour) = (building.at, building.size, building.roof);
    for dx in 0..w {
        let part = if dx == 0 {
            "left"
        } else if dx == w - 1 {
            "right"
        } else {
            "middle"
        };
        plan.wall(&format!("{colour} ridge {part}"), x + dx, y - 1);
        plan.wall(&format!("{colour} roof {part}"), x + dx, y);
    }
}

fn floor(plan: &mut Plan<'_>, building: &Building) {
    let ((x, y), (w, h)) = (building.at, building.size);
    for (tx, ty) in Area::new(x, y + 2, w, h - 2).tiles() {
        let name = match building.floor {
            "planks" | "dark planks" => format!("{} {}", building.floor, hash(tx, ty, 107) % 2),
            plain => plain.to_owned(),
        };
        plan.lay(6, &name, tx, ty);
    }
}

fn walls(plan: &mut Plan<'_>, building: &Building) {
    let ((x, y), (w, h), style) = (building.at, building.size, building.style);
    for dx in 0..w {
        let back = match dx {
            0 => "back left",
            _ if dx == w - 1 => "back right",
            _ if dx % 3 == 2 && dx < w - 2 => "back window",
            _ if hash(x + dx, y, 109).is_multiple_of(4) => "back picture",
            _ => "back",
        };
        plan.wall(&format!("{style} {back}"), x + dx, y + 1);
        let front = match dx {
            0 => "front left",
            _ if dx == w - 1 => "front right",
            _ if dx == building.door.0 && building.door.1 == 1 => "door",
            _ if dx == building.door.0 => "door left",
            _ if dx == building.door.0 + 1 && building.door.1 == 2 => "door right",
            _ if dx % 2 == 0 && dx + 1 != building.door.0 => "front window",
            _ => "front",
        };
        plan.wall(&format!("{style} {front}"), x + dx, y + h - 1);
    }
    for dy in 2..h - 1 {
        for (right, side, column) in [(false, "left", x), (true, "right", x + w - 1)] {
            let opened = building
                .side_door
                .is_some_and(|(at, row)| at == right && (row..row + 2).contains(&dy));
            let name = if opened {
                format!("{style} side door {side}")
            } else {
                format!("{style} {side}")
            };
            plan.wall(&name, column, y + dy);
        }
    }
}

fn shadows(plan: &mut Plan<'_>, building: &Building) {
    let ((x, y), (w, h)) = (building.at, building.size);
    for dx in 1..w - 1 {
        plan.shadow("shade top", x + dx, y + 2);
    }
    plan.shadow("shade east top", x + w, y);
    for dy in 1..h {
        plan.shadow("shade east", x + w, y + dy);
    }
    for dx in 0..w {
        plan.shadow("shade south", x + dx, y + h);
    }
    plan.shadow("shade south east", x + w, y + h);
}
