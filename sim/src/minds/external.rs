//! Bodies whose mind is outside: somebody drives them over the API, and looks after them no longer than they like.
//!
//! When the driver has not acted for a while, or may not, the body becomes idle: it goes home, eats what it has, and sleeps.
//! It never vanishes, and the driver's next act finds it there.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{Activity, MindKind, Need, Presence};
use hamlet_protocol::command::RejectionCode;
use hamlet_protocol::event::Event;
use hamlet_protocol::image::WalkImage;

use crate::resident::ResidentItem;
use crate::town::Town;

/// Food below which an idle body has a meal before it lies down, if there is anything to eat.
const HUNGRY: u16 = 7_000;

/// Bodies without their driver become idle and do what is needed.
pub(super) fn look_after(mut town: Town) {
    let idle_ms = i64::from(town.rules.0.external_idle_secs) * 1000;
    let idle_since = town.clock.stamp_ms.saturating_sub(idle_ms);
    let tick = town.clock.tick;
    for index in 0..town.roster.residents().len() {
        let (no, entity) = town.roster.residents()[index];
        let Ok(resident) = town.residents.get(entity) else {
            continue;
        };
        if resident.identity.mind != MindKind::External {
            continue;
        }
        let left = || resident.doing.last_seen_ms <= idle_since || town.is_halted(no);
        match resident.doing.presence {
            Presence::Online if left() => {
                town.set_presence(no, Presence::Idle);
                town.tend(no);
            }
            Presence::Idle
                if resident.plan.now.next <= tick && resident.walk.0 == WalkImage::Still =>
            {
                town.tend(no);
            }
            Presence::Online | Presence::Idle | Presence::Gone => {}
        }
    }
}

impl Town<'_, '_> {
    /// Somebody has acted, of their own will or of whoever drives them: they are there.
    pub(crate) fn has_acted(&mut self, no: u32, act: &Act) {
        let (tick, stamp_ms) = (self.clock.tick, self.clock.stamp_ms);
        let mut resident = self.resident(no);
        (resident.doing.last_seen, resident.doing.last_seen_ms) = (tick, stamp_ms);
        let idle = resident.doing.presence == Presence::Idle;
        self.touched.agent(no);
        if idle {
            self.set_presence(no, Presence::Online);
            self.rouse(no, act);
        }
    }

    /// Ends what the body did by itself, unless the act was to do just that.
    fn rouse(&mut self, no: u32, act: &Act) {
        let walks = matches!(
            act,
            Act::Step { .. } | Act::GoTo { .. } | Act::GoToLandmark { .. }
        );
        if !walks {
            self.stop(no);
        }
        if self.asleep(no) && *act != Act::Sleep {
            self.set_activity(no, Activity::Idle, None);
        }
    }

    fn set_presence(&mut self, no: u32, presence: Presence) {
        self.resident(no).doing.presence = presence;
        let agent = self.roster.agent_id(no);
        self.log
            .record(&self.clock, Event::PresenceChanged { agent, presence });
        self.touched.body(no);
        self.touched.agent(no);
    }

    /// One step towards a body that can be left alone: home, fed, asleep.
    fn tend(&mut self, no: u32) {
        let (tick, pause) = (self.clock.tick, self.clock.ticks(self.rules.0.decide_secs));
        let at = self.at(no);
        let mut resident = self.resident(no);
        resident.plan.now.next = tick + pause;
        let (activity, home) = (resident.doing.what.activity, resident.identity.home);
        let meal = can_eat(&resident);
        let settled = match home {
            _ if activity == Activity::Sleeping => true,
            Some(home) if !self.places.inside(home, at) => match self.go_to_landmark(no, home) {
                Ok(_) => true,
                // Too many seek a way at once: the next time.
                Err(refused) => refused.code == RejectionCode::Limit,
            },
            Some(_) if activity == Activity::Eating => true,
            Some(home) if meal => self.use_landmark(no, home).is_ok(),
            _ => false,
        };
        if !settled {
            self.sleep(no);
        }
    }
}

