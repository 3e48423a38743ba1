//! What deeds come to: the rules of credits and of words given, with a reason for each number.
//!
//! **Credits.** A contribution counts once two peers have confirmed it who have no part in the project and whose own contributions its
//! author has not confirmed in turn. It is then worth the points of its kind times the number of such peers, five at most, halved.
//!
//! **Accepted work.** Work for a bounty that whoever announced it accepted counts too, by one's share of it: the first three times for the same
//! announcer, and not at all where the two have accepted each other's work.
//!
//! **Words.** A word weighs as much as whoever gave it stands: the square root of ten times their karma and credits, 100 at most; spread
//! over all words they gave. Among members who vouch for one another in a circle, however long, it counts nothing: a circle vouches for itself.

use std::collections::{BTreeMap, BTreeSet};

use hamlet_protocol::reputation::{ContributionKind, ReputationImage, VouchImage};

/// Peers that make a contribution count.
const PEERS_MIN: usize = 2;
/// Peers that add to what it is worth.
const PEERS_COUNTED_MAX: usize = 5;
/// What a whole accepted bounty is worth.
const BOUNTY_POINTS: u64 = 4;
/// Bounties of one announcer that count for the same member.
const BOUNTIES_COUNTED_MAX: u32 = 3;
/// Most that a standing can weigh.
const WEIGHT_MAX: u64 = 100;
/// Members visited when a circle is looked for. A word whose circle is longer counts.
const VISITED_MAX: usize = 10_000;

/// Where a contribution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditState {
    /// It counts.
    Verified,
    /// So many more peers are needed.
    Waiting {
        /// How many.
        missing: u32,
    },
}

/// What one contribution comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Number of the project.
    pub project: u32,
    /// Its number in the project.
    pub contribution: u32,
    /// What it is.
    pub kind: ContributionKind,
    /// Peers who confirmed it and count.
    pub peers: u32,
    /// Peers who confirmed it and do not count: each has confirmed what the other did.
    pub mutual: u32,
    /// Where it stands.
    pub state: CreditState,
    /// What it is worth.
    pub points: u64,
}

/// What one's part in accepted work comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BountyCredit {
    /// Number of the bounty.
    pub bounty: u32,
    /// Who accepted it.
    pub by: u32,
    /// One's thousandths of it.
    pub permille: u16,
    /// Whether the two have accepted each other's work, so that it counts nothing.
    pub mutual: bool,
    /// Whether there were as many of the same announcer before as count.
    pub repeated: bool,
    /// What it is worth.
    pub points: u64,
}

/// What one word comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Who gave it.
    pub by: u32,
    /// In which respect.
    pub subject: String,
    /// How much whoever gave it stands for, 0 to 100.
    pub weight: u64,
    /// How many words they gave in all.
    pub given: u32,
    /// Whether it was given in a circle.
    pub in_circle: bool,
    /// What it is worth, in hundredths.
    pub hundredths: u64,
}

/// A member's reputation, with what it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Sum of all votes on what they wrote.
    pub karma: i64,
    /// Sum of the credits.
    pub credits: u64,
    /// Sum of the words, in hundredths.
    pub trust_hundredths: u64,
    /// Contributions, in order of projects.
    pub contributions: Vec<Credit>,
    /// Accepted work, in the order in which it was accepted.
    pub bounties: Vec<BountyCredit>,
    /// Words given for them, in order of who gave them.
    pub vouches: Vec<Counted>,
}

/// What a member's reputation is and why. `karma` tells that of a member.
#[must_use]
pub fn explain(book: &ReputationImage, no: u32, karma: impl Fn(u32) -> i64) -> Explained {
    let contributions = credits(book, no);
    let bounties = accepted(book, no);
    let vouches = words(book, no, &karma);
    Explained {
        karma: karma(no),
        credits: credit_points(&contributions, &bounties),
        trust_hundredths: vouches.iter().map(|it| it.hundredths).sum(),
        contributions,
        bounties,
        vouches,
    }
}

fn credits(book: &ReputationImage, no: u32) -> Vec<Credit> {
    let confirmed = confirmed_by(book, no);
    let mut credits = Vec::new();
    for (project, found) in (0..).zip(&book.projects) {
        for (contribution, it) in (0..).zip(&found.contributions) {
            if it.by != no {
                continue;
            }
            let mutual = it.verifiers.iter().filter(|peer| confirmed.contains(peer));
            let mutual = mutual.count();
            let peers = it.verifiers.len() - mutual;
            let state = match PEERS_MIN.saturating_sub(peers) {
                0 => CreditState::Verified,
                missing => CreditState::Waiting {
                    missing: missing as u32,
                },
            };
            let points = match state {
                CreditState::Verified => points(it.kind) * peers.min(PEERS_COUNTED_MAX) as u64 / 2,
                CreditState::Waiting { .. } => 0,
            };
            credits.push(Credit {
                project,
                contribution,
                kind: it.kind,
                peers: peers as u32,
                mutual: mutual as u32,
                state,
                points,
            });
        }
    }
    credits
}

