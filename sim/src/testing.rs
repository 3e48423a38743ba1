//! A small town drawn in letters, and a stage to act on in it, for the tests of features.

use std::collections::BTreeMap;

use chrono::DateTime;
use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Answer, Command, Outcome, RejectionCode, StampedCommand};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AgentId, CommentId, IdCodec, LandmarkId, PostId, TypedId};
use hamlet_protocol::image::{ResidentImage, StateImage};
use hamlet_protocol::map::{Area, Bitmap, Landmark, LandmarkKind, Point, TownMap};
use hamlet_protocol::money::Money;
use hamlet_protocol::persona::{Persona, Template};
use hamlet_protocol::rules::Rules;
use hamlet_protocol::scenario::{
    Economy, GeneratedMap, Intervention, InterventionKind, Landscape, MapSource, Outputs,
    Population, Scenario, Stop,
};
use hamlet_protocol::time::TimeSpec;

use crate::village::{Village, VillageOptions};

/// `#` is a wall; a letter is a landmark's tile: h home, c café, m market, b board, w workshop, p park, l library, k clinic.
const TOWN: &str = "\
################################
#hhh#hhh#hhh#..............#www#
#hhh#hhh#hhh#..ccccc.......#www#
##.###.###.##..ccccc.......##.##
#..............ccccc...........#
#..............................#
#...mmmmmm...........ppppppp...#
#...mmmmmm....bbb....ppppppp...#
#...mmmmmm....bbb....ppppppp...#
#....................ppppppp...#
################################";

/// The little town's map.
pub(crate) fn map() -> TownMap {
    drawn(TOWN)
}

/// A map drawn in the same letters.
pub(crate) fn drawn(rows: &str) -> TownMap {
    let rows: Vec<&[u8]> = rows.lines().map(str::as_bytes).collect();
    let (width, height) = (rows[0].len() as u32, rows.len() as u32);
    let mut blocked = Bitmap::new((width * height) as usize);
    let mut areas: BTreeMap<(u8, u16), (Point, Point)> = BTreeMap::new();
    for (y, row) in rows.iter().enumerate() {
        for (x, &letter) in row.iter().enumerate() {
            if letter == b'#' {
                blocked.set(y * width as usize + x, true);
            } else if letter != b'.' {
                let p = Point::new(x as u16, y as u16);
                // Three homes stand side by side, four columns each.
                let key = (letter, if letter == b'h' { p.x / 4 } else { 0 });
                let corners = areas.entry(key).or_insert((p, p));
                corners.1 = Point::new(corners.1.x.max(p.x), corners.1.y.max(p.y));
            }
        }
    }
    let landmarks = areas
        .into_iter()
        .map(|((letter, index), (from, to))| landmark(letter, index, from, to))
        .collect();
    TownMap {
        name: "little".to_owned(),
        width,
        height,
        tile_px: (16, 16),
        blocked,
        landmarks,
        zones: Vec::new(),
        layers: Vec::new(),
        tilesets: Vec::new(),
    }
}

fn landmark(letter: u8, index: u16, from: Point, to: Point) -> Landmark {
    let kind = match letter {
        b'h' => LandmarkKind::Home,
        b'c' => LandmarkKind::Cafe,
        b'm' => LandmarkKind::Market,
        b'b' => LandmarkKind::Board,
        b'w' => LandmarkKind::Workshop,
        b'l' => LandmarkKind::Library,
        b'k' => LandmarkKind::Clinic,
        _ => LandmarkKind::Park,
    };
    let name = if letter == b'h' {
        format!("Home {}", index + 1)
    } else {
        format!("The {kind}")
    };
    let area = Area {
        x: from.x,
        y: from.y,
        width: to.x - from.x + 1,
        height: to.y - from.y + 1,
    };
    Landmark {
        name,
        kind,
        description: String::new(),
        area,
        entrance: Point::new(from.x + 1, to.y),
        hours: None,
    }
}

