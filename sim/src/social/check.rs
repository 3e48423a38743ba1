//! Whether what an image says of members and their conversations hangs together.

use std::collections::BTreeSet;

use hamlet_protocol::social::chat::ChatRole;
use hamlet_protocol::social::image::{ChatImage, NoticeImage, SocialImage};

/// Checks it against the numbers there are of agents, posts and comments.
///
/// # Errors
/// What contradicts what, as a clause.
pub(crate) fn check(
    social: &SocialImage,
    agents: usize,
    posts: usize,
    comments: usize,
) -> Result<(), String> {
    let pairs = social.blocks.iter().chain(&social.mutes);
    let mut all: Vec<u32> = pairs.flat_map(|&(who, whom)| [who, whom]).collect();
    all.extend(social.boxes.keys().chain(social.quotas.keys()));
    let mut about_posts: Vec<u32> = social.told_posts.keys().copied().collect();
    let mut about_comments: Vec<u32> = social.told_comments.keys().copied().collect();
    for notice in social.boxes.values().flatten() {
        let NoticeImage {
            from,
            post,
            comment,
            chat,
            ..
        } = *notice;
        all.extend(from);
        about_posts.extend(post);
        about_comments.extend(comment);
        within(chat, social.chats.len(), "conversation")?;
    }
    let mut couples = BTreeSet::new();
    for (no, chat) in social.chats.iter().enumerate() {
        all.extend(chat.members.iter().map(|member| member.no));
        all.extend(chat.invited.iter().flat_map(|&(whom, by)| [whom, by]));
        all.extend(chat.last.iter().map(|message| message.from));
        check_chat(chat, social.messages_sent, &mut couples)
            .map_err(|what| format!("conversation {no}: {what}"))?;
    }
    within(all, agents, "agent")?;
    within(about_posts, posts, "post")?;
    within(about_comments, comments, "comment")?;
    let numbers = |kept: &Vec<NoticeImage>| {
        kept.is_sorted_by(|a, b| a.no < b.no)
            && kept
                .iter()
                .all(|notice| (1..=social.notices_given).contains(&notice.no))
    };
    ensure(
        social.boxes.values().all(numbers),
        "notices are out of order",
    )
}

fn check_chat(
    chat: &ChatImage,
    sent: u64,
    couples: &mut BTreeSet<(u32, u32)>,
) -> Result<(), String> {
    let mut members: Vec<u32> = chat.members.iter().map(|member| member.no).collect();
    members.extend(chat.invited.iter().map(|&(whom, _)| whom));
    members.sort_unstable();
    let count = members.len();
    members.dedup();
    ensure(members.len() == count, "somebody is in it twice")?;
    if chat.state.is_group() {
        let owners = chat
            .members
            .iter()
            .filter(|member| member.role == ChatRole::Owner);
        let owned = owners.count() == usize::from(!chat.members.is_empty());
        ensure(owned, "a group has one owner")?;
    } else {
        let two = chat.members.len() == 2 && chat.invited.is_empty();
        ensure(two, "it is not of two")?;
        let fresh = couples.insert((members[0], members[1]));
        ensure(fresh, "the two have another")?;
    }
    let numbers = chat.last.is_sorted_by(|a, b| a.no < b.no)
        && chat
            .last
            .iter()
            .all(|message| (1..=sent).contains(&message.no));
    ensure(numbers, "its messages are out of order")
}

fn within(numbers: impl IntoIterator<Item = u32>, count: usize, what: &str) -> Result<(), String> {
    match numbers.into_iter().find(|&no| no as usize >= count) {
        Some(no) => Err(format!("there is no {what} {no}")),
        None => Ok(()),
    }
}

fn ensure(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}
