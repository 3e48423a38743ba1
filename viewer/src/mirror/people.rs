//! Somebody in the street, and where to draw them between two ticks.

use hamlet_protocol::agent::{Activity, Facing, Presence};
use hamlet_protocol::frame::{BodyFrame, PasserFrame};
use hamlet_protocol::ids::AgentId;

/// A step of more tiles than this is none: whoever makes it is simply elsewhere.
pub(crate) const TELEPORT_TILES: u16 = 3;
/// A step is drawn over at least this many seconds.
const STEP_SECS_MIN: f64 = 0.05;
/// A step is drawn over at most this many seconds.
const STEP_SECS_MAX: f64 = 0.6;

/// Somebody in the street.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Person {
    /// Their number in the town.
    pub(crate) no: u32,
    /// Their id.
    pub(crate) id: AgentId,
    /// Handle; empty for walkers of a crowd.
    pub(crate) name: String,
    /// What they are called.
    pub(crate) display_name: String,
    /// Column.
    pub(crate) x: u16,
    /// Row.
    pub(crate) y: u16,
    /// Which way they look.
    pub(crate) facing: Facing,
    /// What they do.
    pub(crate) activity: Activity,
    /// Whether they are there.
    pub(crate) presence: Presence,
    /// Where the present step began, in tiles.
    from: (f32, f32),
    /// When it began.
    moved_at: f64,
    /// Seconds it is drawn over.
    step_secs: f64,
}

impl Person {
    /// Somebody who has just come into the picture.
    pub(crate) fn new(frame: PasserFrame, now: f64) -> Self {
        let name = frame.name.unwrap_or_default();
        Self {
            no: frame.no,
            id: frame.id,
            display_name: frame.display_name.unwrap_or_else(|| name.clone()),
            name,
            x: frame.x,
            y: frame.y,
            facing: frame.facing,
            activity: frame.activity,
            presence: frame.presence,
            from: (f32::from(frame.x), f32::from(frame.y)),
            moved_at: now,
            step_secs: STEP_SECS_MIN,
        }
    }

    /// Takes on a new state. `tick_secs` is the time between two ticks of late.
    pub(crate) fn turn(&mut self, body: &BodyFrame, now: f64, tick_secs: f64) {
        let far = self.x.abs_diff(body.x).max(self.y.abs_diff(body.y));
        if far > TELEPORT_TILES {
            self.from = (f32::from(body.x), f32::from(body.y));
            self.moved_at = now;
        } else if far > 0 {
            self.from = self.at(now);
            let since = now - self.moved_at;
            let walking = self.activity == Activity::Walking;
            let pace = if walking { since } else { tick_secs };
            self.step_secs = pace.clamp(tick_secs.max(STEP_SECS_MIN), STEP_SECS_MAX.max(tick_secs));
            self.moved_at = now;
        }
        self.x = body.x;
        self.y = body.y;
        self.facing = body.facing;
        self.activity = body.activity;
        self.presence = body.presence;
    }

    /// Where to draw them, in tiles.
    pub(crate) fn at(&self, now: f64) -> (f32, f32) {
        let part = ((now - self.moved_at) / self.step_secs).clamp(0.0, 1.0) as f32;
        let mix = |from: f32, to: u16| from + (f32::from(to) - from) * part;
        (mix(self.from.0, self.x), mix(self.from.1, self.y))
    }

    /// Whether they are on their way from one tile to another.
    pub(crate) fn steps(&self, now: f64) -> bool {
        now - self.moved_at < self.step_secs && self.from != (f32::from(self.x), f32::from(self.y))
    }

    /// What to call them.
    pub(crate) fn title(&self) -> &str {
        &self.display_name
    }
}
