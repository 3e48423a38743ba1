//! Whether an image's moderation fits its world.

use hamlet_protocol::image::StateImage;
use hamlet_protocol::moderation::{SubjectImage, check_filters};

/// Whether all numbers lead somewhere.
///
/// # Errors
/// What does not.
pub(crate) fn check(state: &StateImage) -> Result<(), String> {
    let court = &state.moderation;
    let (agents, posts) = (state.bodies.at.len(), state.board.posts.len());
    let (comments, submolts) = (state.board.comments.len(), state.board.submolts.len());
    let leads = |subject: SubjectImage| match subject {
        SubjectImage::Agent(no) | SubjectImage::Message(_, no) => (no as usize) < agents,
        SubjectImage::Post(no) => (no as usize) < posts,
        SubjectImage::Comment(no) => (no as usize) < comments,
        SubjectImage::Submolt(index) => usize::from(index) < submolts,
        SubjectImage::Bounty(no) => (no as usize) < state.economy.bounties.len(),
    };
    let mut subjects = court.cases.values().map(|case| case.subject);
    let mut measured = court.measures.values().map(|measure| measure.subject);
    if !subjects.all(leads) || !measured.all(leads) {
        return Err("something is about what there is not".to_owned());
    }
    let members = court.measures.values().filter_map(|measure| measure.member);
    let writers = court.sketches.iter().map(|sketch| sketch.author);
    let all = members.chain(writers).chain(court.speakers.keys().copied());
    if all.max().is_some_and(|no| no as usize >= agents) {
        return Err("a member is named who never was".to_owned());
    }
    let (cases, measures) = (
        court.cases.last_key_value(),
        court.measures.last_key_value(),
    );
    if cases.is_some_and(|(&no, _)| no >= court.cases_opened)
        || measures.is_some_and(|(&no, _)| no >= court.measures_taken)
    {
        return Err("a case or measure has a number that was not given yet".to_owned());
    }
    check_filters(court.filters.as_deref().unwrap_or_default()).map_err(|fault| fault.to_string())
}
