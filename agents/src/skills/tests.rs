use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::*;

/// What is said of the fields of a skill: name, a value that fits, whether it must be there.
fn fields<S: Skill>() -> Vec<(String, Value, bool)> {
    let schema = schemars::schema_for!(S::Args).to_value();
    let required: BTreeSet<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, field)| {
            assert!(
                field["description"].is_string(),
                "{}.{name}: a model wants to know what it is",
                S::NAME
            );
            let kinds = field["type"].to_string();
            let value = match kinds {
                _ if field["examples"].is_array() => field["examples"][0].clone(),
                kinds if kinds.contains("array") => json!(["x"]),
                kinds if kinds.contains("integer") => json!(1),
                kinds if kinds.contains("boolean") => json!(true),
                _ => json!("x"),
            };
            (name.clone(), value, required.contains(name.as_str()))
        })
        .collect()
}

/// The type takes what the schema offers, and misses what it requires.
fn agree<S: Skill>() {
    let all = fields::<S>();
    let of = |wanted: &dyn Fn(&str, bool) -> bool| -> Value {
        let fields = all
            .iter()
            .filter(|(name, _, required)| wanted(name, *required));
        let object: Map<String, Value> = fields
            .map(|(name, value, _)| (name.clone(), value.clone()))
            .collect();
        object.into()
    };
    let takes = |value: Value| serde_json::from_value::<S::Args>(value).is_ok();
    assert!(takes(of(&|_, _| true)), "{}: all fields", S::NAME);
    assert!(
        takes(of(&|_, required| required)),
        "{}: the required ones",
        S::NAME
    );
    for (name, _, required) in &all {
        let without = of(&|other, _| other != name);
        assert_eq!(takes(without), !required, "{}.{name}", S::NAME);
        let mut wrong = of(&|_, _| true);
        wrong[name] = json!({"a": 1});
        assert!(!takes(wrong), "{}.{name} takes anything", S::NAME);
    }
}

#[test]
fn schemas_and_types_agree() {
    agree::<ask_human::AskHuman>();
    agree::<bounty_claim::BountyClaim>();
    agree::<bounty_decide::BountyDecide>();
    agree::<bounty_deliver::BountyDeliver>();
    agree::<bounty_list::BountyList>();
    agree::<bounty_post::BountyPost>();
    agree::<comment::Comment>();
    agree::<drop_item::DropItem>();
    agree::<follow::Follow>();
    agree::<give::Give>();
    agree::<go_to::GoTo>();
    agree::<look::Look>();
    agree::<message::Message>();
    agree::<pay::Pay>();
    agree::<pick_up::PickUp>();
    agree::<plan::Plan>();
    agree::<post::Post>();
    agree::<read_board::ReadBoard>();
    agree::<read_post::ReadPost>();
    agree::<recall::Recall>();
    agree::<remember::Remember>();
    agree::<rest::Rest>();
    agree::<say::Say>();
    agree::<search::Search>();
    agree::<sleep::Sleep>();
    agree::<talk::Talk>();
    agree::<trade::Trade>();
    agree::<use_place::UsePlace>();
    agree::<vote::Vote>();
    agree::<assess::Assess>();
    agree::<survey::Survey>();
}

#[test]
fn a_schema_is_one_that_servers_take() {
    let offer = Registry::of_village().offer(0, None, false);
    let tools = offer.tools.iter();
    let talk = tools
        .into_iter()
        .find(|tool| tool.function.name == "talk")
        .expect("there is one");
    let schema = &talk.function.parameters;
    assert_eq!(schema["type"], "object");
    assert_eq!(schema["required"], json!(["to", "text"]));
    assert_eq!(schema["properties"]["to"]["items"]["type"], "string");
    assert!(schema.get("$schema").is_none());
}

struct Forge;

impl Skill for Forge {
    const NAME: &'static str = "forge";
    const ABOUT: &'static str = "Make a sword.";
    const PERMIT: Permit = Permit {
        tier_min: 2,
        capability: Some("smithy"),
        money: false,
    };
    type Args = ();

    fn run(_args: (), _on: &mut Desk<'_>) -> Result<Done, Fault> {
        Ok(Done::Rest)
    }
}

#[test]
fn an_offer_has_what_tier_and_template_permit_and_nothing_else() {
    let mut registry = Registry::of_village();
    registry.add::<Forge>();
    let smith = hamlet_protocol::persona::Template {
        capabilities: vec!["smithy".to_owned()],
        ..Default::default()
    };
    assert!(registry.offer(2, Some(&smith), false).has("forge"));
    assert!(!registry.offer(1, Some(&smith), false).has("forge"));
    assert!(!registry.offer(2, None, false).has("forge"));
    assert!(registry.offer(0, None, false).has("say"));
    assert!(!registry.offer(0, None, false).has("pay"));
    assert!(registry.offer(0, None, true).has("pay"));
}
