//! Identities: UUIDs derived from the run's seed, a kind and a counter.
//!
//! The derivation is a keyed permutation, so an id can be turned back into its counter without a table:
//! a million residents or comments need no lookup map. Ids are *not* secrets; keys and codes never come from here.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an id names; part of its derivation, so that ids of different kinds never collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum IdKind {
    /// An agent.
    Agent = 1,
    /// A landmark of the map.
    Landmark = 2,
    /// A post.
    Post = 3,
    /// A comment.
    Comment = 4,
    /// A conversation.
    Talk = 5,
    /// A thought asked of a mind outside the tick.
    Thought = 6,
    /// A community of the board.
    Submolt = 20,
    /// A label of a community.
    Label = 21,
    /// A label where it was put.
    Attachment = 22,
    /// A conversation of two, or a group.
    Chat = 30,
    /// A message in one.
    Message = 31,
    /// A notice to somebody.
    Notice = 32,
}

/// Derives ids for one run and reads the counter back out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdCodec {
    seed: u64,
}

const ROUNDS: u32 = 4;

impl IdCodec {
    /// A codec for the run with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The id of the `n`-th thing of a kind.
    #[must_use]
    pub fn make<T: TypedId>(&self, n: u64) -> T {
        let low = self.permute(T::KIND, n);
        let check = self.check(T::KIND, n);
        // RFC 9562 version 8: all but version and variant are ours to choose.
        let bits = (u128::from(check) << 64) | u128::from(low);
        T::from_uuid(uuid::Builder::from_custom_bytes(spread(bits)).into_uuid())
    }

    /// The counter an id was made from, or `None` when the id is of another run or kind.
    #[must_use]
    pub fn number<T: TypedId>(&self, id: T) -> Option<u64> {
        let low = gather(id.uuid().as_bytes());
        let n = self.unpermute(T::KIND, low);
        (self.make::<T>(n) == id).then_some(n)
    }

    fn key(&self, kind: IdKind, round: u32) -> u64 {
        mix(self.seed ^ mix((kind as u64) << 32 | u64::from(round)))
    }

    fn check(&self, kind: IdKind, n: u64) -> u64 {
        mix(n ^ self.key(kind, 0xC0DE))
    }

    fn permute(&self, kind: IdKind, n: u64) -> u64 {
        let (mut left, mut right) = split(n);
        for round in 0..ROUNDS {
            let next = left ^ feistel(right, self.key(kind, round));
            left = right;
            right = next;
        }
        join(left, right)
    }

    fn unpermute(&self, kind: IdKind, n: u64) -> u64 {
        let (mut left, mut right) = split(n);
        for round in (0..ROUNDS).rev() {
            let previous = right ^ feistel(left, self.key(kind, round));
            right = left;
            left = previous;
        }
        join(left, right)
    }
}

/// The 64 permuted bits lie where version and variant bits do not touch them: bytes 0..6, 7 and 9 of the UUID.
const LOW_BYTES: [usize; 8] = [0, 1, 2, 3, 4, 5, 7, 9];
const HIGH_BYTES: [usize; 8] = [6, 8, 10, 11, 12, 13, 14, 15];

fn spread(bits: u128) -> [u8; 16] {
    let mut out = [0; 16];
    for (i, (&low, &high)) in LOW_BYTES.iter().zip(&HIGH_BYTES).enumerate() {
        out[low] = (bits >> (8 * i)) as u8;
        out[high] = (bits >> (64 + 8 * i)) as u8;
    }
    out
}

fn gather(bytes: &[u8; 16]) -> u64 {
    LOW_BYTES
        .iter()
        .enumerate()
        .fold(0, |bits, (i, &at)| bits | u64::from(bytes[at]) << (8 * i))
}

fn split(n: u64) -> (u32, u32) {
    ((n >> 32) as u32, n as u32)
}

fn join(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

fn feistel(half: u32, key: u64) -> u32 {
    mix(u64::from(half) ^ key) as u32
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014): a bijection on 64 bits with good avalanche.
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// An id of one kind.
pub trait TypedId: Copy + Eq {
    /// The kind it names.
    const KIND: IdKind;
    /// Wraps a UUID.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID inside.
    fn uuid(self) -> Uuid;
}

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $kind:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl TypedId for $name {
            const KIND: IdKind = $kind;
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

typed_id!(
    /// Identity of an agent.
    AgentId,
    IdKind::Agent
);
typed_id!(
    /// Identity of a landmark.
    LandmarkId,
    IdKind::Landmark
);
typed_id!(
    /// Identity of a post.
    PostId,
    IdKind::Post
);
typed_id!(
    /// Identity of a comment.
    CommentId,
    IdKind::Comment
);
typed_id!(
    /// Identity of a conversation.
    TalkId,
    IdKind::Talk
);
typed_id!(
    /// Identity of a thought.
    ThoughtId,
    IdKind::Thought
);
typed_id!(
    /// Identity of a community.
    SubmoltId,
    IdKind::Submolt
);
typed_id!(
    /// Identity of a label.
    LabelId,
    IdKind::Label
);
typed_id!(
    /// Identity of a label where it was put.
    AttachmentId,
    IdKind::Attachment
);
typed_id!(
    /// Identity of a conversation of two, or of a group.
    ChatId,
    IdKind::Chat
);
typed_id!(
    /// Identity of a message.
    MessageId,
    IdKind::Message
);
typed_id!(
    /// Identity of a notice.
    NoticeId,
    IdKind::Notice
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_gives_its_counter_back() {
        let ids = IdCodec::new(7);
        for n in (0..1000).chain([u64::from(u32::MAX), u64::MAX]) {
            let id: AgentId = ids.make(n);
            assert_eq!(ids.number(id), Some(n));
            assert_eq!(id.0.get_version_num(), 8);
        }
    }

    #[test]
    fn an_id_of_another_run_or_kind_is_not_ours() {
        let id: AgentId = IdCodec::new(7).make(3);
        assert_eq!(IdCodec::new(8).number(id), None);
        assert_eq!(IdCodec::new(7).number(PostId(id.0)), None);
        assert_eq!(IdCodec::new(7).number(AgentId(Uuid::nil())), None);
    }
}
