//! Every fault, with its place and the way out.

use super::support::{Overlay, faults_of, load_with, print};
use crate::scenario::{Overrides, check};
use hamlet_protocol::money::Money;
use hamlet_protocol::scenario::Economy;
use std::path::Path;

/// Asserts the whole listing.
fn assert_faults(text: &str, wanted: &str) {
    assert_eq!(faults_of(text).trim(), wanted.trim());
}

#[test]
fn all_faults_are_said_at_once() {
    assert_faults(
        r#"nam = "x"
seed = -1
map = "maps/town.tmj"
[time]
tick_hz = "10"
sim_secs_per_tick = 0
start = "yesterday"
[economy]
grant = -1
[[population]]
template = "townfolk"
count = 2.5
mind = "scriptd"
[stop]
after_ticks = 0
[outputs]
series = ["mood.men", 3]
events = ["posts"]
"#,
        r#"
test.toml:1:1: error: unknown key `nam` in a scenario
  help: did you mean `name`? allowed here: name, description, seed, map, time, economy, rules, submolts, submolt, filter, template, population, intervention, stop, outputs
test.toml:2:8: error: `seed` is -1, out of range
  help: allowed: 0 to 9223372036854775807
test.toml:5:11: error: `tick_hz` must be a number, not a string
  help: remove the quotation marks
test.toml:6:21: error: `sim_secs_per_tick` is 0, out of range
  help: allowed: 1 to 3600
test.toml:7:9: error: `start` is no date and time in whole seconds between 1970 and 9999
  help: write for example: "2026-02-01T07:00:00Z"
test.toml:9:9: error: `grant` is negative: -1
  help: an amount is zero or more; to take money away, use `penalise`
test.toml:11:12: error: there is no template `townfolk`
  help: did you mean `townsfolk`? templates here: ap-5, bb-8, bd-1, c-3po, chopper, hk-47, ig-11, k-2so, l3-37, r2-d2, townsfolk
test.toml:12:9: error: `count` must be a whole number, not a decimal number
  help: write for example: count = 10
test.toml:13:8: error: `mind` is `scriptd`, which is not known
  help: did you mean `scripted`? allowed: scripted, llm, external, puppet, walker
test.toml:15:15: error: `after_ticks` is 0, out of range
  help: allowed: 1 to 1000000000000
test.toml:17:11: error: an entry of `series` is `mood.men`, which is not known
  help: did you mean `mood.mean`? allowed: population, mood.mean, mood.min, needs.energy, needs.food, needs.company, needs.purpose, needs.fun, activity.idle, activity.walking, activity.sleeping, activity.eating, activity.working, activity.trading, activity.talking, activity.reading, activity.resting, activity.healing, place.home, place.cafe, place.market, place.board, place.town_hall, place.workshop, place.park, place.library, place.clinic, place.place, place.outside, posts, comments, votes, talks, lines, trades, gifts, news.known, news.reach, relations.mean, steps, …
test.toml:17:23: error: `series` must be a string, not a whole number
  help: put it in quotation marks
test.toml:18:11: error: an entry of `events` is `posts`, which is not known
  help: did you mean `post`? allowed: join, person, leave, place, say, talk_begin, talk, give, trade, make, pick_up, drop, post, post_details, post_edit, post_delete, post_set, comment_edit, comment_delete, comment_set, comment, vote, follow, subscribe, community, profile, reward, reputation, news, news_learned, open, rule, moderation, refused, notice, notices_read, block, mute, chat, chat_member, …
"#,
    );
}

#[test]
fn faults_of_notation_hide_only_what_may_follow_from_them() {
    assert_faults(
        "sed = 1\nmap = \"maps/town.tmj\"\n[[population]]\ncount = \n[[population]]\ncont = 1\n[stop]\n[stop]\n",
        r#"
test.toml:1:1: error: unknown key `sed` in a scenario
  help: did you mean `seed`? allowed here: name, description, seed, map, time, economy, rules, submolts, submolt, filter, template, population, intervention, stop, outputs
test.toml:4:9: error: string values must be quoted, expected literal string
test.toml:8:2: error: `stop` stands here a second time
  help: keep one of them
"#,
    );
}

