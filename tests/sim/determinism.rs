//! One seed, one hash: however it is run, and from wherever it goes on.

use hamlet_protocol::image::WorldImage;
use hamlet_sim::VillageOptions;
use hamlet_sim::journal::{decode_image, encode_image};
use hamlet_sim::replay::Verdict;

use crate::sim::{TestSim, journal_of, replay};

const TOWN: &str = r#"
map = "maps/town.tmj"
[[population]]
count = 30
"#;

/// Enough bodies that threads share the work: a town's residents alone are too few.
const CROWDED: &str = r#"
map = { generate = "field", width = 256, height = 256 }
[[population]]
count = 40_000
mind = "walker"
[[population]]
count = 40
"#;

/// Something happens at every stage of the day.
const EVENTFUL: &str = r#"
seed = 9
map = "maps/town.tmj"
[[population]]
count = 30
[[population]]
name = "ann"
[[intervention]]
tick = 300
rumour = { agent = "ann", text = "The well sings at night." }
[[intervention]]
tick = 900
close = "cafe"
[[intervention]]
tick = 1500
spawn = { count = 3, at = "market" }
[[intervention]]
tick = 1501
set = { rule = "gossip_chance", value = 9000 }
[[intervention]]
tick = 4000
remove = "ann"
[[intervention]]
tick = 7000
reset = "cafe"
"#;

#[test]
fn one_seed_has_one_hash_and_another_seed_another() {
    let hash = |seed: u64| {
        let text = format!("seed = {seed}\n{TOWN}");
        TestSim::of(&text).run_to(2_000).hash()
    };
    assert_eq!(hash(7), hash(7));
    assert_ne!(hash(7), hash(8));
}

#[test]
fn threads_change_nothing() {
    let run = |threads: usize| {
        let options = VillageOptions {
            threads,
            ..VillageOptions::default()
        };
        TestSim::with(CROWDED, options).hashes_to(60, 20)
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(4));
}

#[test]
fn watching_changes_nothing() {
    let alone = TestSim::of(EVENTFUL).hashes_to(1_600, 400);
    let watched = VillageOptions {
        views: true,
        transient: true,
        ..VillageOptions::default()
    };
    let mut sim = TestSim::with(EVENTFUL, watched);
    for tick in 1..=1_600 {
        sim.run_to(tick);
        if tick % 5 == 0 {
            assert_eq!(sim.village.view().tick, tick);
        }
        if let Some(hash) = alone.get(&tick) {
            assert_eq!(sim.hash(), *hash, "after tick {tick}");
        }
    }
}

/// Every state of a day is whole: a run that goes on from it equals the one that was never interrupted.
#[test]
fn going_on_from_an_image_is_going_on() {
    const EVERY: u64 = 100;
    const DAY: u64 = 14_400;
    let mut whole = TestSim::of(EVENTFUL);
    let mut images: Vec<WorldImage> = vec![whole.village.image()];
    let mut hashes = std::collections::BTreeMap::new();
    // Odd ticks, so that nothing which happens every ten or hundred ticks has just been put in order.
    for tick in [1, 299, 899, 1_501, 2_777, 5_003, 8_101, 11_407, 13_999, DAY] {
        hashes.extend(whole.hashes_to(tick, EVERY));
        images.push(whole.village.image());
    }
    for image in images {
        let from = image.state.tick;
        let to = (from + 1_500).min(DAY) / EVERY * EVERY;
        let mut resumed = TestSim::resume(through_bytes(&image));
        assert_eq!(resumed.village.image(), image, "the image of tick {from}");
        for (tick, hash) in resumed.hashes_to(to, EVERY) {
            assert_eq!(Some(&hash), hashes.get(&tick), "from {from} to {tick}");
        }
    }
}

fn through_bytes(image: &WorldImage) -> WorldImage {
    decode_image(&encode_image(image).unwrap()).unwrap()
}

#[test]
fn a_long_quiet_run_replays_to_its_hash() {
    const TICKS: u64 = 100_000;
    let mut sim = TestSim::shipped("empty");
    let journal = journal_of(&mut sim, TICKS, 1_000);
    let expected = Verdict::Agreed {
        ticks: TICKS,
        hashes: TICKS / 1_000 + 1,
        last: Some(sim.hash()),
    };
    assert_eq!(replay(&journal), expected);
}

#[test]
fn a_journal_of_another_world_is_told_apart() {
    let mut sim = TestSim::of(EVENTFUL);
    let journal = journal_of(&mut sim, 400, 50);
    assert!(matches!(
        replay(&journal),
        Verdict::Agreed { hashes: 9, .. }
    ));
    // Another start with the same hashes behind it: the first hash tells.
    let other = journal_of(
        &mut TestSim::of(&EVENTFUL.replace("seed = 9", "seed = 8")),
        0,
        50,
    );
    let header = |bytes: &[u8]| {
        let reader = hamlet_sim::journal::JournalReader::open(bytes).unwrap();
        reader.header().clone()
    };
    let mut forged =
        hamlet_sim::journal::JournalWriter::create(Vec::new(), &header(&other)).unwrap();
    for (tick, hash) in TestSim::of(EVENTFUL).hashes_to(400, 50) {
        forged.hash(tick, hash).unwrap();
    }
    let forged = forged.finish(400, sim.hash()).unwrap();
    assert!(matches!(
        replay(&forged),
        Verdict::Diverged { tick: 50, .. }
    ));
}
