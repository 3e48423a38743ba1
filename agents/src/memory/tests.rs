use super::*;
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::memory::{Revision, RevisionError};

fn ada() -> AgentId {
    IdCodec::new(1).make(7)
}

fn texts(rows: &[&Row]) -> Vec<String> {
    rows.iter().map(|row| row.text.clone()).collect()
}

fn asked(text: &str) -> Question {
    Question::of(text, None)
}

fn observe(memory: &mut Memory, tick: u64, text: &str, importance: u8) {
    memory.add(tick, Kind::Observation, text, importance, None);
}

/// A memory that is kept, and what is kept of it.
fn kept() -> Memory {
    Memory::new(Embedder::Lexical, true)
}

fn records(writes: &[MemoryWrite]) -> Vec<MemoryRecord> {
    let records = writes.iter().filter_map(|write| match write {
        MemoryWrite::Row(record) => Some(record.clone()),
        MemoryWrite::Vector { .. } | MemoryWrite::Gone { .. } => None,
    });
    records.collect()
}

fn all(memory: &Memory) -> Vec<(u64, String)> {
    let query = MemoryQuery {
        most: ROWS_MAX,
        ..MemoryQuery::default()
    };
    let page = memory.page(&query).memories.into_iter();
    page.map(|memory| (memory.no, memory.text)).collect()
}

#[test]
fn what_is_asked_about_comes_first_and_the_future_never() {
    let mut memory = Memory::default();
    observe(&mut memory, 10, "The baker sold me two loaves of bread.", 3);
    observe(&mut memory, 20, "It rained on the bridge.", 3);
    observe(
        &mut memory,
        900,
        "The baker has run away with the bread money.",
        10,
    );
    let found = memory.find(&asked("bread from the baker"), 30, 6, 1);
    assert_eq!(texts(&found), ["The baker sold me two loaves of bread."]);
    assert_eq!(memory.find(&asked("bread"), 30, 6, 10).len(), 2);
}

#[test]
fn importance_and_recency_count_where_nothing_is_said_about_it() {
    let mut memory = Memory::default();
    observe(&mut memory, 0, "aaa", 1);
    observe(&mut memory, 0, "bbb", 9);
    observe(&mut memory, 14_400, "ccc", 1);
    let found = memory.find(&asked("something else entirely"), 14_400, 6, 3);
    assert_eq!(texts(&found), ["bbb", "ccc", "aaa"]);
}

#[test]
fn ties_go_by_number() {
    let mut memory = Memory::default();
    for text in ["one", "two", "three"] {
        observe(&mut memory, 5, text, 5);
    }
    let found = memory.find(&asked(""), 5, 6, 3);
    assert_eq!(texts(&found), ["one", "two", "three"]);
}

#[test]
fn meaning_finds_what_words_do_not() {
    let mut memory = Memory::new(Embedder::Model("m".to_owned()), false);
    observe(&mut memory, 1, "A hound barked at me.", 3);
    observe(&mut memory, 1, "The soup was cold.", 3);
    assert_eq!(memory.awaiting().len(), 2);
    memory.set_vector(0, vec![1.0, 0.1]);
    memory.set_vector(1, vec![0.1, 1.0]);
    assert!(memory.awaiting().is_empty());
    let question = Question::of("dogs", Some(vec![0.9, 0.0]));
    let found = memory.find(&question, 2, 6, 1);
    assert_eq!(texts(&found), ["A hound barked at me."]);
    let question = Question::of("dogs", Some(vec![0.0, 0.9]));
    let found = memory.find(&question, 2, 6, 1);
    assert_eq!(texts(&found), ["The soup was cold."]);
}

#[test]
fn what_one_thinks_of_those_who_are_near_comes_to_mind() {
    let mut memory = Memory::default();
    for (who, text) in [
        ("@bo", "@bo: not to be trusted"),
        ("@cy", "@cy: not to be trusted"),
    ] {
        memory.note(New {
            about: Some(who.to_owned()),
            ..New::own(1, Kind::Relationship, text)
        });
    }
    for near in ["@bo", "@cy"] {
        let question = asked("the market").about(vec![near.to_owned()]);
        let found = memory.find(&question, 2, 6, 1);
        assert_eq!(found[0].about.as_deref(), Some(near));
    }
}