#[test]
fn a_key_that_stands_twice_hides_nothing() {
    assert_faults(
        "seed = 1\nmap = \"maps/town.tmj\"\nseed = 2\n[[population]]\ncount = 1\ncont = 1\n[stop]\nafter_tick = 5\n",
        r#"
test.toml:3:1: error: `seed` stands here a second time
  help: keep one of them
test.toml:6:1: error: unknown key `cont` in [[population]]
  help: did you mean `count`? allowed here: mind, template, count, name, display_name, persona, source, at
test.toml:8:1: error: unknown key `after_tick` in [stop]
  help: did you mean `after_ticks`? allowed here: after_ticks, at, metric
"#,
    );
}

#[test]
fn names_are_checked() {
    assert_faults(
        r#"map = "maps/town.tmj"
[[population]]
name = "Mira Holt"
count = 3
[[population]]
name = "me"
[[population]]
count = 2
[[population.persona]]
name = "orla"
age = 2000
sleep = "22-6"
home = "Rose Cotage"
[[population.persona]]
name = "ORLA"
home = "library"
[[population.persona]]
age = 3
[[population]]
mind = "walker"
template = "townsfolk"
"#,
        r#"
test.toml:3:8: error: `Mira Holt` can't be a name: a name has letters from a to z, digits, `_` and `-` only
  help: write name = "mira_holt"; `display_name` may be any text
test.toml:3:8: error: one name can't serve 3 residents
  help: remove `count`, or name each in a [[population.persona]]
test.toml:6:8: error: `me` can't be a name: this name is reserved (me, status, profile, register, verify, dm, town, admin, system, moderator, hamlet, and what looks like them)
  help: write for example: name = "mira_holt"
test.toml:11:7: error: `age` is 2000, out of range
  help: allowed: 0 to 1000
test.toml:12:9: error: `sleep` is no span of hours: 22-6
  help: write for example: "22:30-06:30"
test.toml:13:8: error: this map has no place `Rose Cotage`
  help: did you mean `Rose Cottage`? kinds and names of places: home, cafe, market, board, town_hall, workshop, park, library, clinic, place, Rose Cottage, Moss Cottage, The Copper Kettle, Market Square, Notice Board, Town Hall, Old Workshop, River Park
test.toml:15:8: error: somebody else is named `ORLA` already
  help: names are unique, and so is what they look like (`Mira1` and `mira_l` are one); choose another
test.toml:16:8: warning: this map has no place of the kind `library`; nothing happens there
test.toml:17:1: error: [[population.persona]] lacks `name`
  help: write for example: name = "mira_holt"
test.toml:17:1: warning: `count` is smaller than the number of personas; the last ones stay away
  help: raise `count`, or leave it out: it is then the number of personas
test.toml:21:12: error: walkers have neither name nor story, so no `template`
  help: remove `template`, or choose another mind
"#,
    );
}

