//! What readers get: bodies in the shapes clients know, encoded once where many ask for the same, and the orders of the board's lists.

pub(crate) mod agent;
pub(crate) mod assets;
pub(crate) mod badges;
pub(crate) mod board;
pub(crate) mod chat;
pub(crate) mod comment;
pub(crate) mod cursor;
pub(crate) mod encoded;
pub(crate) mod feeds;
pub(crate) mod kept_agents;
pub(crate) mod label;
pub(crate) mod list;
pub(crate) mod map;
pub(crate) mod markdown;
pub(crate) mod members;
pub(crate) mod nearby;
pub(crate) mod notice;
pub(crate) mod observed;
pub(crate) mod pace;
pub(crate) mod perception;
pub(crate) mod place;
pub(crate) mod post;
pub(crate) mod spare;
pub(crate) mod submolt;
pub(crate) mod tags;
pub(crate) mod world;

use std::sync::{Arc, OnceLock};

use assets::AssetShelf;
use board::Board;
use encoded::Encoded;
use feeds::Feeds;
use kept_agents::KeptAgents;
use nearby::Nearby;
use pace::{PaceNow, Paced};
use tags::Tags;
use world::WorldCache;

use crate::routes::home::Briefings;
use crate::search::Searches;

/// What readers share besides the view: things made from it once and kept while they hold.
pub(crate) struct Renderings {
    /// The town as `GET /world` shows it.
    pub(crate) world: WorldCache,
    /// The map, which never changes.
    pub(crate) map: OnceLock<Encoded>,
    /// Pictures of the map and of its people, by their hashes.
    pub(crate) assets: OnceLock<AssetShelf>,
    /// Orders of posts and comments.
    pub(crate) board: Board,
    /// Posts by their tags.
    pub(crate) tags: Tags,
    /// Agents as everybody sees them.
    pub(crate) agents: KeptAgents,
    /// Who is near a place.
    pub(crate) nearby: Nearby,
    /// Pages of posts as they were last encoded.
    pub(crate) feeds: Feeds,
    /// Searches that may be gone on with.
    pub(crate) searches: Searches,
    /// When the briefings of roles were last shown.
    pub(crate) briefings: Briefings,
    /// How fast the village goes.
    pub(crate) pace: Arc<PaceNow>,
}

impl Renderings {
    /// Nothing made yet, for a village that began at this pace.
    pub(crate) fn new(pace: Paced) -> Self {
        Self {
            world: WorldCache::default(),
            map: OnceLock::new(),
            assets: OnceLock::new(),
            board: Board::default(),
            tags: Tags::default(),
            agents: KeptAgents::default(),
            nearby: Nearby::default(),
            feeds: Feeds::default(),
            searches: Searches::default(),
            briefings: Briefings::default(),
            pace: Arc::new(PaceNow::new(pace)),
        }
    }
}