#[test]
fn a_plan_takes_the_place_of_the_one_before() {
    let mut memory = kept();
    memory.add(1, Kind::Plan, "bake bread", 5, None);
    memory.add(2, Kind::DayPlan, "sell bread", 5, None);
    memory.add(3, Kind::Plan, "sleep", 5, None);
    assert_eq!(
        all(&memory),
        [(2, "sleep".to_owned()), (1, "sell bread".to_owned())]
    );
    assert!(
        memory
            .find(&asked("bread").without_plans(), 9, 6, 9)
            .is_empty()
    );
    let rows = records(&memory.take_unsaved(ada(), 5));
    assert_eq!(rows[2].replaces, [0]);
    assert_eq!(rows.len(), 3, "what was planned before stays on paper");
}

#[test]
fn the_same_again_is_not_remembered_twice() {
    let mut memory = Memory::default();
    assert_eq!(memory.add(1, Kind::Observation, "same", 5, None).len(), 1);
    for text in [" same ", "  "] {
        assert!(memory.add(2, Kind::Observation, text, 5, None).is_empty());
    }
}

#[test]
fn too_many_become_a_summary_that_keeps_its_source() {
    let mut memory = kept();
    for at in 0..=ROWS_MAX as u64 {
        let source = (at == 0).then(|| "@mallory".to_owned());
        let text = format!("thing number {at}");
        memory.add(at, Kind::Observation, &text, 2, source);
    }
    assert!(memory.len() <= ROWS_MAX);
    let summary = memory.newest(Kind::Summary).expect("one was due");
    assert!(summary.text.contains("thing number 0"));
    assert_eq!(
        summary.source.as_deref(),
        Some("several"),
        "others' words stay theirs"
    );
    assert_eq!(summary.replaces, (0..40).collect::<Vec<_>>());
    let long = "x".repeat(9_999);
    let row = &memory.add(9_999, Kind::Observation, &long, 99, None)[0];
    assert_eq!((row.text.len(), row.importance), (TEXT_CHARS_MAX, 10));
}

#[test]
fn a_restored_memory_is_the_same() {
    let mut memory = kept();
    let mut rows = Vec::new();
    for at in 0..900_u64 {
        let text = format!("bread and roses {at}");
        let importance = (at % 10) as u8;
        memory.add(at, Kind::Observation, &text, importance, None);
        if at % 7 == 0 {
            memory.add(at, Kind::Plan, &format!("plan {at}"), 5, None);
        }
        rows.extend(records(&memory.take_unsaved(ada(), at)));
    }
    memory.reflect(900, vec![]);
    let restored = Memory::restore(rows, Embedder::Lexical);
    assert_eq!(all(&restored), all(&memory));
    for question in ["roses", "plan 7", "bread 899", ""] {
        let find = |memory: &Memory| texts(&memory.find(&asked(question), 950, 6, 20));
        assert_eq!(find(&restored), find(&memory), "{question}");
    }
    assert_eq!(restored.next, memory.next);
    assert_eq!(restored.seen_tick, Some(899));
    assert!(restored.reflection_is_due(), "nobody reflected");
}

#[test]
fn looking_back_is_due_once_enough_has_happened() {
    let mut memory = kept();
    for at in 0..13 {
        assert!(!memory.reflection_is_due());
        observe(&mut memory, at, &format!("something grave, the {at}th"), 8);
    }
    assert!(memory.reflection_is_due());
    let evidence = memory.evidence(12);
    assert_eq!(evidence.len(), EVIDENCE_MAX);
    assert!(evidence.is_sorted_by_key(|row| row.no) && evidence.iter().all(|row| row.tick <= 12));
    memory.reflect(
        20,
        vec![Insight {
            text: "All is grave.".to_owned(),
            importance: 9,
            of: vec![1, 2],
        }],
    );
    assert!(!memory.reflection_is_due());
    let insight = memory.newest(Kind::Reflection).expect("it was kept");
    assert_eq!(
        (insight.of.as_slice(), insight.importance),
        (&[1, 2][..], 9)
    );
    let found = memory.find(&asked("nothing"), 20, 6, 1);
    assert_eq!(
        texts(&found),
        ["All is grave."],
        "insights come to mind first"
    );
    observe(&mut memory, 21, "one more", 5);
    assert_eq!(memory.evidence(21).len(), 1, "what is new since");
    let rows = records(&memory.take_unsaved(ada(), 21));
    assert!(!Memory::restore(rows, Embedder::Lexical).reflection_is_due());
}

