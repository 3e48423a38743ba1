//! The world for readers: pages that share everything nobody wrote to since the view before.

use std::sync::{Arc, LazyLock};

use bevy_ecs::prelude::*;
use hamlet_protocol::agent::{Activity, Observation, Presence, Relation, Seen, Stack};
use hamlet_protocol::board::{CommentView, PostDetails, PostView, Status};
use hamlet_protocol::community::CommunitiesView;
use hamlet_protocol::economy::view::EconomyView;
use hamlet_protocol::image::{BodyKind, Goal, SeenImage};
use hamlet_protocol::map::TownMap;
use hamlet_protocol::pages::Pages;
use hamlet_protocol::rules::Rules;
use hamlet_protocol::time::SimTime;
use hamlet_protocol::view::{AgentView, BodyView, LandmarkView, LyingView, PersonView, WorldView};

use crate::board::{Board, audience_of, heat, heat_of};
use crate::clock::Clock;
use crate::community::{self, Communities};
use crate::economy;
use crate::inventory::Ground;
use crate::log::{EventLog, Touched};
use crate::moderation::Court;
use crate::people::People;
use crate::places::Places;
use crate::reputation::Reputation;
use crate::resident::{Bag, Doing, Identity, Memory, Plan, Wants};
use crate::roster::Roster;
use crate::social::{Social, chat_view, inbox_view};
use crate::space::Space;
use crate::standing::Standings;
use crate::talk::Talks;
use crate::ties::Ties;
use crate::town::RulesNow;

/// The newest view.
#[derive(Resource, Debug)]
pub(crate) struct Showcase {
    view: WorldView,
    /// Whether every page has been filled once.
    complete: bool,
}

impl Showcase {
    pub(crate) fn new(map: Arc<TownMap>) -> Self {
        let view = WorldView {
            tick: 0,
            seq: 0,
            time: SimTime(0),
            stamp_ms: 0,
            map,
            rules: Arc::new(Rules::default()),
            landmarks: Arc::default(),
            ground: Arc::default(),
            bodies: Pages::default(),
            agents: Pages::default(),
            people: Pages::default(),
            reputation: Arc::default(),
            posts: Pages::default(),
            comments: Pages::default(),
            communities: CommunitiesView::default(),
            inboxes: Pages::default(),
            chats: Pages::default(),
            economy: EconomyView::default(),
        };
        Self {
            view,
            complete: false,
        }
    }
}

/// Brings the view up to date and returns it.
pub(crate) fn refresh(world: &mut World) -> Arc<WorldView> {
    world.resource_scope(|world, mut showcase: Mut<Showcase>| {
        let tracked = world.resource::<Touched>().on;
        let touched = std::mem::replace(
            &mut *world.resource_mut::<Touched>(),
            Touched {
                on: tracked,
                ..Touched::default()
            },
        );
        let touched = if showcase.complete && tracked && !touched.flooded {
            touched
        } else {
            everything(world)
        };
        showcase.complete = true;
        let view = &mut showcase.view;
        update(world, view, touched);
        Arc::new(view.clone())
    })
}

fn everything(world: &World) -> Touched {
    let agents: Vec<u32> = (0..world.resource::<Space>().numbers()).collect();
    let board = &world.resource::<Board>().data;
    let social = world.resource::<Social>();
    let mut touched = Touched {
        on: true,
        bodies: agents.clone(),
        agents,
        posts: (0..board.posts.len() as u32).collect(),
        comments: (0..board.comments.len() as u32).collect(),
        inboxes: social.members(),
        chats: (0..social.data.chats.len() as u32).collect(),
        town: true,
        ..Touched::default()
    };
    community::view::everything(world, &mut touched);
    economy::view::everything(world, &mut touched);
    touched
}