#[test]
fn interventions_are_checked() {
    assert_faults(
        r#"map = "maps/town.tmj"
[[population]]
name = "mira"
[[intervention]]
at = "2026-01-01T00:00:00Z"
say = { agent = "mira", text = "" }
[[intervention]]
at = "noon"
sai = { agent = "mira", text = "x" }
[[intervention]]
at = "08:30"
tick = 4
close = "cafe"
open = "cafe"
[[intervention]]
tick = 1
set = { rule = "reech", value = 3 }
[[intervention]]
tick = 1
set = { rule = "reach", value = 0.5 }
[[intervention]]
every = "1x"
tick = 2
close = "clinic"
[[intervention]]
tick = 3
close = { landmark = "Copper Kettel", now = true }
[[intervention]]
tick = 3
reward = { agent = "mira", amount = 0.0000001 }
[[intervention]]
tick = 3
move = { agent = "mira", to = [0, 0] }
[[intervention]]
tick = 3
move = { agent = "mira", to = [99, 1], instantly = 1 }
[[intervention]]
tick = 3
remove = 5
[[intervention]]
tick = 3
post = { title = "x", submolt = "Über" }
"#,
        r#"
test.toml:5:6: error: `at` lies before the start
  help: the town starts at 2026-02-01T07:00:00+00:00
test.toml:6:32: error: `text` is empty
  help: allowed: 1 to 500 characters
test.toml:8:6: error: `at` is no time
  help: write "08:30" (the next such time), "day 2 08:30" (day 1 is that of the start) or "2026-02-01T08:30:00Z"
test.toml:9:1: error: unknown key `sai` in [[intervention]]
  help: did you mean `say`? allowed here: tick, at, times, every, optional, say, rumour, post, spawn, remove, move, set, open, close, reset, reward, penalise, moderate, stimulus, shock
test.toml:11:6: error: `at` and `tick` exclude each other
  help: remove one of them
test.toml:13:9: error: `close` is a second action in one intervention
  help: write an [[intervention]] for each; those of one time happen in the order of the file
test.toml:17:16: error: `rule` is `reech`, which is not known
  help: did you mean `reach`? allowed: say_radius, reach, sight_radius, talk_members_max, talk_turn_secs, talk_lines_max, observations_max, relations_max, inventory_max, path_nodes_per_tick, path_queue_max, say_chars_max, title_chars_max, post_chars_max, comment_chars_max, comment_depth_max, board_texts_max, submolts_per_day, decide_secs, energy_per_hour, food_per_hour, company_per_hour, purpose_per_hour, fun_per_hour, gossip_chance, news_max, notes_per_day, external_idle_secs, posts_per_hour, comments_per_hour, newcomer_hours, newcomer_percent, trusted_karma, links_max, newcomer_links_max, spam_hours, spam_words_min, spam_copies_max, spam_host_max, reports_weight_max, …
test.toml:20:33: error: rule `reach` takes a whole number, not 0.5
  help: allowed: 1 to 64, whole
test.toml:22:9: error: `every` is no span of time: 1x
  help: write a number and s, m, h or d: "90m", "1d"
test.toml:22:9: error: `every` needs `times`
  help: add for example: times = 7
test.toml:24:9: warning: this map has no place of the kind `clinic`; nothing happens there
test.toml:27:22: error: this map has no place `Copper Kettel`
  help: kinds and names of places: home, cafe, market, board, town_hall, workshop, park, library, clinic, place, Rose Cottage, Moss Cottage, The Copper Kettle, Market Square, Notice Board, Town Hall, Old Workshop, River Park
test.toml:27:39: error: unknown key `now` in close
  help: allowed here: landmark
test.toml:30:37: error: `amount` is no amount: 0.0000001; an amount has at most 6 decimals
  help: the smallest amount is 0.000001 aiDollars
test.toml:33:31: error: tile (0, 0) is blocked
  help: the map has 24 × 16 tiles; choose a walkable one
test.toml:36:31: error: tile (99, 1) is off the map
  help: the map has 24 × 16 tiles; choose a walkable one
test.toml:36:52: error: `instantly` must be true or false, not a whole number
  help: write instantly = true or instantly = false
test.toml:39:10: error: `remove` must be a table or a string, not a whole number
  help: write for remove a table or a string
test.toml:42:33: error: `Über` is no name for a submolt
  help: 2 to 50 lower-case letters, digits, `_` and `-`
"#,
    );
}

#[test]
fn agents_of_interventions_must_be_there() {
    assert_faults(
        r#"map = "maps/town.tmj"
[[population]]
name = "mira"
[[population]]
template = "c-3po"
[[intervention]]
tick = 10
spawn = { name = "newcomer" }
[[intervention]]
tick = 5
say = { agent = "newcomer", text = "too early" }
[[intervention]]
tick = 20
remove = "MIRA"
[[intervention]]
tick = 30
say = { agent = "mira", text = "too late" }
[[intervention]]
tick = 30
say = { agent = "c-3p0", text = "never heard of" }
[[intervention]]
tick = 30
optional = true
reward = { agent = "nobody", amount = 1 }
[[intervention]]
tick = 30
close = "cafe"
[stop]
after_ticks = 30
"#,
        r#"
test.toml:11:17: error: `newcomer` has not come to the town by then
  help: spawn them earlier, or let this happen later
test.toml:17:17: error: `mira` has left the town by then
  help: let this happen earlier
test.toml:17:17: warning: this would happen at tick 30, but the run ends at tick 30
test.toml:20:17: error: nobody here is named `c-3p0`
  help: did you mean `c-3po`? residents: c-3po, mira, newcomer
test.toml:20:17: warning: this would happen at tick 30, but the run ends at tick 30
test.toml:24:20: warning: this would happen at tick 30, but the run ends at tick 30
test.toml:24:20: warning: nobody here is named `nobody`
  help: residents: c-3po, mira, newcomer
test.toml:27:9: warning: this would happen at tick 30, but the run ends at tick 30
"#,
    );
}

