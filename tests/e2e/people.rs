//! Personas of other programs as a population.

use serde_json::json;

use crate::desk::Desk;

fn scratch(first: &str, last: &str) -> String {
    json!({
        "vision_r": 8, "name": format!("{first} {last}"), "first_name": first, "last_name": last, "age": 34,
        "innate": "friendly, outgoing", "learned": format!("{first} keeps the café on the hill."),
        "currently": "planning a feast", "lifestyle": format!("{first} goes to bed around 11pm, wakes up around 6am."),
        "living_area": format!("the Hill:{first} {last}'s apartment:main room"), "daily_plan_req": "opens at eight"
    })
    .to_string()
}

fn desk_with_people() -> Desk {
    let desk = Desk::new();
    desk.write("one/scratch.json", scratch("Isa", "Weil"));
    for (first, last) in [("Ann", "Lee"), ("Bo", "Lind")] {
        desk.write(
            format!("many/{first} {last}/bootstrap_memory/scratch.json"),
            scratch(first, last),
        );
    }
    let profiles = json!([
        { "realname": "Jim Mill", "username": "jimmill", "bio": "b", "persona": "p", "age": 40, "gender": "male",
          "mbti": "ESTJ", "country": "UK", "profession": "Innkeeper", "interested_topics": ["Ale"] },
        { "realname": "Jim Mill", "username": "jm2", "bio": "b", "persona": "p", "age": 41, "gender": "other",
          "mbti": "INTJ", "country": "UK" }
    ]);
    desk.write("oasis.json", profiles.to_string());
    desk
}

#[test]
fn they_come_to_live_in_the_town() {
    let desk = desk_with_people();
    for (source, names) in [
        ("\"one/scratch.json\"", vec!["isa_weil"]),
        ("\"many\"", vec!["ann_lee", "bo_lind"]),
        ("\"oasis.json\"", vec!["jimmill", "jm2"]),
        (
            "[\"one\", \"oasis.json\"]",
            vec!["isa_weil", "jimmill", "jm2"],
        ),
    ] {
        desk.write(
            "s.toml",
            format!("map = \"maps/town.tmj\"\n[[population]]\nsource = {source}\n"),
        );
        let said = desk.call("run s.toml --ticks 20 --out out --force --csv");
        assert_eq!(said.code, Some(0), "{source}: {}", said.err);
        let joined: Vec<String> = desk
            .rows("out/events.csv")
            .into_iter()
            .filter(|row| row["kind"] == "join")
            .map(|row| row["agent_name"].clone())
            .collect();
        assert_eq!(joined, names, "{source}");
    }
}

#[test]
fn sources_can_be_checked_alone() {
    let desk = desk_with_people();
    let said = desk.good("check one/scratch.json one many oasis.json");
    assert_eq!(said.out.matches(": ok").count(), 4, "{said:?}");
    desk.write("bad.json", "[{\"a\": 1}, 3, {\"username\": \"\"}]");
    let err = desk.bad("check bad.json", 1);
    assert!(err.ends_with("3 faults to mend\n"), "{err}");
    desk.write("torn.json", "[\n{");
    let err = desk.bad("check torn.json", 1);
    assert!(
        err.contains("torn.json:2:1: error: this is no JSON"),
        "{err}"
    );
}
