//! Whether the communities of an image hang together.

use hamlet_protocol::community::{
    CommunitiesImage, LabelKind, Role, SubmoltImage, TargetImage, check_label,
};

/// How many there are of what communities refer to.
pub(crate) struct Counts {
    pub(crate) slugs: usize,
    pub(crate) agents: usize,
    pub(crate) posts: usize,
}

/// Checks all communities.
///
/// # Errors
/// What contradicts what, as a clause.
pub(crate) fn check(communities: &CommunitiesImage, counts: &Counts) -> Result<(), String> {
    let records = communities.submolts.len();
    // Images that are older than communities with records have none, and get them when they are resumed.
    if records != counts.slugs && records != 0 {
        return Err(format!("{} slugs have {records} records", counts.slugs));
    }
    for (no, submolt) in communities.submolts.iter().enumerate() {
        check_submolt(submolt, counts).map_err(|what| format!("community {no}: {what}"))?;
    }
    for (no, label) in communities.labels.iter().enumerate() {
        check_label(&label.label).map_err(|fault| format!("label {no}: {fault}"))?;
        if usize::from(label.submolt) >= records {
            return Err(format!("label {no} belongs to no community"));
        }
    }
    for (no, attachment) in &communities.attachments {
        let label = communities.labels.get(attachment.label as usize);
        let is_role = label.map(|label| label.label.kind == LabelKind::Role);
        let fits = match attachment.target {
            TargetImage::Post(post) => is_role == Some(false) && (post as usize) < counts.posts,
            TargetImage::Agent(agent) => is_role == Some(true) && (agent as usize) < counts.agents,
        };
        if !fits || *no >= communities.attached || attachment.by as usize >= counts.agents {
            return Err(format!("attachment {no} is attached to nothing"));
        }
    }
    Ok(())
}

fn check_submolt(submolt: &SubmoltImage, counts: &Counts) -> Result<(), String> {
    let moderators = submolt.moderators.iter().map(|&(no, _)| no);
    let members = moderators.chain(submolt.subscribers.iter().copied());
    let mut all = members.chain(submolt.creator);
    if let Some(stranger) = all.find(|&no| no as usize >= counts.agents) {
        return Err(format!("there is no agent {stranger}"));
    }
    let mut named: Vec<u32> = submolt.moderators.iter().map(|&(no, _)| no).collect();
    named.sort_unstable();
    if named.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err("somebody moderates it twice".to_owned());
    }
    let is_owned = submolt
        .moderators
        .iter()
        .any(|(_, role)| *role == Role::Owner);
    if !is_owned && !submolt.moderators.is_empty() {
        return Err("it has moderators and no owner".to_owned());
    }
    Ok(())
}
