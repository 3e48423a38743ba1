use hamlet_protocol::task::{TaskAuthor, TaskLine};

use super::*;

fn line(author: TaskAuthor, text: &str) -> TaskLine {
    TaskLine {
        author,
        kind: TaskKind::Message,
        text: text.to_owned(),
        files: Vec::new(),
    }
}

fn begin(functions: bool) -> Task {
    let line = line(TaskAuthor::Person, "Write down what #3 says, please.");
    begin_with(functions, vec![line])
}

fn begin_with(functions: bool, lines: Vec<TaskLine>) -> Task {
    let limits = TaskLimits {
        turns_max: 5,
        tokens_max: 10_000,
        prompt_tokens_max: 4_000,
    };
    let prompt = TaskPrompt::of_parts("Rules.", lines, Prefix::default());
    let tools = ["read_post", "search"].map(|name| Tool::new(name, "", json!({})));
    let (task, next) = Task::begin(prompt, tools.to_vec(), functions, limits);
    assert!(matches!(next, Next::Ask(_)));
    task
}

fn answered(content: &str, calls: &[(&str, &str)]) -> Result<Answered, PoolError> {
    let calls = calls.iter().enumerate();
    let calls = calls.map(|(at, (name, arguments))| ToolCall {
        id: format!("c{at}"),
        name: (*name).to_owned(),
        arguments: (*arguments).to_owned(),
    });
    Ok(Answered {
        answer: ChatAnswer {
            content: content.to_owned(),
            calls: calls.collect(),
            usage: Usage {
                input: 100,
                output: 10,
                ..Usage::default()
            },
            ..ChatAnswer::default()
        },
        model: "m".to_owned(),
        endpoint: "e".to_owned(),
        cost: 2.0,
        tries: 1,
    })
}

/// One step; what is looked up is always this note.
fn step(task: &mut Task, answer: Result<Answered, PoolError>) -> (Next, Vec<TaskSaid>) {
    let next = task.step(answer, &mut |_| {
        Ok(Done::Looked("#12 by @bo: «Bread on Monday»".to_owned()))
    });
    let said = task.take_said();
    (next, said)
}

#[test]
fn only_what_will_be_run_may_search_memory() {
    let recalls = [(RECALL, r#"{"about": "bread"}"#); CALLS_MAX + 2];
    let answer = answered("", &recalls).expect("it is one").answer;
    let mut task = begin(true);
    assert!(task.recalls(&answer).is_empty(), "it is not offered");
    task.tools.push(Tool::new(RECALL, "", json!({})));
    assert_eq!(task.recalls(&answer).len(), CALLS_MAX);
    let one = answered("", &recalls[..1]).expect("it is one").answer;
    assert_eq!(task.recalls(&one).len(), 1);
}

#[test]
fn whoever_calls_no_functions_recalls_in_words() {
    let words = r#"Let me think. {"skill": "recall", "args": {"about": "bread"}}"#;
    let written = answered(words, &[]).expect("it is one").answer;
    let mut task = begin(false);
    assert!(task.recalls(&written).is_empty(), "it is not offered");
    task.tools.push(Tool::new(RECALL, "", json!({})));
    let recalls = task.recalls(&written).into_owned();
    assert_eq!(recalls.len(), 1);
    assert_eq!(recalls[0].name, RECALL);
    // What is run has the same arguments, by which its vector is found.
    let mut ran = Vec::new();
    task.step(answered(words, &[]), &mut |call| {
        ran.push(call.clone());
        Ok(Done::Looked("Bread on Monday".to_owned()))
    });
    assert_eq!(ran, recalls);
    let mut talks = begin(true);
    talks.tools.push(Tool::new(RECALL, "", json!({})));
    assert!(talks.recalls(&written).is_empty(), "words are words there");
}

#[test]
fn from_requirements_over_progress_to_a_delivery_with_sources() {
    let mut task = begin(true);
    let (next, said) = step(
        &mut task,
        answered(
            "",
            &[
                (
                    "restate",
                    r#"{"requirements": ["read it", "write it down"]}"#,
                ),
                ("read_post", r##"{"post": "#12"}"##),
            ],
        ),
    );
    assert!(matches!(next, Next::Ask(_)));
    assert_eq!(said[0].kind, TaskKind::Requirements);
    assert_eq!(said[0].text, "- read it\n- write it down");
    let deliver = r##"{"text": "Done.", "files": [{"name": "a.md", "text": "Bread"}],
        "sources": [{"title": "Note", "link": "#12"}, {"title": "Guess", "link": "#99"}]}"##;
    let (next, said) = step(
        &mut task,
        answered("Nearly there.", &[("deliver", deliver), ("restate", "{}")]),
    );
    assert_eq!(next, Next::End(TaskOutcome::Delivered));
    let kinds: Vec<TaskKind> = said.iter().map(|said| said.kind).collect();
    assert_eq!(kinds, [TaskKind::Progress, TaskKind::Delivery]);
    let seen: Vec<bool> = said[1].sources.iter().map(|it| it.seen).collect();
    assert_eq!(seen, [true, false], "what was not read is only claimed");
    assert_eq!(task.turns, 2);
}

#[test]
fn what_the_agent_has_said_itself_is_no_source() {
    let mut task = begin_with(
        true,
        vec![
            line(TaskAuthor::Person, "Look at https://mill.example/ please."),
            line(TaskAuthor::Agent, "It stands at https://made.example/up."),
            line(TaskAuthor::Village, "The agent was stopped: #7."),
            line(TaskAuthor::Person, "Hand it over."),
        ],
    );
    let deliver = r##"{"text": "Here.", "sources": [
        {"title": "Person", "link": "https://mill.example/"},
        {"title": "Itself", "link": "https://made.example/up"},
        {"title": "Village", "link": "#7"},
        {"title": "Nobody", "link": "#12"}]}"##;
    let (_, said) = step(&mut task, answered("", &[("deliver", deliver)]));
    let seen: Vec<bool> = said[0].sources.iter().map(|it| it.seen).collect();
    assert_eq!(seen, [true, false, true, false]);
}