fn update(world: &World, view: &mut WorldView, mut touched: Touched) {
    community::view::update(world, &mut view.communities, &mut touched);
    economy::view::update(world, &mut view.economy, &mut touched);
    let clock = world.resource::<Clock>();
    let ticked = view.tick != clock.tick;
    view.tick = clock.tick;
    view.time = clock.now();
    view.stamp_ms = clock.stamp_ms;
    view.seq = world.resource::<EventLog>().seq;
    if touched.town {
        view.rules = Arc::new(world.resource::<RulesNow>().0.clone());
        view.landmarks = Arc::new(landmarks(world));
        view.ground = Arc::new(ground(world));
        view.reputation = Arc::clone(&world.resource::<Reputation>().0);
    }
    for no in ordered(touched.bodies) {
        view.bodies.set(no as usize, body(world, no));
    }
    if ticked {
        follow_walkers(world, view);
    }
    // Bodies and agents share their numbers; a body that came without a word about its agent is a walker.
    for no in view.agents.len()..view.bodies.len() {
        view.agents.set(no, None);
    }
    for no in ordered(touched.agents) {
        view.agents.set(no as usize, agent(world, no).map(Arc::new));
        show_person(world, view, no);
    }
    for no in ordered(touched.posts) {
        view.posts.set(no as usize, Arc::new(post(world, no)));
    }
    for no in ordered(touched.comments) {
        view.comments.set(no as usize, Arc::new(comment(world, no)));
    }
    for no in ordered(touched.inboxes) {
        while view.inboxes.len() <= no as usize {
            view.inboxes.push(None);
        }
        let inbox = inbox_view(world, no).map(Arc::new);
        view.inboxes.set(no as usize, inbox);
    }
    for no in ordered(touched.chats) {
        view.chats.set(no as usize, Arc::new(chat_view(world, no)));
    }
}

/// Brings the page of a person up to date; of anybody else there is none. Numbers ascend, so a new person comes last.
fn show_person(world: &World, view: &mut WorldView, no: u32) {
    let people = &world.resource::<People>().0;
    let Some(person) = people.get(&no) else {
        return;
    };
    let roster = world.resource::<Roster>();
    let shown = Arc::new(PersonView {
        no,
        id: roster.agent_id(no),
        name: person.name.clone(),
        display_name: person.display_name.clone(),
        about: person.about.clone(),
        standing: world.resource::<Standings>().get(no),
        follows: person
            .follows
            .iter()
            .map(|&other| roster.agent_id(other))
            .collect(),
        last_seen_ms: person.last_seen_ms,
        left: person.left,
    });
    match view.person_index(no) {
        Some(index) => view.people.set(index, shown),
        None => view.people.push(shown),
    }
}

/// Walkers move in nearly every tick and tell nobody: they are looked up.
fn follow_walkers(world: &World, view: &mut WorldView) {
    let (space, roster) = (world.resource::<Space>(), world.resource::<Roster>());
    if space.len() == roster.residents().len() {
        return;
    }
    for no in 0..space.numbers() {
        if space.kind(no) != BodyKind::Walker {
            continue;
        }
        let (at, facing) = (space.last_at(no), space.facing(no));
        let shown = view.bodies.get(no as usize);
        if shown.is_none_or(|shown| (shown.at, shown.facing) != (at, facing)) {
            view.bodies.set(no as usize, body(world, no));
        }
    }
}