/// A scenario with this many scripted residents in the little town.
pub(crate) fn scenario(count: u32) -> Scenario {
    let names = |all: &[&str]| all.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let template = Template {
        slug: "townsfolk".to_owned(),
        first_names: names(&["Ada", "Bram", "Cleo", "Dov", "Esra", "Finn", "Gwen", "Hugo"]),
        last_names: names(&["Holt", "Marsh", "Quill", "Reed", "Stone", "Vale"]),
        traits: names(&["curious", "quiet", "merry", "stubborn"]),
        interests: names(&["gardening", "old maps", "music", "boats"]),
        occupations: names(&["baker", "smith", "weaver", "gardener"]),
        ..Template::default()
    };
    let population = Population {
        template: "townsfolk".to_owned(),
        count,
        mind: MindKind::Scripted,
        personas: Vec::new(),
        at: None,
    };
    Scenario {
        name: "little".to_owned(),
        description: String::new(),
        seed: 7,
        map: MapSource::Generated(GeneratedMap {
            kind: Landscape::Field,
            width: 1,
            height: 1,
            homes: 0,
            seed: 0,
        }),
        time: TimeSpec {
            tick_hz: 10.0,
            sim_secs_per_tick: 6,
            start: DateTime::from_timestamp(1_770_015_600, 0).unwrap_or_default(),
        },
        economy: Economy { grant: Money(0) },
        rules: Rules::default(),
        submolts: hamlet_protocol::community::seeds_always(),
        templates: [("townsfolk".to_owned(), template)].into(),
        populations: vec![population],
        interventions: Vec::new(),
        stop: Stop::default(),
        outputs: Outputs {
            every_ticks: 60,
            series: Vec::new(),
            events: Vec::new(),
            hash_every_ticks: 100,
        },
    }
}

/// Adds a puppet called `name` on a tile.
pub(crate) fn with_puppet(mut scenario: Scenario, name: &str, at: Point) -> Scenario {
    let persona = Persona {
        name: name.to_owned(),
        display_name: name.to_owned(),
        ..Persona::default()
    };
    scenario.populations.push(Population {
        template: "townsfolk".to_owned(),
        count: 1,
        mind: MindKind::Puppet,
        personas: vec![persona],
        at: Some(hamlet_protocol::scenario::PlaceName::Tile(at)),
    });
    scenario
}

/// Something that happens before a tick.
pub(crate) fn at_tick(at_tick: u64, what: InterventionKind) -> Intervention {
    Intervention {
        at_tick,
        what,
        optional: false,
    }
}

/// A village in the little town.
pub(crate) fn village(scenario: Scenario) -> Village {
    let options = VillageOptions {
        views: true,
        transient: true,
        ..VillageOptions::default()
    };
    Village::found(scenario, map(), options).expect("the little town has room")
}

/// A village in which a test lets people act.
pub(crate) struct Stage {
    pub(crate) village: Village,
}

impl Stage {
    /// The little town with these puppets on these tiles, and nobody else.
    pub(crate) fn of(puppets: &[(&str, (u16, u16))]) -> Self {
        Self::with(puppets, |_scenario| {})
    }

    /// The same, in a scenario changed before.
    pub(crate) fn with(puppets: &[(&str, (u16, u16))], change: impl FnOnce(&mut Scenario)) -> Self {
        let mut all = scenario(0);
        for &(name, (x, y)) in puppets {
            all = with_puppet(all, name, Point::new(x, y));
        }
        change(&mut all);
        Self::on(all, map())
    }

    pub(crate) fn on(scenario: Scenario, map: TownMap) -> Self {
        let options = VillageOptions {
            views: true,
            transient: true,
            ..VillageOptions::default()
        };
        let mut village = Village::found(scenario, map, options).expect("there is room");
        village.take_events();
        Self { village }
    }

    pub(crate) fn ids(&self) -> IdCodec {
        IdCodec::new(self.village.scenario().seed)
    }

    pub(crate) fn id(&self, name: &str) -> AgentId {
        self.ids().make(u64::from(self.resident(name).no))
    }

    pub(crate) fn no(&self, name: &str) -> u32 {
        self.resident(name).no
    }

    /// The first landmark of a kind.
    pub(crate) fn place(&self, kind: &LandmarkKind) -> LandmarkId {
        let landmarks = &self.village.map().landmarks;
        let no = landmarks.iter().position(|landmark| landmark.kind == *kind);
        self.ids().make(no.expect("the map has one") as u64)
    }

    pub(crate) fn state(&self) -> StateImage {
        self.village.image().state
    }

    pub(crate) fn resident(&self, name: &str) -> ResidentImage {
        let residents = self.state().residents;
        let found = residents.into_iter().find(|it| it.persona.name == name);
        found.expect("somebody of this name lives here")
    }

