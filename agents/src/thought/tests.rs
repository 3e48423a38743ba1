use hamlet_protocol::act::Act;

use super::*;
use crate::perception::Section;
use crate::pool::Prefix;
use crate::skills::Registry;
use crate::wire::ChatAnswer;

fn limits() -> Limits {
    Limits {
        turns_max: 5,
        tokens_max: 100_000,
        prompt_tokens_max: 4_000,
        cost_max: None,
        reserved: None,
    }
}

fn begin(limits: Limits, functions: bool) -> Thought {
    let section = |name, rank, text: &str| Section {
        name,
        rank,
        text: text.to_owned(),
    };
    let prompt = Prompt::of_parts(
        "Rules.",
        vec![
            section("yourself", 0, "You are here.\n"),
            section("people near", 1, "People near:\n- @bo\n"),
            section("the board", 5, &"On the board: much.\n".repeat(200)),
        ],
        Prefix::default(),
    );
    let offer = Registry::of_village().offer(0, None, false);
    let (thought, effect) = Thought::begin(prompt, offer, limits, functions);
    assert!(matches!(effect, Effect::Ask(_)));
    thought
}

fn answer(content: &str, calls: &[(&str, &str)]) -> Observed {
    let calls = calls
        .iter()
        .enumerate()
        .map(|(at, (name, arguments))| ToolCall {
            id: format!("c{at}"),
            name: (*name).to_owned(),
            arguments: (*arguments).to_owned(),
        });
    said(ChatAnswer {
        content: content.to_owned(),
        calls: calls.collect(),
        usage: Usage {
            input: 100,
            cached: 50,
            output: 10,
            reported: true,
        },
        ..ChatAnswer::default()
    })
}

fn said(answer: ChatAnswer) -> Observed {
    Observed::Answered(Box::new(Ok(Answered {
        answer,
        model: "m".to_owned(),
        endpoint: "e".to_owned(),
        cost: 2.0,
        tries: 1,
    })))
}

fn say() -> Ran {
    Ran::Done(Ok(Done::Act(Box::new(Act::Say {
        text: "hi".to_owned(),
    }))))
}

fn failed(fault: Fault) -> Observed {
    Observed::Ran(vec![Ran::Done(Err(fault))])
}

#[test]
fn an_act_ends_the_turn() {
    let mut thought = begin(limits(), true);
    let effect = thought.step(answer("", &[("say", "{}")]));
    assert!(matches!(effect, Effect::Run(calls) if calls.len() == 1));
    let effect = thought.step(Observed::Ran(vec![say()]));
    assert_eq!(effect, Effect::End(Outcome::Acted));
    assert_eq!(
        (thought.acts.len(), thought.turns, thought.cost),
        (1, 1, 2.0)
    );
}

#[test]
fn what_was_looked_up_is_thought_about() {
    let mut thought = begin(limits(), true);
    thought.step(answer("", &[("read_board", "{}")]));
    let looked = Ran::Done(Ok(Done::Looked("#1 «a note»".to_owned())));
    let Effect::Ask(request) = thought.step(Observed::Ran(vec![looked.clone()])) else {
        panic!("it asks again");
    };
    let last = request.messages.last().expect("the result");
    assert_eq!(last.role, Role::Tool);
    assert_eq!(last.content.as_deref(), Some("#1 «a note»"));
    assert_eq!(last.tool_call_id.as_deref(), Some("c0"));
    // The same again is a loop, and a bounded one.
    let mut effects = Vec::new();
    for _ in 0..4 {
        thought.step(answer("", &[("read_board", "{}")]));
        effects.push(thought.step(Observed::Ran(vec![looked.clone()])));
        if matches!(effects.last(), Some(Effect::End(_))) {
            break;
        }
    }
    assert_eq!(effects.last(), Some(&Effect::End(Outcome::Looping)));
}

#[test]
fn every_kind_of_bad_answer_is_mended_a_bounded_number_of_times() {
    let cut = ChatAnswer {
        content: "I was about to".to_owned(),
        finish: Finish::Length,
        ..ChatAnswer::default()
    };
    for (bad, outcome) in [
        (answer("", &[]), Outcome::Empty),
        (said(cut), Outcome::Truncated),
    ] {
        let mut thought = begin(limits(), true);
        assert!(matches!(thought.step(bad.clone()), Effect::Ask(_)));
        assert!(matches!(thought.step(bad.clone()), Effect::Ask(_)));
        assert_eq!(thought.step(bad), Effect::End(outcome));
    }
    let unknown = Fault::Unknown {
        name: "fly".to_owned(),
        known: "say".to_owned(),
    };
    for (fault, outcome) in [
        (unknown, Outcome::Malformed),
        (Fault::Arguments("no JSON".to_owned()), Outcome::Malformed),
        (Fault::NotPermitted("forge"), Outcome::NotPermitted),
        (Fault::Wrong("nobody".to_owned()), Outcome::Refusals),
    ] {
        let mut thought = begin(limits(), true);
        let mut last = None;
        for _ in 0..3 {
            thought.step(answer("", &[("fly", "{")]));
            last = Some(thought.step(failed(fault.clone())));
        }
        assert_eq!(last, Some(Effect::End(outcome)));
        assert!(thought.acts.is_empty());
    }
}

