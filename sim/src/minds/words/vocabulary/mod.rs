//! Words that frames are filled with: trades, interests, goods, and the small things of a town.

mod culture;
mod garden;
mod handwork;
pub(super) mod interests;
mod keepers;
mod makers;
mod outdoors;
pub(super) mod places;
pub(super) mod small;
pub(super) mod trades;
pub(super) mod traits;
pub(super) mod wares;
