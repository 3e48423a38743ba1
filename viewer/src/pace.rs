//! How often the window is drawn: as often as it can while something moves, seldom while nothing does.

use std::time::Duration;

use bevy::prelude::*;
use bevy::winit::{UpdateMode, WinitSettings};

use crate::app::Show;
use crate::theme::BUBBLE_SECS;

/// Between two frames of a window in front in which nothing moves: what the village says comes with the next one.
const STILL: Duration = Duration::from_millis(100);
/// Between two frames of a window behind others in which something moves.
const BEHIND: Duration = Duration::from_millis(50);
/// Between two frames of a window behind others in which nothing moves.
const BEHIND_STILL: Duration = Duration::from_millis(250);

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Last, keep_pace);
}

fn keep_pace(show: NonSend<Show>, settings: Option<ResMut<WinitSettings>>) {
    // Without a window nobody asks for one.
    let Some(mut settings) = settings else {
        return;
    };
    let (focused, unfocused) = modes(moves(&show));
    if settings.focused_mode != focused || settings.unfocused_mode != unfocused {
        settings.focused_mode = focused;
        settings.unfocused_mode = unfocused;
    }
}

/// How often a window in front, and one behind others, is drawn. Pointer, keys and egui's own animations wake it in between.
fn modes(moves: bool) -> (UpdateMode, UpdateMode) {
    if moves {
        (
            UpdateMode::Continuous,
            UpdateMode::reactive_low_power(BEHIND),
        )
    } else {
        (
            UpdateMode::reactive_low_power(STILL),
            UpdateMode::reactive_low_power(BEHIND_STILL),
        )
    }
}

/// Whether the next frame would look otherwise than this one.
fn moves(show: &Show) -> bool {
    let (world, now) = (&show.mirror.world, show.now);
    let time = show.mirror.time.as_ref();
    let lives = show.mirror.link.is_live() && time.is_none_or(|it| it.state == "running");
    // Bubbles and moments fade.
    let said = world.lines.back().map(|it| it.at);
    let happened = world.moments.back().map(|it| it.at);
    let fades = said
        .into_iter()
        .chain(happened)
        .any(|at| now - at < BUBBLE_SECS);
    lives || show.busy || fades || world.people.values().any(|it| it.steps(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Wire;
    use crate::mirror::LinkState;
    use crate::mirror::sample::town;
    use crate::options::ViewOptions;

    #[test]
    fn a_town_that_stands_still_is_seldom_drawn() {
        let (wire, _news) = Wire::fed();
        let mut show = Show::of(&ViewOptions::default(), wire, None);
        show.mirror = town();
        (show.now, show.busy) = (10.0, false);
        assert!(moves(&show), "time goes on");
        if let Some(time) = &mut show.mirror.time {
            time.state = "paused".to_owned();
        }
        assert!(moves(&show), "what was said is fading");
        show.now = 60.0;
        assert!(!moves(&show));
        show.busy = true;
        assert!(moves(&show), "a hand is on it");
        show.busy = false;
        show.mirror.time = None;
        assert!(moves(&show), "nobody knows whether time goes on");
        show.mirror.link.state = LinkState::Connecting;
        assert!(!moves(&show), "there is no village to move");
    }

    #[test]
    fn a_window_behind_others_is_drawn_less_than_one_in_front() {
        let wait = |mode| match mode {
            UpdateMode::Continuous => Duration::ZERO,
            UpdateMode::Reactive { wait, .. } => wait,
        };
        for moves in [true, false] {
            let (front, behind) = modes(moves);
            assert!(wait(front) < wait(behind));
        }
        assert!(wait(modes(true).0) < wait(modes(false).0));
    }
}