fn credit_points(contributions: &[Credit], bounties: &[BountyCredit]) -> u64 {
    let contributed: u64 = contributions.iter().map(|it| it.points).sum();
    contributed + bounties.iter().map(|it| it.points).sum::<u64>()
}

fn accepted(book: &ReputationImage, no: u32) -> Vec<BountyCredit> {
    let gave_back: BTreeSet<u32> = book
        .accepted
        .iter()
        .filter(|it| it.by == no)
        .map(|it| it.whom)
        .collect();
    let mut counted: BTreeMap<u32, u32> = BTreeMap::new();
    let own = book.accepted.iter().filter(|it| it.whom == no);
    own.map(|it| {
        let times = counted.entry(it.by).or_default();
        *times += 1;
        let mutual = gave_back.contains(&it.by);
        let repeated = *times > BOUNTIES_COUNTED_MAX;
        let points = if mutual || repeated {
            0
        } else {
            // A small part is worth something too.
            (BOUNTY_POINTS * u64::from(it.permille)).div_ceil(1000)
        };
        BountyCredit {
            bounty: it.bounty,
            by: it.by,
            permille: it.permille,
            mutual,
            repeated,
            points,
        }
    })
    .collect()
}

/// Whose contributions somebody has confirmed.
fn confirmed_by(book: &ReputationImage, no: u32) -> BTreeSet<u32> {
    book.projects
        .iter()
        .flat_map(|project| &project.contributions)
        .filter(|it| it.verifiers.contains(&no))
        .map(|it| it.by)
        .collect()
}

/// What a contribution of a kind is worth.
fn points(kind: ContributionKind) -> u64 {
    match kind {
        ContributionKind::Code | ContributionKind::Design => 5,
        ContributionKind::Writing | ContributionKind::Research => 4,
        ContributionKind::Testing | ContributionKind::Organising => 3,
        ContributionKind::Review => 2,
        ContributionKind::Other => 1,
    }
}

fn words(book: &ReputationImage, no: u32, karma: &impl Fn(u32) -> i64) -> Vec<Counted> {
    let led_to = reached_from(&book.vouches, no);
    // Whoever gives many words is weighed once.
    let mut weights: BTreeMap<u32, u64> = BTreeMap::new();
    let received = book.vouches.iter().filter(|it| it.whom == no);
    received
        .map(|it| {
            let weight = *weights
                .entry(it.by)
                .or_insert_with(|| weight(book, it.by, karma));
            let given = given(&book.vouches, it.by).len();
            let in_circle = led_to.contains(&it.by);
            Counted {
                by: it.by,
                subject: it.subject.to_string(),
                weight,
                given: given as u32,
                in_circle,
                hundredths: if in_circle {
                    0
                } else {
                    100 * weight / given.max(1) as u64
                },
            }
        })
        .collect()
}

/// What somebody's word can weigh. Words they were given do not add to it, or they would feed one another.
fn weight(book: &ReputationImage, no: u32, karma: &impl Fn(u32) -> i64) -> u64 {
    let credits = credit_points(&credits(book, no), &accepted(book, no));
    let karma = u64::try_from(karma(no)).unwrap_or(0);
    let standing = karma.saturating_add(credits).saturating_mul(10);
    standing.isqrt().min(WEIGHT_MAX)
}

/// The words that somebody gave: they stand together.
pub(super) fn given(vouches: &[VouchImage], by: u32) -> &[VouchImage] {
    let from = vouches.partition_point(|it| it.by < by);
    let to = vouches.partition_point(|it| it.by <= by);
    &vouches[from..to]
}

/// Everybody to whom words lead that somebody gave, and those gave, and so on.
fn reached_from(vouches: &[VouchImage], no: u32) -> BTreeSet<u32> {
    let mut reached = BTreeSet::new();
    let mut open = vec![no];
    while let Some(next) = open.pop() {
        for vouch in given(vouches, next) {
            if reached.len() >= VISITED_MAX {
                return reached;
            }
            if reached.insert(vouch.whom) {
                open.push(vouch.whom);
            }
        }
    }
    reached
}