#[test]
fn arguments_that_are_no_json_do_not_go_back_to_the_server() {
    let mut thought = begin(limits(), true);
    thought.step(answer("", &[("say", "{\"to\": [")]));
    let Effect::Ask(request) = thought.step(failed(Fault::Arguments("x".to_owned()))) else {
        panic!("it asks again");
    };
    let calls = request
        .messages
        .iter()
        .flat_map(|message| &message.tool_calls);
    assert!(
        calls
            .into_iter()
            .all(|call| call.function.arguments == "{}")
    );
}

#[test]
fn a_refusal_of_the_village_comes_back_as_an_observation() {
    let mut thought = begin(limits(), true);
    thought.step(answer("", &[("talk", "{}")]));
    let act = Box::new(Act::Stop);
    let refused = Ran::Acted(act, Err("They are asleep.".to_owned()));
    let Effect::Ask(request) = thought.step(Observed::Ran(vec![refused])) else {
        panic!("it asks again");
    };
    let last = request
        .messages
        .last()
        .and_then(|message| message.content.as_deref());
    assert!(last.is_some_and(|words| words.contains("They are asleep.")));
}

#[test]
fn limits_end_it_and_what_was_done_counts() {
    let looked = |n: u32| Observed::Ran(vec![Ran::Done(Ok(Done::Looked(format!("{n}"))))]);
    let run = |limits: Limits| {
        let mut thought = begin(limits, true);
        for n in 0..10 {
            thought.step(answer(
                "",
                &[("recall", &format!("{{\"about\": \"{n}\"}}"))],
            ));
            if let Effect::End(outcome) = thought.step(looked(n)) {
                return outcome;
            }
        }
        panic!("it never ends");
    };
    assert_eq!(run(limits()), Outcome::TurnLimit);
    let tokens = Limits {
        tokens_max: 200,
        ..limits()
    };
    assert_eq!(run(tokens), Outcome::TokenLimit);
    // Each answer has 100 tokens in, half of them cached, and 10 out.
    let ceiling = |most: f64| {
        let price = Price {
            input: 1.0,
            cached: Some(0.0),
            output: 5.0,
        };
        Some(Ceiling { price, most })
    };
    let cost = Limits {
        cost_max: ceiling(150.0),
        ..limits()
    };
    assert_eq!(run(cost), Outcome::PriceLimit);
    let reserved = Limits {
        reserved: ceiling(150.0),
        ..limits()
    };
    assert_eq!(run(reserved), Outcome::PriceLimit);
    let enough = Limits {
        cost_max: ceiling(501.0),
        reserved: ceiling(501.0),
        ..limits()
    };
    assert_eq!(run(enough), Outcome::TurnLimit);
}

#[test]
fn no_answer_is_an_outcome() {
    let mut thought = begin(limits(), true);
    let failed = Observed::Answered(Box::new(Err(PoolError::Nobody)));
    assert_eq!(thought.step(failed), Effect::End(Outcome::Unavailable));
    let refused = ChatAnswer {
        refusal: Some("no".to_owned()),
        ..ChatAnswer::default()
    };
    assert_eq!(
        begin(limits(), true).step(said(refused)),
        Effect::End(Outcome::Refused)
    );
    assert_eq!(
        begin(limits(), true).step(Observed::OutOfTime),
        Effect::End(Outcome::OutOfTime)
    );
}

#[test]
fn a_prompt_that_is_too_long_loses_the_board_first_and_says_so() {
    let mut thought = begin(limits(), true);
    let overflow = || {
        let fault = WireError::ContextOverflow("8192".to_owned());
        Observed::Answered(Box::new(Err(PoolError::Wire(fault))))
    };
    let mut words = String::new();
    for _ in 0..3 {
        let Effect::Ask(request) = thought.step(overflow()) else {
            panic!("it asks with less");
        };
        words = request.messages[1].content.clone().unwrap_or_default();
    }
    assert!(!words.contains("On the board"), "{words}");
    assert!(words.contains("You are here") && words.contains("@bo"));
    assert!(words.contains("Left out for lack of room: the board"));
    assert_eq!(thought.step(overflow()), Effect::End(Outcome::Unavailable));
}

#[test]
fn a_model_without_functions_answers_with_json() {
    let mut thought = begin(limits(), false);
    let words = "Sure! {\"skill\": \"say\", \"args\": {\"text\": \"hi\"}} That is it.";
    let Effect::Run(calls) = thought.step(answer(words, &[])) else {
        panic!("it runs the skill");
    };
    assert_eq!(
        (calls[0].name.as_str(), calls[0].arguments.as_str()),
        ("say", "{\"text\":\"hi\"}")
    );
    let mut thought = begin(limits(), false);
    assert!(matches!(
        thought.step(answer("Hello there.", &[])),
        Effect::Ask(_)
    ));
}
