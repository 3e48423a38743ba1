//! Communities of the board: who founded them, who keeps order, who subscribes, and their labels.
//!
//! Slugs stand in the board, for posts refer to them by index; everything else about a community stands here, by the same index.
//! Who is what in which community is kept twice, by community in the image and by member beside it, so that neither question needs a search.

mod acts;
pub(crate) mod check;
mod labels;
#[cfg(test)]
mod tests;
pub(crate) mod view;

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::community::{
    CommunitiesImage, CommunityError, CommunityEvent, Membership, Role, SubmoltImage, SubmoltSeed,
    SubmoltSettings, TargetImage, check_settings, seed, seeds_always,
};
use hamlet_protocol::event::Event;
use hamlet_protocol::name::name_key;

use crate::lifecycle::sentence;
use crate::moderation::check_secrets;
use crate::town::{Town, with_town};

/// Communities that a refusal names as examples.
const EXAMPLES: usize = 8;

/// All communities.
#[derive(Resource, Debug, Default)]
pub(crate) struct Communities {
    pub(crate) data: CommunitiesImage,
    /// Index of each community, by what its slug looks like.
    keys: BTreeMap<String, u16>,
    /// What members are in communities, by agent number; nobody who is in none.
    members: BTreeMap<u32, Membership>,
    /// Numbers of each community's labels, in order.
    labels_of: BTreeMap<u16, Vec<u32>>,
    /// Numbers of the attachments on each post that has any, in order.
    on_posts: BTreeMap<u32, Vec<u32>>,
    /// Numbers of the attachments by which agents hold each role that anybody holds, in order.
    holders: BTreeMap<u32, Vec<u32>>,
}

impl Communities {
    /// Communities of an image. Those of an older image, which had nothing but slugs, get the records that a scenario would give them.
    pub(crate) fn from_image(
        mut data: CommunitiesImage,
        slugs: &[String],
        founded_ms: i64,
    ) -> Self {
        for slug in slugs.iter().skip(data.submolts.len()) {
            data.submolts.push(record(&seed(slug), founded_ms));
        }
        let mut all = Self {
            keys: (0..)
                .zip(slugs)
                .map(|(no, slug)| (name_key(slug), no))
                .collect(),
            ..Self::default()
        };
        for (index, submolt) in (0..).zip(&data.submolts) {
            for &(no, _) in &submolt.moderators {
                insert(&mut all.member(no).moderates, index);
            }
            for &no in &submolt.subscribers {
                insert(&mut all.member(no).subscriptions, index);
            }
        }
        for (number, label) in (0..).zip(&data.labels) {
            all.labels_of.entry(label.submolt).or_default().push(number);
        }
        for (&number, attachment) in &data.attachments {
            all.index(number, attachment.label, attachment.target);
        }
        all.data = data;
        all
    }

    /// What somebody is in communities.
    pub(crate) fn membership(&self, no: u32) -> Option<&Membership> {
        self.members.get(&no)
    }

    /// Numbers of the labels on a post.
    pub(crate) fn on_post(&self, post: u32) -> &[u32] {
        self.on_posts.get(&post).map_or(&[], Vec::as_slice)
    }

    /// What somebody is in a community.
    pub(crate) fn role(&self, no: u32, submolt: u16) -> Option<Role> {
        let submolt = self.data.submolts.get(usize::from(submolt))?;
        let found = submolt.moderators.iter().find(|(other, _)| *other == no);
        found.map(|&(_, role)| role)
    }

    /// Numbers of a community's labels.
    fn labels_of(&self, submolt: u16) -> &[u32] {
        self.labels_of.get(&submolt).map_or(&[], Vec::as_slice)
    }

    fn submolt(&self, index: u16) -> &SubmoltImage {
        &self.data.submolts[usize::from(index)]
    }

    fn submolt_mut(&mut self, index: u16) -> &mut SubmoltImage {
        &mut self.data.submolts[usize::from(index)]
    }

    fn member(&mut self, no: u32) -> &mut Membership {
        self.members.entry(no).or_default()
    }

    /// Nobody stays in the list who is in no community.
    fn forget_if_nothing(&mut self, no: u32) {
        if self.members.get(&no).is_some_and(Membership::is_empty) {
            self.members.remove(&no);
        }
    }

    /// Notes where a label was put.
    fn index(&mut self, number: u32, label: u32, target: TargetImage) {
        match target {
            TargetImage::Post(post) => insert(self.on_posts.entry(post).or_default(), number),
            TargetImage::Agent(no) => {
                insert(&mut self.member(no).roles, number);
                insert(self.holders.entry(label).or_default(), number);
            }
        }
    }

    /// Notes that a label was taken off.
    fn unindex(&mut self, number: u32, label: u32, target: TargetImage) {
        match target {
            TargetImage::Post(post) => take_out(&mut self.on_posts, post, number),
            TargetImage::Agent(no) => {
                self.member(no).roles.retain(|&other| other != number);
                self.forget_if_nothing(no);
                take_out(&mut self.holders, label, number);
            }
        }
    }
}

fn take_out(lists: &mut BTreeMap<u32, Vec<u32>>, of: u32, number: u32) {
    if let Some(list) = lists.get_mut(&of) {
        list.retain(|&other| other != number);
        if list.is_empty() {
            lists.remove(&of);
        }
    }
}