#[test]
fn a_model_that_never_looks_back_is_left_alone() {
    let mut memory = Memory::default();
    for at in 0..13 {
        observe(&mut memory, at, &format!("grave {at}"), 8);
    }
    let asked = (0..9)
        .take_while(|_| {
            let due = memory.reflection_is_due();
            memory.asked_to_reflect();
            due
        })
        .count();
    assert_eq!(asked, 4);
}

#[test]
fn a_correction_takes_the_place_of_what_was_wrong() {
    let mut memory = kept();
    observe(&mut memory, 5, "Bo owes me three loaves.", 5);
    let correct = |text: Option<&str>, importance| Revision::Correct {
        no: 0,
        text: text.map(str::to_owned),
        importance,
    };
    let long = "x".repeat(501);
    for (text, importance) in [
        (Some("  "), None),
        (Some(long.as_str()), None),
        (None, Some(11)),
        (None, None),
    ] {
        let refused = memory.revise(ada(), 9, &correct(text, importance), &[]);
        assert!(
            matches!(refused, Err(RevisionError::Invalid(_))),
            "{refused:?}"
        );
    }
    let unknown = memory.revise(ada(), 9, &Revision::Erase { no: 99 }, &[]);
    assert_eq!(unknown, Err(RevisionError::Unknown));

    let revised = memory
        .revise(ada(), 9, &correct(Some("Bo owes me one loaf."), None), &[])
        .expect("good");
    assert_eq!(all(&memory).len(), 1, "nothing counts before it is kept");
    observe(&mut memory, 8, "It rains.", 1);
    assert!(memory.settle(&revised.writes));
    let found = all(&memory);
    assert_eq!(found[1], (1, "Bo owes me one loaf.".to_owned()));
    assert_eq!(found.len(), 2);
    let row = &records(&revised.writes)[0];
    assert_eq!(
        (row.tick, row.since, row.replaces.as_slice()),
        (5, 9, &[0][..])
    );
}

#[test]
fn what_is_erased_goes_with_all_that_stood_behind_it() {
    let mut memory = kept();
    memory.add(1, Kind::Plan, "a secret", 5, None);
    memory.add(2, Kind::Plan, "a secret still", 5, None);
    observe(&mut memory, 3, "harmless", 5);
    let paper = records(&memory.take_unsaved(ada(), 3));
    observe(&mut memory, 4, "another secret", 5);

    let revised = memory
        .revise(ada(), 9, &Revision::Erase { no: 1 }, &paper)
        .expect("good");
    assert_eq!(revised.gone, 2, "the plan and the one before it");
    let [MemoryWrite::Row(marker), MemoryWrite::Gone { nos, .. }] = &revised.writes[..] else {
        panic!("{revised:?}")
    };
    assert_eq!((marker.kind.as_str(), marker.text.as_str()), (ERASED, ""));
    assert_eq!(nos.as_deref(), Some(&[0, 1][..]));
    assert!(memory.settle(&revised.writes));
    assert_eq!(all(&memory).len(), 2);

    // What was not kept yet is never kept.
    let revised = memory
        .revise(ada(), 9, &Revision::Erase { no: 3 }, &paper)
        .expect("good");
    assert!(memory.settle(&revised.writes));
    assert!(memory.take_unsaved(ada(), 9).is_empty());

    memory.seen_tick = Some(4);
    let all_gone = memory
        .revise(ada(), 9, &Revision::EraseAll, &paper[2..])
        .expect("good");
    assert_eq!(all_gone.gone, 1);
    assert!(memory.settle(&all_gone.writes) && memory.is_empty());
    let kept = all_gone.writes.iter().filter_map(|write| match write {
        MemoryWrite::Row(row) => Some(row.clone()),
        _ => None,
    });
    let restored = Memory::restore(kept.collect(), Embedder::Lexical);
    assert!(restored.is_empty());
    assert_eq!(restored.seen_tick, Some(4), "it is not lived through again");
    observe(&mut memory, 10, "new", 1);
    assert_eq!(all(&memory)[0].0, 7, "no number is given twice");
}

#[test]
fn what_was_summarised_meanwhile_is_erased_again() {
    let mut memory = kept();
    for at in 0..ROWS_MAX as u64 {
        observe(&mut memory, at, &format!("thing {at}"), 2);
    }
    let paper = records(&memory.take_unsaved(ada(), 0));
    let revised = memory
        .revise(ada(), 9, &Revision::Erase { no: 3 }, &paper)
        .expect("good");
    observe(&mut memory, 999, "one too many", 2);
    assert!(!memory.settle(&revised.writes), "a summary has its words");
}