fn can_eat(resident: &ResidentItem<'_, '_>) -> bool {
    let food = resident.bag.0.iter().any(|(item, _)| item.edible());
    food && resident.wants.level(Need::Food) < HUNGRY
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::command::Command;
    use hamlet_protocol::goods::Item;
    use hamlet_protocol::map::{LandmarkKind, Point};
    use hamlet_protocol::scenario::PlaceName;

    use super::*;
    use crate::testing::{self, Stage};

    /// Ada, driven from outside, in the street, with a home and something to eat.
    fn stage() -> Stage {
        let mut all = testing::with_puppet(testing::scenario(0), "Ada", Point::new(20, 5));
        all.populations[1].mind = MindKind::External;
        all.populations[1].personas[0].home = Some("Home 2".to_owned());
        assert_eq!(
            all.populations[1].at,
            Some(PlaceName::Tile(Point::new(20, 5)))
        );
        let mut stage = Stage::on(all, testing::map());
        stage.edit_resident("Ada", |ada| ada.inventory = vec![(Item::Bread, 1)]);
        stage
    }

    fn presences(stage: &mut Stage) -> Vec<Presence> {
        let records = stage.village.take_events().into_iter();
        records
            .filter_map(|record| match record.event {
                Event::PresenceChanged { presence, .. } => Some(presence),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_body_without_its_driver_goes_home_and_sleeps_until_they_are_back() {
        let mut stage = stage();
        // Six seconds a tick: after ten minutes by the stamp.
        stage.ticks(99);
        assert!(presences(&mut stage).is_empty());
        stage.ticks(1);
        assert_eq!(presences(&mut stage), [Presence::Idle]);
        assert_eq!(stage.resident("Ada").doing.activity, Activity::Walking);
        stage.ticks(60);
        let ada = stage.resident("Ada");
        let home = ada.home.expect("Ada has a home");
        assert_eq!(ada.doing.landmark, Some(home));
        assert_eq!(ada.doing.activity, Activity::Sleeping);
        // Two days later Ada is still there, well, and has woken nobody's table.
        stage.village.take_events();
        stage.ticks(2 * 14_400);
        let ada = stage.resident("Ada");
        assert_eq!(ada.doing.activity, Activity::Sleeping);
        assert_eq!((ada.presence, ada.last_seen), (Presence::Idle, 0));
        assert!(ada.health >= 50);
        assert_eq!(ada.needs[Need::Energy as usize], 10_000);
        assert!(stage.events().is_empty());
        // A word, and Ada is awake.
        stage.say("Ada", "Good morning!");
        let ada = stage.resident("Ada");
        assert_eq!(ada.presence, Presence::Online);
        assert_eq!(ada.doing.activity, Activity::Idle);
        assert_eq!(ada.last_seen_ms, stage.village.stamp_ms());
        assert_eq!(presences(&mut stage), [Presence::Online]);
        let view = stage.village.view();
        let shown = view.bodies.get(ada.no as usize).map(|body| body.presence);
        assert_eq!(shown, Some(Presence::Online));
    }

    #[test]
    fn whoever_comes_home_hungry_eats_before_they_lie_down() {
        let mut stage = stage();
        stage.edit_resident("Ada", |ada| ada.needs[Need::Food as usize] = 3_000);
        stage.ticks(200);
        let ada = stage.resident("Ada");
        assert_eq!(ada.doing.activity, Activity::Eating);
        assert!(ada.inventory.is_empty());
        stage.ticks(600);
        let ada = stage.resident("Ada");
        assert_eq!(ada.doing.activity, Activity::Sleeping);
        assert!(ada.needs[Need::Food as usize] > 9_000);
    }

    #[test]
    fn the_driver_takes_over_on_the_way_and_a_refused_act_is_none() {
        let mut stage = stage();
        stage.ticks(105);
        let (before, nowhere) = (stage.at("Ada"), Point::new(0, 0));
        stage.village.take_events();
        let code = stage.refused("Ada", Act::GoTo { to: nowhere });
        assert_eq!(code, RejectionCode::Unreachable);
        assert_eq!(stage.resident("Ada").presence, Presence::Idle);
        stage.say("Ada", "Wait, I am here.");
        stage.ticks(5);
        assert_eq!(stage.at("Ada"), before, "the way home is given up");
        let cafe = stage.place(&LandmarkKind::Cafe);
        stage.act("Ada", Act::GoToLandmark { landmark: cafe });
        stage.ticks(60);
        assert!(stage.at("Ada").x < 20);
        assert_eq!(stage.resident("Ada").presence, Presence::Online);
    }

    #[test]
    fn without_a_home_one_sleeps_where_one_is_and_the_rule_says_when() {
        let mut stage = stage();
        stage.edit_resident("Ada", |ada| ada.home = None);
        stage
            .command(Command::SetRule {
                name: "external_idle_secs".to_owned(),
                value: 12.0,
            })
            .expect("within its range");
        stage.ticks(1);
        assert_eq!(stage.resident("Ada").presence, Presence::Online);
        stage.ticks(1);
        let ada = stage.resident("Ada");
        assert_eq!(ada.doing.activity, Activity::Sleeping);
        assert_eq!(stage.at("Ada"), Point::new(20, 5));
    }

    #[test]
    fn nobody_else_becomes_idle() {
        let mut stage = Stage::of(&[("Bo", (20, 5))]);
        stage.ticks(2_000);
        assert_eq!(stage.resident("Bo").presence, Presence::Online);
        assert!(presences(&mut stage).is_empty());
    }
}