/// Inserts into an ordered list without doubles.
fn insert<T: Ord>(list: &mut Vec<T>, item: T) {
    if let Err(at) = list.binary_search(&item) {
        list.insert(at, item);
    }
}

fn record(seed: &SubmoltSeed, created_ms: i64) -> SubmoltImage {
    SubmoltImage {
        display_name: seed.display_name.clone(),
        description: seed.description.clone(),
        rules: seed.rules.clone(),
        created_ms,
        ..SubmoltImage::default()
    }
}

/// Founds the communities of a scenario; the two that every village has come first where it does not name them.
pub(crate) fn found(world: &mut World, seeds: &[SubmoltSeed]) {
    let named = |slug: &str| seeds.iter().any(|seed| seed.slug == slug);
    let missing = seeds_always().into_iter().filter(|seed| !named(&seed.slug));
    let all: Vec<SubmoltSeed> = missing.chain(seeds.iter().cloned()).collect();
    with_town(world, |town| {
        town.board.data.submolts.clear();
        for seed in &all {
            let settings = SubmoltSettings {
                display_name: Some(seed.display_name.clone()),
                description: Some(seed.description.clone()),
                rules: Some(seed.rules.clone()),
                ..SubmoltSettings::default()
            };
            town.add_submolt(None, &seed.slug, settings);
        }
    });
}

impl Town<'_, '_> {
    /// The index of a community, in whatever case its slug is written.
    pub(crate) fn submolt_index(&self, slug: &str) -> Result<u16, Rejection> {
        let found = self.communities.keys.get(&name_key(slug)).copied();
        let found = found.filter(|&index| self.slug(index).eq_ignore_ascii_case(slug));
        found.ok_or_else(|| {
            let examples = &self.board.data.submolts;
            let examples = &examples[..examples.len().min(EXAMPLES)];
            Rejection::new(
                RejectionCode::NotFound,
                format!(
                    "There is no community `{}`.",
                    slug.chars().take(50).collect::<String>()
                ),
                format!("Some communities are: {}.", examples.join(", ")),
            )
        })
    }

    /// A community's slug.
    pub(crate) fn slug(&self, index: u16) -> &str {
        &self.board.data.submolts[usize::from(index)]
    }

    /// Whether somebody keeps order in a community.
    pub(crate) fn moderates(&self, no: u32, submolt: u16) -> bool {
        self.communities.role(no, submolt).is_some()
    }

    /// Adds a community, and returns its index. The caller has checked that there is room and that the slug is free.
    fn add_submolt(&mut self, creator: Option<u32>, slug: &str, settings: SubmoltSettings) -> u16 {
        let index = self.board.data.submolts.len() as u16;
        self.board.data.submolts.push(slug.to_owned());
        let communities = &mut *self.communities;
        communities.keys.insert(name_key(slug), index);
        let mut submolt = record(&seed(slug), self.clock.stamp_ms);
        submolt.creator = creator;
        communities.data.submolts.push(submolt);
        self.settle(index, &settings);
        if let Some(no) = creator {
            let communities = &mut *self.communities;
            communities
                .submolt_mut(index)
                .moderators
                .push((no, Role::Owner));
            insert(&mut communities.member(no).moderates, index);
            self.touched.member(no);
        }
        let settings = Box::new(settings);
        self.tell(creator, index, CommunityEvent::Created { settings });
        index
    }

    /// Writes down what is said about a community.
    fn settle(&mut self, index: u16, settings: &SubmoltSettings) {
        let submolt = self.communities.submolt_mut(index);
        let texts = [
            (&mut submolt.display_name, &settings.display_name),
            (&mut submolt.description, &settings.description),
            (&mut submolt.rules, &settings.rules),
            (&mut submolt.icon, &settings.icon),
            (&mut submolt.banner, &settings.banner),
            (&mut submolt.banner_color, &settings.banner_color),
            (&mut submolt.theme_color, &settings.theme_color),
        ];
        for (now, new) in texts {
            if let Some(new) = new {
                now.clone_from(new);
            }
        }
        submolt.is_nsfw = settings.is_nsfw.unwrap_or(submolt.is_nsfw);
        submolt.allow_crypto = settings.allow_crypto.unwrap_or(submolt.allow_crypto);
    }

    /// Records what happened in a community, and lets readers see it.
    fn tell(&mut self, who: Option<u32>, index: u16, what: CommunityEvent) {
        let event = Event::Community {
            agent: who.map(|no| self.roster.agent_id(no)),
            submolt: self.slug(index).to_owned(),
            what: Box::new(what),
        };
        self.log.record(&self.clock, event);
        self.touched.submolt(u32::from(index));
    }
}

/// Whether this may be said about a community: it is in order, and no secret is in it.
fn check_said(settings: &SubmoltSettings) -> Result<(), Rejection> {
    check_settings(settings).map_err(|fault| refused(&fault))?;
    let mut said = settings.words().into_iter();
    said.try_for_each(|text| check_secrets("a community's page", text))
}

/// A fault in what a member wrote, as a refusal.
fn refused(fault: &CommunityError) -> Rejection {
    let code = match fault {
        CommunityError::Slug | CommunityError::Reserved => RejectionCode::Name,
        _ => RejectionCode::Invalid,
    };
    let hint = match code {
        RejectionCode::Name => "Choose another name.",
        _ => "Change it and try again.",
    };
    Rejection::new(code, sentence(fault), hint)
}