#[test]
fn pages_follow_each_other_and_words_rank() {
    let mut memory = Memory::default();
    for at in 0..10 {
        observe(&mut memory, at, &format!("bread number {at}"), 2);
    }
    memory.add(11, Kind::Reflection, "roses, roses, and no bread", 2, None);
    let query = MemoryQuery {
        most: 4,
        ..MemoryQuery::default()
    };
    let nos = |query: &MemoryQuery| -> (Vec<u64>, bool) {
        let page = memory.page(query);
        (
            page.memories.iter().map(|memory| memory.no).collect(),
            page.more,
        )
    };
    assert_eq!(nos(&query), (vec![10, 9, 8, 7], true));
    let next = MemoryQuery {
        below: Some(7),
        most: 9,
        ..query.clone()
    };
    assert_eq!(nos(&next).0, [6, 5, 4, 3, 2, 1, 0]);
    let of_kind = MemoryQuery {
        kind: Some("reflection".to_owned()),
        ..query.clone()
    };
    assert_eq!(nos(&of_kind), (vec![10], false));
    let words = MemoryQuery {
        words: Some("Roses?".to_owned()),
        ..query.clone()
    };
    assert_eq!(nos(&words), (vec![10], false));
    let second = MemoryQuery {
        words: Some("bread".to_owned()),
        skip: 9,
        ..query
    };
    assert_eq!(nos(&second).0.len(), 2);
}

#[test]
fn what_looks_like_a_key_is_not_written_down() {
    let mut memory = kept();
    let key = format!("sk-proj-{}", "Zx9Kq2Lm8Vt4Rb7Nw3Yp6Hd1".repeat(2));
    observe(&mut memory, 1, &format!("Keep this for me: {key}"), 5);
    let rows = records(&memory.take_unsaved(ada(), 1));
    assert!(rows[0].text.starts_with("[left out"), "{rows:?}");
    assert!(!rows[0].text.contains("Zx9Kq2"));
}

#[test]
fn a_key_across_the_end_of_what_is_remembered_is_not_kept_in_part() {
    let mut memory = kept();
    let key = format!("sk-proj-{}", "Zx9Kq2Lm8Vt4Rb7Nw3Yp6Hd1".repeat(2));
    let text = format!("Hello.\n{}{key}", "bread ".repeat(80));
    let cut: String = text.chars().take(TEXT_CHARS_MAX).collect();
    assert!(cut.ends_with("sk-proj-Zx9Kq"), "{cut}");
    observe(&mut memory, 1, &text, 5);
    let rows = records(&memory.take_unsaved(ada(), 1));
    let text = &rows[0].text;
    assert!(text.starts_with("Hello.\n[left out"), "{text}");
    assert!(!text.contains("sk-proj"), "{text}");
}

#[test]
fn what_was_erased_while_it_could_not_be_kept_stays_erased() {
    let mut memory = kept();
    for at in 0..3 {
        observe(&mut memory, at, &format!("the {at}th secret"), 5);
    }
    let writes = memory.take_unsaved(ada(), 3);
    let revised = memory
        .revise(ada(), 4, &Revision::Erase { no: 1 }, &records(&writes))
        .expect("it is in mind");
    assert!(memory.settle(&revised.writes));
    // Only now does whoever keeps memories say that it did not go.
    memory.put_back(writes);
    let again = memory.take_unsaved(ada(), 5);
    let nos = |writes: &[MemoryWrite]| -> Vec<u64> {
        records(writes).iter().map(|record| record.no).collect()
    };
    assert_eq!(nos(&again), [0, 2]);
    memory.were_kept(&again);
    assert!(memory.take_unsaved(ada(), 6).is_empty());
}

#[test]
fn what_waits_for_too_long_goes_oldest_first() {
    let mut memory = kept();
    for at in 0..2_100 {
        observe(&mut memory, at, &format!("moment {at}"), 5);
        if at % 300 == 0 {
            let writes = memory.take_unsaved(ada(), at);
            memory.put_back(writes);
        }
    }
    let writes = memory.take_unsaved(ada(), 2_100);
    let newest = records(&writes).last().map(|record| record.no);
    memory.put_back(writes);
    let waiting = records(&memory.take_unsaved(ada(), 2_100));
    assert_eq!(waiting.len(), 2_000);
    assert_eq!(waiting.last().map(|record| record.no), newest);
    assert!(
        newest >= Some(2_100) && waiting[0].no > 0,
        "the first is gone"
    );
}