#[test]
fn stops_and_outputs_are_checked() {
    assert_faults(
        r#"map = "maps/town.tmj"
[[population]]
[stop]
at = "2026-02-01T07:00:00Z"
metric = { name = "news.reach", above = 0.2, below = 0.5 }
[outputs]
series = ["posts", "tokens", "posts"]
every_ticks = 0
"#,
        r#"
test.toml:4:6: error: the run would stop before it starts, or beyond the calendar
  help: choose a time after 2026-02-01T07:00:00+00:00 and before the year 10000
test.toml:5:41: error: every value is at or above 0.2 or at or below 0.5: the run would stop at once
  help: `above` is the upper threshold, `below` the lower one
test.toml:7:30: warning: `posts` stands twice in `series`
test.toml:8:15: error: `every_ticks` is 0, out of range
  help: allowed: 1 to 1000000000000
"#,
    );
    let faults = faults_of(
        "map = \"maps/town.tmj\"\n[[population]]\n[stop]\nmetric = { name = \"tokens\" }\n",
    );
    assert!(
        faults.contains("4:10: error: a metric without a threshold never stops anything"),
        "{faults}"
    );
    let faults = faults_of(
        "map = \"maps/town.tmj\"\ntime.sim_secs_per_tick = 3600\n[[population]]\n[stop]\nafter_ticks = 1_000_000_000\n",
    );
    assert!(
        faults.contains("5:15: error: the run would last beyond the year 9999"),
        "{faults}"
    );
}

#[test]
fn the_map_is_checked() {
    assert_faults(
        "name = \"x\"\n[[population]]\n",
        "test.toml: error: a scenario lacks `map`\n  help: write for example: map = \"maps/town.tmj\"",
    );
    assert_faults(
        "map = \"maps/tow.tmj\"\n[[population]]\n",
        "test.toml:1:7: error: there is no file `maps/tow.tmj`\n  help: did you mean `maps/town.tmj`? it was sought as maps/tow.tmj and as assets/maps/tow.tmj; put it there or write an absolute path",
    );
    assert_faults(
        "map = { generate = \"twn\", width = 0, hight = 3, homes = 1 }\n[[population]]\n",
        r#"test.toml:1:7: error: `map` lacks `height`
  help: write for example: height = 128
test.toml:1:20: error: `generate` is `twn`, which is not known
  help: did you mean `town`? allowed: field, town
test.toml:1:35: error: `width` is 0, out of range
  help: allowed: 1 to 4096
test.toml:1:38: error: unknown key `hight` in `map`
  help: did you mean `height`? allowed here: generate, width, height, homes, seed"#,
    );
    let field = "map = { generate = \"field\", width = 4, height = 4 }\n[[population]]\ncount = 17\nmind = \"walker\"\n";
    assert_faults(
        field,
        "test.toml:2:1: error: 17 residents and walkers don't fit on 16 walkable tiles\n  help: lower a `count`, or take a larger map",
    );
    let spawns = "map = { generate = \"field\", width = 4, height = 4 }\n[[population]]\ncount = 10\n[[intervention]]\ntick = 1\nspawn = { count = 7 }\n";
    assert_faults(
        spawns,
        "test.toml:2:1: warning: with all spawns there are 17 agents for 16 walkable tiles\n  help: the last spawns are refused unless somebody leaves",
    );
    let too_many = "map = { generate = \"field\", width = 4096, height = 4096 }\n[[population]]\nmind = \"walker\"\ncount = 4_000_000\n[[population]]\nmind = \"walker\"\n";
    assert_faults(
        too_many,
        "test.toml:5:1: error: 4000001 residents and walkers are more than 4000000\n  help: lower a `count`",
    );
    assert_faults(
        "map = { generate = \"field\", width = 4, height = 4 }\n",
        "test.toml: warning: nobody lives in this town\n  help: add a [[population]]",
    );
}

