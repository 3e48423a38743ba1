//! Communities for readers.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use hamlet_protocol::community::{
    AttachmentView, CommunitiesView, LabelTarget, LabelView, SubmoltView, TargetImage,
};

use super::Communities;
use crate::board::Board;
use crate::log::Touched;
use crate::roster::Roster;

/// Everything there is to show.
pub(crate) fn everything(world: &World, touched: &mut Touched) {
    let communities = world.resource::<Communities>();
    let data = &communities.data;
    touched.submolts = (0..data.submolts.len() as u32).collect();
    touched.labels = (0..data.labels.len() as u32).collect();
    touched.attachments = (0..data.attached).collect();
    touched.members = communities.members.keys().copied().collect();
}

/// Brings the view up to date with what was touched.
pub(crate) fn update(world: &World, view: &mut CommunitiesView, touched: &mut Touched) {
    let communities = world.resource::<Communities>();
    let data = &communities.data;
    for list in [
        &mut touched.submolts,
        &mut touched.labels,
        &mut touched.attachments,
        &mut touched.members,
    ] {
        list.sort_unstable();
        list.dedup();
    }
    for &index in &touched.submolts {
        let submolt = submolt(world, index as u16);
        view.submolts.set(index as usize, Arc::new(submolt));
    }
    if view.by_slug.len() != data.submolts.len() {
        let slugs = (0..).zip(&world.resource::<Board>().data.submolts);
        let by_slug: BTreeMap<String, u16> = slugs.map(|(no, slug)| (slug.clone(), no)).collect();
        view.by_slug = Arc::new(by_slug);
    }
    for &number in &touched.labels {
        let label = label(world, number);
        view.labels.set(number as usize, Arc::new(label));
    }
    for &number in &touched.attachments {
        let attachment = attachment(world, number).map(Arc::new);
        view.attachments.set(number as usize, attachment);
    }
    for &no in &touched.members {
        for gap in view.members.len()..no as usize {
            view.members.set(gap, None);
        }
        let member = communities.membership(no).cloned().map(Arc::new);
        view.members.set(no as usize, member);
    }
}

fn submolt(world: &World, index: u16) -> SubmoltView {
    let (communities, roster) = (world.resource::<Communities>(), world.resource::<Roster>());
    let image = communities.submolt(index);
    SubmoltView {
        id: roster.ids.make(u64::from(index)),
        index,
        slug: world.resource::<Board>().data.submolts[usize::from(index)].clone(),
        display_name: image.display_name.clone(),
        description: image.description.clone(),
        rules: image.rules.clone(),
        icon: image.icon.clone(),
        banner: image.banner.clone(),
        banner_color: image.banner_color.clone(),
        theme_color: image.theme_color.clone(),
        creator: image.creator.map(|no| roster.agent_id(no)),
        created_ms: image.created_ms,
        is_nsfw: image.is_nsfw,
        allow_crypto: image.allow_crypto,
        quarantined: image.quarantined,
        moderators: image
            .moderators
            .iter()
            .map(|&(no, role)| (roster.agent_id(no), role))
            .collect(),
        subscribers: image.subscribers.len() as u32,
        labels: communities.labels_of(index).to_vec(),
    }
}

fn label(world: &World, number: u32) -> LabelView {
    let (communities, roster) = (world.resource::<Communities>(), world.resource::<Roster>());
    let image = &communities.data.labels[number as usize];
    LabelView {
        id: roster.ids.make(u64::from(number)),
        submolt: image.submolt,
        label: image.label.clone(),
        created_ms: image.created_ms,
        holders: communities
            .holders
            .get(&number)
            .cloned()
            .unwrap_or_default(),
    }
}

fn attachment(world: &World, number: u32) -> Option<AttachmentView> {
    let (communities, roster) = (world.resource::<Communities>(), world.resource::<Roster>());
    let image = communities.data.attachments.get(&number)?;
    Some(AttachmentView {
        id: roster.ids.make(u64::from(number)),
        label: image.label,
        target: match image.target {
            TargetImage::Post(post) => LabelTarget::Post(roster.ids.make(u64::from(post))),
            TargetImage::Agent(no) => LabelTarget::Agent(roster.agent_id(no)),
        },
        placement: image.placement.clone(),
        created_ms: image.created_ms,
    })
}
