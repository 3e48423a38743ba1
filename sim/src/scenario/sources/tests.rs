//! Personas of other people's files, entry by entry.

use serde_json::json;

use hamlet_protocol::persona::Persona;
use hamlet_protocol::time::Hours;

use super::entry::{Unreadable, read_entry};
use super::sentences::{lifestyle_hours, occupation};

#[test]
fn a_scratch_becomes_a_persona() {
    let entry = json!({
        "name": "Orla Fenwick", "age": 34, "innate": "patient, kind", "living_area": "the Ville:Fenwick's house:main room",
        "learned": "Orla Fenwick is a cafe owner of the Copper Kettle who loves guests.",
        "currently": "Orla plans a  feast.", "lifestyle": "Orla goes to bed around 11pm, awakes up around 6am."
    });
    let wanted = Persona {
        name: "orla_fenwick".to_owned(),
        display_name: "Orla Fenwick".to_owned(),
        age: Some(34),
        traits: vec!["patient".into(), "kind".into()],
        interests: Vec::new(),
        occupation: Some("cafe owner".to_owned()),
        about: "Orla Fenwick is a cafe owner of the Copper Kettle who loves guests. Orla plans a feast.".to_owned(),
        sleep: Some(Hours::between(23, 6)),
        home: Some("Fenwick's house".to_owned()),
    };
    assert_eq!(read_entry(&entry), Ok(wanted));
}

#[test]
fn a_profile_becomes_a_persona() {
    let entry = json!({
        "realname": "Tam Quill", "username": "tam.quill!", "bio": "short", "persona": "Long story.", "age": "41",
        "gender": "male", "mbti": "INTJ", "country": "x", "profession": "Potter", "interested_topics": ["Clay", " Tea "]
    });
    let persona = read_entry(&entry).expect("a profile");
    assert_eq!(
        (persona.name.as_str(), persona.display_name.as_str()),
        ("tamquill", "Tam Quill")
    );
    assert_eq!(
        (
            persona.age,
            persona.occupation.as_deref(),
            persona.about.as_str()
        ),
        (Some(41), Some("Potter"), "Long story.")
    );
    assert_eq!(
        persona.traits,
        ["reserved", "imaginative", "analytical", "organised"]
    );
    assert_eq!(persona.interests, ["Clay", "Tea"]);
}

#[test]
fn sentences_give_trades_and_hours() {
    assert_eq!(
        occupation("X is an archivist, and more").as_deref(),
        Some("archivist")
    );
    assert_eq!(
        occupation("X is a person with far too many words before an end"),
        Some("person".to_owned())
    );
    assert_eq!(occupation("X likes tea."), None);
    assert_eq!(
        lifestyle_hours("goes to bed at 22:30, wakes up at 7 a.m."),
        Some(Hours::between(22, 7))
    );
    assert_eq!(
        lifestyle_hours("goes to bed around 12am, awakes up around 12pm"),
        Some(Hours::between(0, 12))
    );
    assert_eq!(lifestyle_hours("sleeps when tired"), None);
}

#[test]
fn what_is_no_persona_is_refused() {
    assert!(read_entry(&json!(3)).is_err());
    assert!(read_entry(&json!({"a": 1})).is_err());
    assert!(read_entry(&json!({"username": "李"})).is_err());
}

#[test]
fn every_field_of_a_wrong_type_is_named() {
    let age = "`age` must be a whole number of years from 0 to 1000, not";
    let cases = [
        (
            json!({"name": "Isa R", "age": "x", "innate": 3}),
            vec![
                format!("{age} \"x\""),
                "`innate` must be a text, not 3".to_owned(),
            ],
        ),
        (
            json!({"username": "isa", "age": "old", "interested_topics": "x"}),
            vec![
                format!("{age} \"old\""),
                "`interested_topics` must be a list of texts, not \"x\"".to_owned(),
            ],
        ),
        (
            json!({"realname": 3}),
            vec!["`realname` must be a text, not 3".to_owned()],
        ),
        (
            json!({"username": "isa", "age": 1001, "interested_topics": ["Clay", 3, ["x"]], "mbti": {}}),
            vec![
                format!("{age} 1001"),
                "`mbti` must be a text, not an object".to_owned(),
                "item 1 (from 0) of `interested_topics` must be a text, not 3".to_owned(),
                "item 2 (from 0) of `interested_topics` must be a text, not a list".to_owned(),
            ],
        ),
        (
            json!({"username": "isa", "age": 30.5, "bio": ["x"]}),
            vec![
                "`bio` must be a text, not a list".to_owned(),
                format!("{age} 30.5"),
            ],
        ),
    ];
    for (entry, wanted) in cases {
        let Err(Unreadable::Fields(faults)) = read_entry(&entry) else {
            panic!("{entry} was read");
        };
        let messages: Vec<_> = faults.into_iter().map(|fault| fault.message).collect();
        assert_eq!(messages, wanted, "{entry}");
    }
    let unsaid = json!({"username": "isa", "age": null, "interested_topics": null, "bio": null});
    assert_eq!(read_entry(&unsaid).map(|isa| isa.age), Ok(None));
}