#[test]
fn the_command_line_is_named_as_the_place() {
    let overrides = Overrides {
        seed: Some(u64::MAX),
        ticks: Some(0),
        set: [
            "population.0.count=ten",
            "time.tick_hz=\"x",
            "rules.reach=99",
        ]
        .map(str::to_owned)
        .into(),
    };
    let Err(faults) = load_with(
        "map = \"maps/town.tmj\"\n[[population]]\n",
        Overlay::with_town(),
        &overrides,
    ) else {
        panic!("these can't be set");
    };
    let wanted = r#"
--set time.tick_hz="x: error: `"x` is no value: invalid basic string, expected `"`
  help: a value is written as in the file; a string in quotation marks: --set 'name="5 o clock"'
--seed 18446744073709551615: error: `seed` is 18446744073709551615, out of range
  help: allowed: 0 to 9223372036854775807
--set rules.reach=99: error: `reach` is 99, out of range
  help: allowed: 1 to 64
--set population.0.count=ten: error: `count` must be a whole number, not a string
  help: write for example: count = 10
--ticks 0: error: `after_ticks` is 0, out of range
  help: allowed: 1 to 1000000000000
"#;
    assert_eq!(print(&faults), wanted.trim());
}

#[test]
fn templates_are_checked_where_they_stand() {
    let text = "map = \"maps/town.tmj\"\n[template.Bad]\nname = \"X\"\n[template.lone]\nlast_names = [\"Holt\"]\nmodel = \"chatty\"\nages = [9, 3]\n[[population]]\ntemplate = \"lone\"\n";
    assert_faults(
        text,
        r#"
test.toml:2:11: error: `Bad` is no name for a template
  help: 2 to 50 lower-case letters, digits, `_` and `-`
test.toml:4:11: error: [template.NAME] lacks `name`
  help: write for example: name = "Gardener"
test.toml:5:14: error: family names without given names are never used
  help: add `first_names`, or remove `last_names`
test.toml:6:9: error: `model` is `chatty`, which is not known
  help: did you mean `chat`? allowed: chat, fast, reasoning, code, long_context
test.toml:7:8: error: `ages` is no span of years
  help: write the youngest and the oldest, 0 to 1000: [18, 80]
"#,
    );
    let files = Overlay::with_town().file(
        "agents/templates/odd.toml",
        "name = \"Odd\"\ntrait = [\"x\"]\n",
    );
    let faults = check(
        Path::new("agents/templates/odd.toml"),
        &files.file("odd.toml", ""),
    )
    .expect_err("an unknown key");
    assert!(
        print(&faults).contains("unknown key `trait`"),
        "{}",
        print(&faults)
    );
}

#[test]
fn files_that_are_no_scenario_are_refused() {
    let files = Overlay::default().file("bin.toml", "x");
    let said = |path: &str| print(&check(Path::new(path), &files).expect_err("nothing to load"));
    assert_eq!(
        said("none.toml"),
        "none.toml: error: there is no such file\n  help: check the path"
    );
    assert!(
        said("scenarios").contains("scenarios"),
        "{}",
        said("scenarios")
    );
    assert!(
        said("bin.toml").contains("bin.toml:1:2: error: "),
        "{}",
        said("bin.toml")
    );
}

#[test]
fn a_resident_with_a_name_comes_once() {
    assert_faults(
        "map = \"maps/town.tmj\"\n[[population]]\n[[intervention]]\ntick = 1\nevery = \"1h\"\ntimes = 2\nspawn = { name = \"ivo\" }\n",
        "test.toml:6:9: error: a resident with a name can't come twice\n  help: leave the names to the template, or write a spawn for each",
    );
}

