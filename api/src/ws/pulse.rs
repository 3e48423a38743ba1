//! A socket's sense of time: when to ask whether the other side is alive, and when to give it up.

/// Seconds of silence after which the other side is asked for a sign of life, again and again.
const PING_EVERY_SECS: u32 = 20;
/// Seconds of silence after which the other side counts as gone.
const DEAD_AFTER_SECS: u32 = 60;
/// Seconds that a client has to say who it is.
const AUTH_WITHIN_SECS: u32 = 10;

/// What is to be done in this second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// Nothing.
    Rest,
    /// Ask for a sign of life.
    Ping,
    /// Nobody is there any more.
    Dead,
    /// Nobody said who they are in time.
    Stranger,
}

/// Counts seconds.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    silent_secs: u32,
    age_secs: u32,
}

impl Pulse {
    /// The other side gave a sign of life.
    pub(super) fn heard(&mut self) {
        self.silent_secs = 0;
    }

    /// A second has passed.
    pub(super) fn second(&mut self, known: bool) -> Beat {
        self.silent_secs += 1;
        self.age_secs = self.age_secs.saturating_add(1);
        if !known && self.age_secs >= AUTH_WITHIN_SECS {
            Beat::Stranger
        } else if self.silent_secs >= DEAD_AFTER_SECS {
            Beat::Dead
        } else if self.silent_secs.is_multiple_of(PING_EVERY_SECS) {
            Beat::Ping
        } else {
            Beat::Rest
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_asked_about_and_then_ended() {
        let mut pulse = Pulse::default();
        let beats: Vec<_> = (1..=60)
            .map(|second| (second, pulse.second(true)))
            .filter(|(_, beat)| *beat != Beat::Rest)
            .collect();
        assert_eq!(
            beats,
            [(20, Beat::Ping), (40, Beat::Ping), (60, Beat::Dead)]
        );
        pulse.heard();
        assert_eq!(pulse.second(true), Beat::Rest);
    }

    #[test]
    fn a_stranger_has_ten_seconds() {
        let mut pulse = Pulse::default();
        for _ in 1..10 {
            assert_eq!(pulse.second(false), Beat::Rest);
        }
        assert_eq!(pulse.second(false), Beat::Stranger);
    }
}
