//! One number for the whole state: two worlds with the same hash are taken to be the same.

use std::fmt;
use std::str::FromStr;

use hamlet_protocol::image::StateImage;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::scenario::Scenario;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::canonical::Canonical;

/// The hash of a state: 128 bits of XXH3 over its canonical bytes. Printed as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateHash(pub u128);

/// The hash of a state, together with a digest of what never changes in its run (see [`run_digest`]).
/// A change to what it covers is a change of the rules' version: the hashes of older journals no longer fit.
#[must_use]
pub fn state_hash(state: &StateImage, base: u128) -> StateHash {
    StateHash(digest(&(base, state)))
}

/// The digest of what never changes in a run, to be computed once.
#[must_use]
pub fn run_digest(scenario: &Scenario, map: &TownMap) -> u128 {
    digest(&(scenario, map))
}

/// 128 bits of XXH3 over the canonical bytes of a value.
///
/// # Panics
/// When the value cannot be serialised, as no type of the protocol does: a list without a length, an error of its own.
#[must_use]
pub fn digest<T: Serialize + ?Sized>(value: &T) -> u128 {
    let mut canonical = Canonical::new();
    value
        .serialize(&mut canonical)
        .expect("what is hashed is plain data with known lengths");
    canonical.finish()
}

impl fmt::Display for StateHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Why a text is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a state hash is 32 hexadecimal digits")]
pub struct ParseHashError;

impl FromStr for StateHash {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Self, ParseHashError> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParseHashError);
        }
        u128::from_str_radix(text, 16)
            .map(Self)
            .map_err(|_source| ParseHashError)
    }
}

impl Serialize for StateHash {
    /// Hexadecimal digits for people, sixteen bytes (highest first) for machines.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.0.to_be_bytes())
        }
    }
}

impl<'de> Deserialize<'de> for StateHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(HashVisitor)
        } else {
            deserializer.deserialize_bytes(HashVisitor)
        }
    }
}

struct HashVisitor;

impl de::Visitor<'_> for HashVisitor {
    type Value = StateHash;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a state hash: 32 hexadecimal digits or 16 bytes")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<StateHash, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<StateHash, E> {
        let sixteen =
            <[u8; 16]>::try_from(bytes).map_err(|_source| E::invalid_length(bytes.len(), &self))?;
        Ok(StateHash(u128::from_be_bytes(sixteen)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use std::collections::BTreeMap;

    use hamlet_protocol::agent::Facing;
    use hamlet_protocol::image::BodyKind;
    use hamlet_protocol::map::Point;
    use xxhash_rust::xxh3::xxh3_128;

    use super::super::samples::full_world;
    use super::*;

    #[test]
    fn canonical_bytes_are_what_the_documentation_says() {
        #[derive(Serialize)]
        #[serde(rename_all = "snake_case")]
        enum Kind {
            Nothing,
            One(u16),
            Named { x: i8, yes: bool },
        }
        let value = (
            Point::new(1, 0x203),
            Kind::Nothing,
            Kind::One(5),
            Kind::Named { x: -1, yes: true },
            "ab",
            Some(1.0_f32),
            None::<u8>,
            vec![-2_i64],
            BTreeMap::from([((1_u8, 2_u8), ())]),
        );
        let bytes: Vec<u8> = [
            &[1, 0, 3, 2][..],
            &[0, 0, 0, 0],
            &[1, 0, 0, 0, 5, 0],
            &[2, 0, 0, 0, 0xFF, 1],
            &[2, 0, 0, 0, 0, 0, 0, 0, b'a', b'b'],
            &[1, 0, 0, 0x80, 0x3F],
            &[0],
            &[
                1, 0, 0, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            ],
            &[1, 0, 0, 0, 0, 0, 0, 0, 1, 2],
        ]
        .concat();
        assert_eq!(digest(&value), xxh3_128(&bytes));
    }

    #[test]
    fn long_texts_and_many_numbers_pass_the_buffer_unharmed() {
        for len in [8180, 8184, 8185, 8192, 8193, 30_000] {
            let text = "x".repeat(len);
            let numbers = vec![0x0102_0304_u32; len];
            let mut bytes = (len as u64).to_le_bytes().to_vec();
            bytes.extend(text.as_bytes());
            bytes.extend((len as u64).to_le_bytes());
            bytes.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
            assert_eq!(digest(&(text, numbers)), xxh3_128(&bytes), "{len}");
        }
    }

    #[test]
    fn every_part_of_the_state_counts() {
        let world = full_world();
        let base = run_digest(&world.scenario, &world.map);
        let changes: [fn(&mut StateImage); 17] = [
            |s| s.seed -= 1,
            |s| s.tick += 1,
            |s| s.stamp_ms += 1,
            |s| s.seq += 1,
            |s| s.rules.reach += 1,
            |s| *s.totals.get_mut("talks").unwrap() += 1,
            |s| s.bodies.at.swap(0, 1),
            |s| s.bodies.facing[0] = Facing::South,
            |s| s.bodies.kind[2] = BodyKind::Walker,
            |s| s.residents[3].needs[4] -= 1,
            |s| s.residents.swap(0, 1),
            |s| s.ground.clear(),
            |s| s.open_orders = BTreeMap::from([(0, true), (9, true)]),
            |s| s.talks[0].asked = Some(0),
            |s| s.lines[0].text.push(' '),
            |s| s.board.post_votes.remove(&(1, 300)).map_or((), |_| ()),
            |s| s.board.comments[1].parent = None,
        ];
        let mut hashes = vec![
            state_hash(&world.state, base),
            state_hash(&world.state, base ^ 1),
        ];
        for change in changes {
            let mut state = world.state.clone();
            change(&mut state);
            hashes.push(state_hash(&state, base));
        }
        assert_eq!(state_hash(&world.clone().state, base), hashes[0]);
        let count = hashes.len();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), count);
    }

    #[test]
    fn the_scenario_and_the_map_count() {
        let world = full_world();
        let (mut scenario, mut map) = ((*world.scenario).clone(), (*world.map).clone());
        let base = run_digest(&scenario, &map);
        map.blocked.set(0, true);
        assert_ne!(run_digest(&scenario, &map), base);
        map.blocked.set(0, false);
        assert_eq!(run_digest(&scenario, &map), base);
        scenario.name.push('!');
        assert_ne!(run_digest(&scenario, &map), base);
    }

    #[test]
    fn a_hash_prints_and_parses() {
        let hash = StateHash(0x0012_3456_789A_BCDE_F000_0000_0000_00FF);
        let text = "00123456789abcdef0000000000000ff";
        assert_eq!(hash.to_string(), text);
        assert_eq!(text.parse(), Ok(hash));
        assert_eq!(text.to_uppercase().parse(), Ok(hash));
        for bad in [
            "",
            "12",
            "+0123456789abcdef000000000000fff",
            "g0123456789abcdef0000000000000ff",
        ] {
            assert_eq!(bad.parse::<StateHash>(), Err(ParseHashError), "{bad}");
        }
        assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{text}\""));
        assert_eq!(
            serde_json::from_str::<StateHash>(&format!("\"{text}\"")).unwrap(),
            hash
        );
        let packed = rmp_serde::to_vec(&hash).unwrap();
        assert_eq!(packed.len(), 18);
        assert_eq!(rmp_serde::from_slice::<StateHash>(&packed).unwrap(), hash);
        assert!(rmp_serde::from_slice::<StateHash>(&packed[..17]).is_err());
    }
}