#[test]
fn agents_are_looked_up_beside_other_faults_and_among_doubtful_people_with_care() {
    let listing = |population: &str| {
        faults_of(&format!(
            "map = \"maps/town.tmj\"\nnam = 1\n[[population]]\n{population}\n[[intervention]]\ntick = 1\nremove = \"mirra\"\n\
             [[intervention]]\nat = \"?\"\nremove = \"tam\"\n"
        ))
    };
    let lost = |listing: &str, name: &str| {
        assert!(listing.contains("unknown key `nam`"), "{listing}");
        listing.contains(&format!("nobody here is named `{name}`"))
    };
    let clear = listing("name = \"mira\"");
    assert_eq!(
        (lost(&clear, "mirra"), lost(&clear, "tam")),
        (true, true),
        "{clear}"
    );
    // A fault elsewhere in a population hides nobody.
    for fault in [
        "at = \"moon\"",
        "mind = \"scriptd\"",
        "counts = 4",
        "count = \"x\"",
    ] {
        let listing = listing(&format!("name = \"mira\"\n{fault}"));
        assert!(listing.contains("test.toml:5:"), "{fault}: {listing}");
        assert!(
            lost(&listing, "mirra") && lost(&listing, "tam"),
            "{fault}: {listing}"
        );
        assert!(
            listing.contains("did you mean `mira`?"),
            "{fault}: {listing}"
        );
    }
    // A name that was meant is there; another is not.
    let meant = listing("name = \"mirra!\"");
    assert_eq!(
        (lost(&meant, "mirra"), lost(&meant, "tam")),
        (false, true),
        "{meant}"
    );
    // From here anybody may come.
    for open in [
        "name = \"李\"",
        "source = \"gone.json\"",
        "[[population.persona]]\nage = 3",
    ] {
        let listing = listing(open);
        assert!(
            !lost(&listing, "mirra") && !lost(&listing, "tam"),
            "{open}: {listing}"
        );
    }
}

#[test]
fn whom_a_misspelt_template_could_bring_is_not_lost() {
    let listing = faults_of(
        "map = \"maps/town.tmj\"\n[template.guards]\nname = \"Guard\"\nfirst_names = [\"Ann\", \"Bor\"]\nlast_names = [\"Nash\", \"Moor\"]\n\
         [[population]]\ntemplate = \"guard\"\n[[intervention]]\ntick = 1\nremove = \"bor_nash_2\"\n\
         [[intervention]]\ntick = 1\nremove = \"ann_moor\"\n[[intervention]]\ntick = 1\nremove = \"ann_more\"\n",
    );
    assert!(
        listing.contains("there is no template `guard`"),
        "{listing}"
    );
    let lost: Vec<_> = listing
        .lines()
        .filter(|line| line.contains("nobody here"))
        .collect();
    assert_eq!(
        lost,
        ["test.toml:16:10: error: nobody here is named `ann_more`"],
        "{listing}"
    );
}

#[test]
fn places_are_checked_though_the_map_is_missing_or_faulty() {
    let listing = |map: &str| {
        faults_of(&format!(
            "map = \"{map}\"\n[[population]]\nat = \"moon\"\n[[intervention]]\ntick = 1\nclose = \"Copper Kettel\"\n[[intervention]]\ntick = 1\nclose = \"Rose Cottage\"\n"
        ))
    };
    let misspelt = listing("maps/tow.tmj");
    assert!(
        misspelt.contains("did you mean `maps/town.tmj`?"),
        "{misspelt}"
    );
    assert!(
        misspelt.contains("test.toml:3:6: error: this map has no place `moon`"),
        "{misspelt}"
    );
    assert!(
        misspelt.contains("test.toml:6:9: error: this map has no place `Copper Kettel`"),
        "{misspelt}"
    );
    assert!(!misspelt.contains("no place `Rose Cottage`"), "{misspelt}");
    // Nothing is like it: nothing can be said of places.
    let gone = listing("maps/zzzzzzzz.tmj");
    assert!(!gone.contains("no place"), "{gone}");
}

