//! The village's adjustable numbers, each with a name, a unit, a default and a range.

use serde::{Deserialize, Serialize};

/// What may be said about one field of [`Rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleSpec {
    /// Name of the field.
    pub name: &'static str,
    /// What it says, with its unit; ends with a full stop.
    pub about: &'static str,
    /// Smallest value.
    pub min: u32,
    /// Largest value.
    pub max: u32,
    /// Value where nobody sets it.
    pub default: u32,
}

/// Why a rule can't be set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RuleError {
    /// No rule has this name.
    #[error("there is no rule `{0}`")]
    Unknown(String),
    /// Rules are whole numbers.
    #[error("rule `{0}` takes a whole number, not {1}")]
    NotWhole(&'static str, f64),
    /// Outside the rule's range.
    #[error("rule `{}` lies between {} and {}, not at {}", .0.name, .0.min, .0.max, .1)]
    OutOfRange(RuleSpec, f64),
}

/// One line per rule: its meaning, name, type, default and range.
macro_rules! rules {
    ($($(#[doc = $about:literal])+ $name:ident: $kind:ty = $default:literal in $min:literal..=$max:literal;)*) => {
        /// Parameters of the rules. Every field can be set in a scenario's `[rules]`, by `--set rules.NAME=…` and by an intervention.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Rules {
            $($(#[doc = $about])+ pub $name: $kind,)*
        }

        impl Default for Rules {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        /// All rules, in the order of the fields of [`Rules`].
        pub const RULES: &[RuleSpec] = &[$(RuleSpec {
            name: stringify!($name),
            about: concat!($($about),+),
            min: $min,
            max: $max,
            default: $default,
        },)*];

        impl Rules {
            /// The value of a rule by its name.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<f64> {
                match name {
                    $(stringify!($name) => Some(f64::from(self.$name)),)*
                    _ => None,
                }
            }

            /// Sets a rule by its name.
            ///
            /// # Errors
            /// When there is no such rule, or the value is no whole number of its range; nothing has changed then.
            pub fn set(&mut self, name: &str, value: f64) -> Result<(), RuleError> {
                let spec = rule_spec(name).ok_or_else(|| RuleError::Unknown(name.to_owned()))?;
                spec.check(value)?;
                match spec.name {
                    $(stringify!($name) => self.$name = value as $kind,)*
                    _ => return Err(RuleError::Unknown(name.to_owned())),
                }
                Ok(())
            }
        }
    };
}

rules! {
    /// Tiles within which something said is heard.
    say_radius: u16 = 6 in 0..=64;
    /// Tiles within which one can address somebody, give or trade.
    reach: u16 = 3 in 1..=64;
    /// Tiles a resident sees.
    sight_radius: u16 = 8 in 1..=64;
    /// Most people in one conversation.
    talk_members_max: u16 = 6 in 2..=64;
    /// Seconds of sim time between two lines of a conversation.
    talk_turn_secs: u32 = 18 in 1..=3600;
    /// Most lines of one conversation.
    talk_lines_max: u16 = 14 in 1..=1000;
    /// Observations a resident keeps.
    observations_max: u16 = 16 in 0..=1000;
    /// Acquaintances a resident keeps.
    relations_max: u16 = 24 in 0..=1000;
    /// Items a resident carries.
    inventory_max: u16 = 12 in 0..=1000;
    /// Search nodes that pathfinding may open in one tick; later requests wait for the next.
    path_nodes_per_tick: u32 = 100_000 in 100..=100_000_000;
    /// Requests that may wait for a path.
    path_queue_max: u32 = 65_536 in 1..=4_000_000;
    /// Characters of one spoken line.
    say_chars_max: u32 = 500 in 1..=10_000;
    /// Characters of a post's title.
    title_chars_max: u32 = 300 in 1..=1000;
    /// Characters of a post's text.
    post_chars_max: u32 = 40_000 in 1..=1_000_000;
    /// Characters of a comment.
    comment_chars_max: u32 = 10_000 in 1..=1_000_000;
    /// Deepest reply; a comment on a post has depth 1.
    comment_depth_max: u16 = 10 in 1..=100;
    /// Posts and comments whose text stays in memory.
    board_texts_max: u32 = 20_000 in 1..=10_000_000;
    /// Communities one member founds in 24 hours.
    submolts_per_day: u16 = 3 in 0..=1000;
    /// Seconds of sim time between two decisions of a scripted mind.
    decide_secs: u32 = 60 in 1..=86_400;
    /// Points of energy (of 10 000) lost per waking hour.
    energy_per_hour: u16 = 560 in 0..=10_000;
    /// Points of food lost per hour.
    food_per_hour: u16 = 1400 in 0..=10_000;
    /// Points of company lost per hour alone.
    company_per_hour: u16 = 900 in 0..=10_000;
    /// Points of purpose lost per hour.
    purpose_per_hour: u16 = 800 in 0..=10_000;
    /// Points of fun lost per hour.
    fun_per_hour: u16 = 700 in 0..=10_000;
    /// Chance in 10 000 that a talk passes on a piece of news the other does not know.
    gossip_chance: u16 = 6000 in 0..=10_000;
    /// Pieces of news a resident remembers.
    news_max: u16 = 12 in 1..=1000;
    /// Scripted notes one resident writes in a day, at most.
    notes_per_day: u16 = 3 in 0..=1000;
    /// Seconds (by the stamp) after which an external mind that did not act counts as idle.
    external_idle_secs: u32 = 600 in 10..=86_400;
    /// Posts in an hour (by the stamp) of a member who does not live by habit.
    posts_per_hour: u32 = 10 in 1..=1_000_000;
    /// Comments in an hour (by the stamp) of a member who does not live by habit.
    comments_per_hour: u32 = 50 in 1..=1_000_000;
    /// Hours (by the stamp) after their first text for which members count as new.
    newcomer_hours: u16 = 24 in 0..=10_000;
    /// Percent of the hourly posts and comments that are left to new members and to those with karma below 0; 100: as many as to all.
    newcomer_percent: u16 = 100 in 1..=100;
    /// Karma from which members no longer count as new and their reports weigh double.
    trusted_karma: u32 = 10 in 0..=1_000_000;
    /// Hosts that one text may link to without being held for review.
    links_max: u16 = 8 in 0..=1000;
    /// The same for new members and those with karma below 0.
    newcomer_links_max: u16 = 3 in 0..=1000;
    /// Hours (by the stamp) for which texts are remembered to find copies and link farms; 0 looks for none.
    spam_hours: u16 = 24 in 0..=1000;
    /// Words from which a text can be a copy of another.
    spam_words_min: u16 = 8 in 3..=1000;
    /// Others who may have written the same before a text is held for review.
    spam_copies_max: u16 = 3 in 1..=1000;
    /// Texts of one member that may link to the same host before the next is held for review.
    spam_host_max: u16 = 5 in 1..=1000;
    /// Weight of reports at which a post or comment is taken from sight until a moderator has looked.
    reports_weight_max: u16 = 6 in 1..=10_000;
    /// Days (by the stamp) in which a measure can be appealed against.
    appeal_days: u16 = 14 in 1..=1000;
    /// Notices a member keeps; older ones count as read.
    notices_max: u16 = 64 in 1..=1000;
    /// Characters of a message.
    message_chars_max: u32 = 4000 in 1..=40_000;
    /// Messages one member writes in an hour, at most.
    messages_per_hour: u32 = 240 in 0..=100_000;
    /// Requests and invitations to strangers one member sends in a day, at most.
    requests_per_day: u32 = 30 in 0..=10_000;
    /// Newest messages of a conversation that stay in memory for minds to see; the store has all.
    chat_texts_max: u16 = 8 in 0..=100;
    /// Members of a group, those invited included.
    group_members_max: u16 = 64 in 2..=1000;
    /// Groups one member is in, at most.
    groups_max: u16 = 32 in 1..=1000;
    /// Percent of a tier's balance by which one may fall short of it before one leaves it.
    tier_hysteresis_percent: u16 = 20 in 0..=100;
    /// Hours of sim time an order stays in the market's book.
    order_hours: u16 = 24 in 1..=1000;
    /// Bounties one member has under way, at most.
    bounties_max: u16 = 20 in 0..=1000;
}

/// The rule of this name.
#[must_use]
pub fn rule_spec(name: &str) -> Option<&'static RuleSpec> {
    RULES.iter().find(|spec| spec.name == name)
}

impl RuleSpec {
    /// Whether the rule may have this value.
    ///
    /// # Errors
    /// When it is no whole number of the rule's range.
    pub fn check(&self, value: f64) -> Result<(), RuleError> {
        if value.fract() != 0.0 {
            return Err(RuleError::NotWhole(self.name, value));
        }
        if !(f64::from(self.min)..=f64::from(self.max)).contains(&value) {
            return Err(RuleError::OutOfRange(*self, value));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_read_and_set_within_its_range() {
        let mut rules = Rules::default();
        for spec in RULES {
            assert_eq!(
                rules.get(spec.name),
                Some(f64::from(spec.default)),
                "{}",
                spec.name
            );
            assert_eq!(spec.check(f64::from(spec.default)), Ok(()));
            for value in [spec.min, spec.max] {
                assert_eq!(rules.set(spec.name, f64::from(value)), Ok(()));
                assert_eq!(
                    rules.get(spec.name),
                    Some(f64::from(value)),
                    "{} is cut off",
                    spec.name
                );
            }
        }
    }

    #[test]
    fn a_refused_value_changes_nothing() {
        let mut rules = Rules::default();
        let error = |rules: &mut Rules, name: &str, value| {
            rules.set(name, value).map_err(|e| e.to_string())
        };
        assert_eq!(
            error(&mut rules, "reach", 0.0),
            Err("rule `reach` lies between 1 and 64, not at 0".to_owned())
        );
        assert_eq!(
            error(&mut rules, "reach", 1.5),
            Err("rule `reach` takes a whole number, not 1.5".to_owned())
        );
        assert_eq!(
            error(&mut rules, "reach", f64::NAN),
            Err("rule `reach` takes a whole number, not NaN".to_owned())
        );
        assert_eq!(
            error(&mut rules, "rech", 1.0),
            Err("there is no rule `rech`".to_owned())
        );
        assert_eq!(rules, Rules::default());
    }
}
