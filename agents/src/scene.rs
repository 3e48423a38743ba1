//! What somebody can look up while they think: the world as it was when they were asked, and nothing later.

use std::sync::Arc;

use hamlet_protocol::agent::Presence;
use hamlet_protocol::board::{PostView, Reader};
use hamlet_protocol::ids::{AgentId, IdCodec, LandmarkId, PostId};
use hamlet_protocol::map::Landmark;
use hamlet_protocol::minds::ThoughtAsk;
use hamlet_protocol::persona::Template;
use hamlet_protocol::scenario::Scenario;
use hamlet_protocol::view::{AgentView, BodyView, LandmarkView, MemberView, WorldView};

/// The world seen by one who thinks.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The world at the end of the tick that was asked in.
    pub view: Arc<WorldView>,
    /// What the run started from.
    pub scenario: Arc<Scenario>,
    /// Reads ids.
    pub ids: IdCodec,
    /// What is asked.
    pub ask: ThoughtAsk,
}

impl Scene {
    /// Who thinks; `None` when they have left.
    #[must_use]
    pub fn me(&self) -> Option<&Arc<AgentView>> {
        self.view.agents.get(self.ask.no as usize)?.as_ref()
    }

    /// Their body.
    #[must_use]
    pub fn body(&self) -> Option<&BodyView> {
        self.view.bodies.get(self.ask.no as usize)
    }

    /// The template they come from.
    #[must_use]
    pub fn template(&self) -> Option<&Template> {
        self.scenario.templates.get(&self.me()?.template)
    }

    /// Somebody's handle.
    #[must_use]
    pub fn called(&self, id: AgentId) -> String {
        let no = self.ids.number(id).and_then(|no| u32::try_from(no).ok());
        let name = no
            .and_then(|no| self.view.member(no))
            .map(|member| member.name().to_owned());
        name.map_or_else(|| "somebody who left".to_owned(), |name| format!("@{name}"))
    }

    /// The member that a model means by a name: a handle with or without its mark, or what they are called.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<MemberView<'_>> {
        let wanted = name.trim().trim_start_matches('@').to_lowercase();
        let residents = self.view.agents.iter().filter_map(Option::as_ref);
        let people = self.view.people.iter().filter(|person| !person.left);
        let mut all = residents
            .map(MemberView::Resident)
            .chain(people.map(MemberView::Person));
        all.find(|member| {
            member.name().to_lowercase() == wanted || member.display_name().to_lowercase() == wanted
        })
    }

    /// The landmark that a model means by a name.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<(&Landmark, &LandmarkView)> {
        let wanted = name.trim().to_lowercase();
        let from = self.body().map(|body| body.at).unwrap_or_default();
        let mut fitting: Vec<_> = self
            .places()
            .filter(|(place, _)| {
                place.name.to_lowercase() == wanted
                    || place.kind.to_string().to_lowercase() == wanted
            })
            .collect();
        fitting.sort_by_key(|(place, _)| {
            (
                place.name.to_lowercase() != wanted,
                place.entrance.manhattan(from),
            )
        });
        fitting.into_iter().next()
    }

    /// All landmarks.
    pub fn places(&self) -> impl Iterator<Item = (&Landmark, &LandmarkView)> {
        self.view
            .map
            .landmarks
            .iter()
            .zip(self.view.landmarks.iter())
    }

    /// A landmark's name.
    #[must_use]
    pub fn place_name(&self, id: LandmarkId) -> String {
        let mut places = self.places();
        places
            .find(|(_, now)| now.id == id)
            .map_or_else(|| "a place".to_owned(), |(place, _)| place.name.clone())
    }

    /// The landmark they are in.
    #[must_use]
    pub fn here(&self) -> Option<(&Landmark, &LandmarkView)> {
        let at = self.body()?.at;
        self.places()
            .filter(|(place, _)| place.area.contains(at) || place.entrance == at)
            .min_by_key(|(place, _)| u32::from(place.area.width) * u32::from(place.area.height))
    }

    /// Posts they may see, newest first.
    pub fn posts(&self) -> impl Iterator<Item = &Arc<PostView>> {
        let reader = Reader::Agent(self.ask.agent);
        let all = 0..self.view.posts.len();
        let posts = all.rev().filter_map(|at| self.view.posts.get(at));
        posts.filter(move |post| !post.deleted && post.visible_to(&reader))
    }

    /// A post that a model names by its short mark (`#12`) or by its id.
    #[must_use]
    pub fn post(&self, mark: &str) -> Option<&Arc<PostView>> {
        let mark = mark.trim();
        let no: u64 = match mark.trim_start_matches('#').parse() {
            Ok(no) => no,
            Err(_) => self.ids.number(PostId(mark.parse().ok()?))?,
        };
        let post = self.view.posts.get(usize::try_from(no).ok()?)?;
        let reader = Reader::Agent(self.ask.agent);
        (!post.deleted && post.visible_to(&reader)).then_some(post)
    }

    /// A post's short mark.
    #[must_use]
    pub fn mark(&self, post: PostId) -> String {
        self.ids
            .number(post)
            .map_or_else(|| post.to_string(), |no| format!("#{no}"))
    }

    /// Residents near, nearest first, with how many tiles away they are.
    #[must_use]
    pub fn near(&self, most: usize) -> Vec<(u32, &Arc<AgentView>, &BodyView)> {
        let Some(me) = self.body() else {
            return Vec::new();
        };
        let rules = &self.view.rules;
        let sight = u32::from(rules.sight_radius.max(rules.say_radius).max(rules.reach));
        let mut near: Vec<_> = self
            .view
            .bodies
            .iter()
            .zip(self.view.agents.iter())
            .filter(|(body, _)| body.agent != me.agent && body.presence != Presence::Gone)
            .filter_map(|(body, agent)| {
                let distance = body.at.chebyshev(me.at);
                Some((distance, agent.as_ref()?, body)).filter(|_| distance <= sight)
            })
            .collect();
        near.sort_by_key(|&(distance, agent, _)| (distance, self.ids.number(agent.id)));
        near.truncate(most);
        near
    }
}