fn ordered(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn ground(world: &World) -> Vec<LyingView> {
    let lying = world.resource::<Ground>().0.iter();
    lying
        .map(|(&(at, item), &count)| LyingView {
            at,
            item: item.as_str().to_owned(),
            count,
        })
        .collect()
}

fn landmarks(world: &World) -> Vec<LandmarkView> {
    let roster = world.resource::<Roster>();
    (0..)
        .zip(&world.resource::<Places>().all)
        .map(|(no, place)| LandmarkView {
            id: roster.landmark_id(no),
            open: place.open,
        })
        .collect()
}

fn body(world: &World, no: u32) -> BodyView {
    let (space, roster) = (world.resource::<Space>(), world.resource::<Roster>());
    let doing = roster
        .entity(no)
        .and_then(|entity| world.get::<Doing>(entity));
    let (activity, presence) = match (space.kind(no), doing) {
        (BodyKind::Gone, _) => (Activity::Idle, Presence::Gone),
        (_, Some(doing)) => (doing.what.activity, doing.presence),
        (_, None) => (Activity::Walking, Presence::Online),
    };
    BodyView {
        agent: roster.agent_id(no),
        at: space.last_at(no),
        facing: space.facing(no),
        activity,
        presence,
    }
}

fn agent(world: &World, no: u32) -> Option<AgentView> {
    let roster = world.resource::<Roster>();
    let entity = roster.entity(no)?;
    let identity = world.get::<Identity>(entity)?;
    let (doing, wants) = (world.get::<Doing>(entity)?, world.get::<Wants>(entity)?);
    let memory = world.get::<Memory>(entity)?;
    let (court, now_ms) = (
        world.resource::<Court>(),
        world.resource::<Clock>().stamp_ms,
    );
    let talks = world.resource::<Talks>();
    let stacks = world.get::<Bag>(entity)?.0.iter();
    let ties = world.get::<Ties>(entity)?.iter();
    Some(AgentView {
        id: roster.agent_id(no),
        persona: Arc::clone(&identity.persona),
        template: identity.template.to_string(),
        mind: identity.mind,
        presence: doing.presence,
        halted: court.is_halted(no, now_ms),
        quarantined: court.is_quarantined(no, None, now_ms),
        standing: world.resource::<Standings>().get(no),
        health: wants.health,
        needs: wants.needs,
        mood: wants.mood,
        home: identity.home.map(|home| roster.landmark_id(home)),
        workplace: identity.workplace.map(|place| roster.landmark_id(place)),
        plan: plan_phrase(world, world.get::<Plan>(entity)?),
        talk: memory.talk.map(|talk| roster.ids.make(talk)),
        inventory: stacks
            .map(|&(item, count)| Stack {
                item: item.as_str().to_owned(),
                count,
            })
            .collect(),
        relations: ties
            .map(|tie| Relation {
                agent: roster.agent_id(tie.other),
                closeness: tie.closeness,
                liking: tie.liking,
                last_met: tie.last_met,
                follows: tie.follows,
            })
            .collect(),
        observations: memory
            .observations
            .iter()
            .map(|seen| Observation {
                tick: seen.tick,
                seen: seen_view(roster, &seen.what),
            })
            .collect(),
        heard: heard(roster, talks, memory),
        last_seen: doing.last_seen,
        last_seen_ms: doing.last_seen_ms,
    })
}

/// What somebody is up to, as a phrase.
fn plan_phrase(world: &World, plan: &Plan) -> String {
    let places = world.resource::<Places>();
    let place = plan
        .now
        .landmark
        .and_then(|no| places.get(no))
        .map(|place| format!(" at {}", place.name));
    let what = match plan.now.goal {
        Goal::None => return "nothing in particular".to_owned(),
        Goal::Sleep => "sleep",
        Goal::Eat => "have a meal",
        Goal::Work => "work",
        Goal::Trade => "trade",
        Goal::Read => "read the board",
        Goal::Rest => "rest",
        Goal::Meet => "meet people",
        Goal::Heal => "get well",
    };
    format!("{what}{}", place.unwrap_or_default())
}

fn heard(
    roster: &Roster,
    talks: &Talks,
    memory: &Memory,
) -> Vec<(hamlet_protocol::ids::AgentId, String)> {
    let lines = memory
        .observations
        .iter()
        .filter_map(|seen| match seen.what {
            SeenImage::Heard(speaker, line) => {
                Some((roster.agent_id(speaker), talks.line(line)?.text.clone()))
            }
            _ => None,
        });
    lines.collect()
}

fn seen_view(roster: &Roster, seen: &SeenImage) -> Seen {
    let agent = |no: u32| roster.agent_id(no);
    let landmark = |no: u32| roster.landmark_id(no);
    let post = |no: u32| roster.ids.make(u64::from(no));
    match seen {
        SeenImage::TalkedWith(other) => Seen::TalkedWith(agent(*other)),
        SeenImage::Heard(other, line) => Seen::Heard(agent(*other), *line),
        SeenImage::News(other, news) => Seen::News(agent(*other), *news),
        SeenImage::Ate(place) => Seen::Ate(landmark(*place)),
        SeenImage::Slept => Seen::Slept,
        SeenImage::Worked(place, item) => Seen::Worked(landmark(*place), item.as_str().to_owned()),
        SeenImage::Traded(other, gave, got) => Seen::Traded(
            agent(*other),
            gave.as_str().to_owned(),
            got.as_str().to_owned(),
        ),
        SeenImage::Received(other, item) => Seen::Received(agent(*other), item.as_str().to_owned()),
        SeenImage::Read(no) => Seen::Read(post(*no)),
        SeenImage::Answered(other, no) => Seen::Answered(agent(*other), post(*no)),
        SeenImage::FoundClosed(place) => Seen::FoundClosed(landmark(*place)),
        SeenImage::Rewarded(reward) => {
            let (amount, reason) = &**reward;
            Seen::Rewarded(*amount, reason.to_string())
        }
        SeenImage::Rested(place) => Seen::Rested(landmark(*place)),
        SeenImage::FollowedBy(other) => Seen::FollowedBy(agent(*other)),
    }
}

fn post(world: &World, no: u32) -> PostView {
    let (roster, board) = (world.resource::<Roster>(), world.resource::<Board>());
    let record = board.post(no);
    let (court, now_ms) = (
        world.resource::<Court>(),
        world.resource::<Clock>().stamp_ms,
    );
    let quarantined = record
        .author
        .is_some_and(|author| court.is_quarantined(author, Some(record.submolt), now_ms));
    let (title, text) = match board.text(no) {
        Some((title, text)) => (title.clone(), Some(text.clone())),
        None => (String::new(), None),
    };
    PostView {
        id: roster.ids.make(u64::from(no)),
        author: record.author.map(|author| roster.agent_id(author)),
        submolt: board.data.submolts[usize::from(record.submolt)].clone(),
        title,
        text,
        created_ms: record.created_ms,
        up: record.up,
        down: record.down,
        comments: record.comments,
        hot: heat(record),
        labels: world.resource::<Communities>().on_post(no).to_vec(),
        details: details(world, no),
        // Nobody but themselves and those who keep order sees what somebody in quarantine writes.
        status: if quarantined {
            Status::Moderated
        } else {
            record.status
        },
        pinned: record.pinned,
        locked: record.locked,
        deleted: record.deleted,
        revision: record.revision,
        edited_ms: Some(record.edited_ms).filter(|&at_ms| at_ms != 0),
        link_in_text: record.link_in_text,
    }
}

/// What a post has besides its text; most have nothing, and share that.
fn details(world: &World, no: u32) -> Arc<PostDetails> {
    static NOTHING: LazyLock<Arc<PostDetails>> = LazyLock::new(Arc::default);
    let (roster, board) = (world.resource::<Roster>(), world.resource::<Board>());
    let id = |no: u32| roster.agent_id(no);
    let extras = board.extras(no);
    let others = board.data.collaborators.get(&no).into_iter().flatten();
    let details = PostDetails {
        url: extras.and_then(|it| it.url.clone()),
        flair: extras.and_then(|it| it.flair.clone()),
        tags: extras.map(|it| it.tags.clone()).unwrap_or_default(),
        audience: audience_of(board.post(no).audience, id),
        collaborators: others.map(|&other| id(other)).collect(),
    };
    if details == **NOTHING {
        Arc::clone(&NOTHING)
    } else {
        Arc::new(details)
    }
}

fn comment(world: &World, no: u32) -> CommentView {
    let (roster, board) = (world.resource::<Roster>(), world.resource::<Board>());
    let record = &board.data.comments[no as usize];
    let submolt = Some(board.post(record.post).submolt);
    let (court, now_ms) = (
        world.resource::<Court>(),
        world.resource::<Clock>().stamp_ms,
    );
    CommentView {
        id: roster.ids.make(u64::from(no)),
        post: roster.ids.make(u64::from(record.post)),
        parent: record
            .parent
            .map(|parent| roster.ids.make(u64::from(parent))),
        author: roster.agent_id(record.author),
        depth: record.depth,
        text: board.data.comment_texts.get(&no).cloned(),
        created_ms: record.created_ms,
        up: record.up,
        down: record.down,
        hot: heat_of(record.up, record.down, record.created_ms),
        deleted: record.deleted,
        removed: record.removed || court.is_quarantined(record.author, submolt, now_ms),
        revision: record.revision,
        edited_ms: Some(record.edited_ms).filter(|&at_ms| at_ms != 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_and_single() {
        assert_eq!(ordered(vec![3, 1, 3, 2, 1]), [1, 2, 3]);
    }
}