    pub(crate) fn at(&self, name: &str) -> Point {
        self.state().bodies.at[self.no(name) as usize]
    }

    pub(crate) fn command(&mut self, command: Command) -> Answer {
        let stamp_ms = self.village.stamp_ms();
        self.village.apply(&StampedCommand { stamp_ms, command })
    }

    /// What comes of an act that is allowed.
    pub(crate) fn act(&mut self, name: &str, act: Act) -> Outcome {
        let agent = self.id(name);
        let answer = self.command(Command::Act {
            agent,
            act: act.clone(),
        });
        match answer {
            Ok(applied) => applied.outcome,
            Err(refused) => panic!("{name} may not {act:?}: {refused}"),
        }
    }

    /// Why an act is refused; nothing has changed.
    pub(crate) fn refused(&mut self, name: &str, act: Act) -> RejectionCode {
        let agent = self.id(name);
        self.refused_command(Command::Act { agent, act })
    }

    /// Why a command is refused; nothing has changed.
    pub(crate) fn refused_command(&mut self, command: Command) -> RejectionCode {
        let before = self.village.image();
        let stamped = StampedCommand {
            stamp_ms: i64::MAX,
            command: command.clone(),
        };
        let refused = self.village.apply(&stamped);
        let refused = refused.expect_err(&format!("{command:?} was allowed"));
        assert!(self.village.image() == before, "{command:?} left a trace");
        assert!(self.events().is_empty(), "{command:?} was told of");
        refused.code
    }

    /// The same, when there may be something to be told of already.
    pub(crate) fn refused_command_after(&mut self, command: Command) -> RejectionCode {
        self.events();
        self.refused_command(command)
    }

    pub(crate) fn say(&mut self, name: &str, text: &str) -> Outcome {
        let text = text.to_owned();
        self.act(name, Act::Say { text })
    }

    pub(crate) fn talk(&self, to: &[&str], text: &str) -> Act {
        Act::Talk {
            to: to.iter().map(|name| self.id(name)).collect(),
            text: text.to_owned(),
        }
    }

    pub(crate) fn post(&mut self, name: &str, title: &str) -> PostId {
        match self.act(name, post(title)) {
            Outcome::Posted { post } => post,
            other => panic!("a post came to {other:?}"),
        }
    }

    pub(crate) fn comment(
        &mut self,
        name: &str,
        post: PostId,
        parent: Option<CommentId>,
    ) -> CommentId {
        match self.act(name, comment(post, parent)) {
            Outcome::Commented { comment } => comment,
            other => panic!("a comment came to {other:?}"),
        }
    }

    pub(crate) fn ticks(&mut self, count: u64) {
        for _ in 0..count {
            self.village.tick(None);
        }
    }

    /// What happened since the last call, without what is transient.
    pub(crate) fn events(&mut self) -> Vec<Event> {
        let records = self.village.take_events().into_iter();
        records
            .map(|record| record.event)
            .filter(Event::is_durable)
            .collect()
    }

    /// Changes the world as no command could.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut StateImage)) {
        let mut image = self.village.image();
        change(&mut image.state);
        let options = VillageOptions {
            views: true,
            transient: true,
            ..VillageOptions::default()
        };
        self.village = Village::resume(image, options).expect("the change makes sense");
    }

    /// Changes one resident as no command could.
    pub(crate) fn edit_resident(&mut self, name: &str, change: impl FnOnce(&mut ResidentImage)) {
        self.edit(|state| {
            let mut residents = state.residents.iter_mut();
            change(residents.find(|it| it.persona.name == name).expect("one"));
        });
    }

    /// The number an id was made from.
    pub(crate) fn number<T: TypedId>(&self, id: T) -> u32 {
        self.ids().number(id).expect("an id of this run") as u32
    }
}

/// A post with a title and no more.
pub(crate) fn post(title: &str) -> Act {
    Act::Post {
        submolt: "town".to_owned(),
        title: title.to_owned(),
        text: String::new(),
    }
}

/// An answer that does not say much.
pub(crate) fn comment(post: PostId, parent: Option<CommentId>) -> Act {
    Act::Comment {
        post,
        parent,
        text: "Indeed.".to_owned(),
    }
}