#[test]
fn the_economy_is_checked_and_carried() {
    assert_faults(
        r#"map = "maps/town.tmj"
[[population]]
[economy]
grant = "x"
tiers = [0, 50, 50]
prices = { bread = -1, "B!" = 2, tea = 1.25 }
fees = { platform = 1.5, work = "1 %" }
taxes = 3
budget = 4
"#,
        r#"
test.toml:4:9: error: `grant` is no amount: x; an amount is a plain decimal number such as 12.5
  help: write for example: 12.5
test.toml:5:17: error: this tier begins at 50, not above 50
  help: write the balance from which each tier begins, upwards from 0: tiers = [0, 50, 200]
test.toml:6:20: error: `bread` is negative: -1
  help: an amount is zero or more; to take money away, use `penalise`
test.toml:6:24: error: `B!` is no name in `prices`
  help: 1 to 50 lower-case letters, digits, `_`, `-` and `.`
test.toml:7:21: error: `platform` is more than the whole
  help: a share lies between 0 and 1: 0.01 is one per cent
test.toml:7:33: error: `work` is no amount: 1 %; an amount is a plain decimal number such as 12.5
  help: write for example: 12.5
test.toml:8:9: error: `taxes` must be a table, not a whole number
  help: write its fields in braces: taxes = { … }, or below a line [taxes]
test.toml:9:1: error: unknown key `budget` in [economy]
  help: did you mean `budgets`? allowed here: grant, tiers, prices, fees, taxes, budgets, tier, auction, newcomer_hours
"#,
    );
    let loaded = load_with(
        "map = \"maps/town.tmj\"\n[[population]]\n[economy]\ngrant = 3\ntiers = [0, 50.5]\nprices = { bread = 1.25 }\nfees.platform = 0.01\nbudgets.rewards = 100\n",
        Overlay::with_town(),
        &Overrides::default(),
    );
    let economy = loaded
        .map_err(|faults| print(&faults))
        .map(|loaded| loaded.scenario.economy);
    let amount = |name: &str, micros| [(name.to_owned(), Money(micros))].into();
    let wanted = Economy {
        grant: Money(3_000_000),
        tiers: vec![Money(0), Money(50_500_000)],
        prices: amount("bread", 1_250_000),
        fees: [("platform".to_owned(), 10_000)].into(),
        taxes: Default::default(),
        budgets: amount("rewards", 100_000_000),
        newcomer_hours: 24,
        ..Economy::default()
    };
    assert_eq!(economy, Ok(wanted));
}

#[test]
fn a_template_is_known_by_what_it_says_or_where_it_lies() {
    let files = Overlay::default()
        .file(
            "mine/gardener.toml",
            "name = \"Gardener\"\noccupations = [\"gardener\"]\nages = [80, 20]\n",
        )
        .file("mine/templates/plain.toml", "name = \"Plain\"\n")
        .file("mine/plain.toml", "name = \"Plain\"\n");
    let check = |path: &str| check(Path::new(path), &files).map_err(|faults| print(&faults));
    let gardener = check("mine/gardener.toml").expect_err("its ages are wrong");
    assert!(
        gardener.starts_with("mine/gardener.toml:3:8: error: `ages` is no span"),
        "{gardener}"
    );
    assert!(!gardener.contains("map"), "{gardener}");
    assert_eq!(check("mine/templates/plain.toml"), Ok(vec![]));
    let scenario = check("mine/plain.toml").expect_err("a scenario has a map");
    assert!(scenario.contains("a scenario lacks `map`"), "{scenario}");
}

#[test]
fn a_damaged_file_is_never_taken_silently_nor_a_reason_to_panic() {
    let text = "map = { generate = \"field\", width = 8, height = 8 }\n[time]\nstart = 2026-02-01\n[[population]]\ntemplate = \"bb-8\"\n\
                at = [1, 2]\n[[intervention]]\nat = \"day 2 08:30\"\nreward = { agent = \"bb-8\", amount = 1.5 }\n[stop]\nmetric = { name = \"posts\", above = 3 }\n";
    let load = |text: &str| load_with(text, Overlay::with_town(), &Overrides::default());
    assert!(load(text).is_ok());
    for at in 0..text.len() {
        for inserted in [
            "\"",
            "[",
            "=",
            "\n",
            "\u{0}",
            "9999999999999999999999999999999999999999999",
        ] {
            let damaged = format!("{}{inserted}{}", &text[..at], &text[at..]);
            if let Err(faults) = load(&damaged) {
                assert!(
                    faults.iter().any(crate::fault::Fault::is_error),
                    "{damaged}"
                );
            }
        }
        if let Err(faults) = load(&text[..at]) {
            assert!(
                faults.iter().any(crate::fault::Fault::is_error),
                "{}",
                &text[..at]
            );
        }
    }
}