#[test]
fn what_was_left_out_for_lack_of_room_was_not_read() {
    let mut lines = vec![
        line(TaskAuthor::Person, "The task."),
        line(TaskAuthor::Person, "See #41."),
    ];
    let long = "words ".repeat(400);
    lines.extend((0..20).map(|_| line(TaskAuthor::Person, &long)));
    lines.push(line(TaskAuthor::Person, "See #42."));
    let mut task = begin_with(true, lines);
    let deliver = r##"{"text": "Here.", "sources": [
        {"title": "Old", "link": "#41"}, {"title": "New", "link": "#42"}]}"##;
    let (_, said) = step(&mut task, answered("", &[("deliver", deliver)]));
    let seen: Vec<bool> = said[0].sources.iter().map(|it| it.seen).collect();
    assert_eq!(seen, [false, true]);
    assert!(said[0].left_out > 0);
}

#[test]
fn questions_failures_and_plain_words_end_the_turn() {
    for (content, calls, outcome, kind) in [
        (
            "",
            vec![("ask_person", r#"{"question": "For whom?"}"#)],
            TaskOutcome::Asked,
            TaskKind::Question,
        ),
        (
            "",
            vec![("give_up", r#"{"what": "all", "why": "no way"}"#)],
            TaskOutcome::GaveUp,
            TaskKind::Failure,
        ),
        ("Yes.", vec![], TaskOutcome::Answered, TaskKind::Message),
    ] {
        let (next, said) = step(&mut begin(true), answered(content, &calls));
        assert_eq!(next, Next::End(outcome));
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].kind, kind);
        assert_eq!(outcome.failure(), None, "the agent has said it itself");
    }
}

#[test]
fn nonsense_is_mended_twice_and_then_said() {
    for answer in [
        answered("", &[]),
        answered("", &[("summon_dragon", "{}")]),
        answered("", &[("deliver", r#"{"text": ["no", "text"]}"#)]),
        answered("", &[("deliver", "{\"text\": ")]),
        answered("", &[("say", r#"{"text": "I act in town"}"#)]),
    ] {
        let mut task = begin(true);
        let mut ends = Vec::new();
        for _ in 0..3 {
            let (next, said) = step(&mut task, answer.clone());
            assert!(said.is_empty(), "{said:?}");
            ends.push(next);
        }
        assert!(matches!(ends[..2], [Next::Ask(_), Next::Ask(_)]));
        assert_eq!(ends[2], Next::End(TaskOutcome::Malformed));
        assert!(TaskOutcome::Malformed.failure().is_some());
    }
}

#[test]
fn it_ends_at_its_limits_and_whoever_repeats_a_look_up_hears_so() {
    let mut task = begin(true);
    let mut last = Next::End(TaskOutcome::Gone);
    for n in 0..5 {
        let arguments = format!("{{\"words\": \"{n}\"}}");
        (last, _) = step(&mut task, answered("", &[("search", &arguments)]));
    }
    assert_eq!(last, Next::End(TaskOutcome::TurnLimit));
    let mut task = begin(true);
    let look = || answered("", &[("search", r#"{"words": "a"}"#)]);
    let ends: Vec<Next> = (0..4).map(|_| step(&mut task, look()).0).collect();
    assert_eq!(ends[3], Next::End(TaskOutcome::Malformed));
}

#[test]
fn what_goes_wrong_on_the_way_has_a_name() {
    let refused = |task: &mut Task, fault| step(task, Err(fault)).0;
    let mut task = begin(true);
    assert_eq!(
        refused(&mut task, PoolError::Late),
        Next::End(TaskOutcome::OutOfTime)
    );
    assert_eq!(
        refused(&mut task, PoolError::Nobody),
        Next::End(TaskOutcome::Unavailable)
    );
    // A prompt that is too long is tried shorter, a bounded number of times.
    let overflow = || PoolError::Wire(WireError::ContextOverflow("long".to_owned()));
    for _ in 0..3 {
        assert!(matches!(refused(&mut task, overflow()), Next::Ask(_)));
    }
    assert_eq!(
        refused(&mut task, overflow()),
        Next::End(TaskOutcome::Unavailable)
    );
}

#[test]
fn a_model_without_functions_writes_json() {
    let mut task = begin(false);
    let (next, said) = step(
        &mut task,
        answered(
            r#"{"skill": "ask_person", "args": {"question": "When?"}}"#,
            &[],
        ),
    );
    assert_eq!(next, Next::End(TaskOutcome::Asked));
    assert_eq!(said[0].text, "When?");
}
