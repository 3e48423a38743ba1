use super::*;

fn texts(rows: &[&Row]) -> Vec<String> {
    rows.iter().map(|row| row.text.clone()).collect()
}

#[test]
fn what_is_asked_about_comes_first_and_the_future_never() {
    let mut memory = Memory::default();
    memory.add(
        10,
        Kind::Observation,
        "The baker sold me two loaves of bread.",
        3,
        None,
    );
    memory.add(20, Kind::Observation, "It rained on the bridge.", 3, None);
    memory.add(
        900,
        Kind::Observation,
        "The baker has run away with the bread money.",
        10,
        None,
    );
    let found = memory.find("bread from the baker", 30, 6, 1);
    assert_eq!(texts(&found), ["The baker sold me two loaves of bread."]);
    assert_eq!(memory.find("bread", 30, 6, 10).len(), 2);
}

#[test]
fn importance_and_recency_count_where_nothing_is_said_about_it() {
    let mut memory = Memory::default();
    memory.add(0, Kind::Observation, "aaa", 1, None);
    memory.add(0, Kind::Observation, "bbb", 9, None);
    memory.add(14_400, Kind::Observation, "ccc", 1, None);
    let found = memory.find("something else entirely", 14_400, 6, 3);
    assert_eq!(texts(&found), ["bbb", "ccc", "aaa"]);
}

#[test]
fn ties_go_by_number() {
    let mut memory = Memory::default();
    for text in ["one", "two", "three"] {
        memory.add(5, Kind::Plan, text, 5, None);
    }
    assert_eq!(texts(&memory.find("", 5, 6, 3)), ["one", "two", "three"]);
}

#[test]
fn the_same_again_is_not_remembered_twice() {
    let mut memory = Memory::default();
    assert_eq!(memory.add(1, Kind::Observation, "same", 5, None).len(), 1);
    assert!(
        memory
            .add(2, Kind::Observation, " same ", 5, None)
            .is_empty()
    );
    assert!(memory.add(2, Kind::Observation, "  ", 5, None).is_empty());
}

#[test]
fn too_many_become_a_summary_that_keeps_its_source() {
    let mut memory = Memory::default();
    for at in 0..=ROWS_MAX as u64 {
        let source = (at == 0).then(|| "@mallory".to_owned());
        memory.add(
            at,
            Kind::Observation,
            &format!("thing number {at}"),
            2,
            source,
        );
    }
    assert!(memory.len() <= ROWS_MAX);
    let summary = memory.newest(Kind::Summary).expect("one was due");
    assert!(summary.text.contains("thing number 0"));
    assert_eq!(
        summary.source.as_deref(),
        Some("several"),
        "others' words stay theirs"
    );
    assert!(
        memory.add(
            9_999,
            Kind::Observation,
            "x".repeat(9_999).as_str(),
            99,
            None
        )[0]
        .text
        .len()
            <= TEXT_CHARS_MAX
    );
}

#[test]
fn a_restored_memory_finds_the_same() {
    let mut memory = Memory::default();
    for at in 0..50_u64 {
        memory.add(
            at,
            Kind::Observation,
            &format!("bread and roses {at}"),
            (at % 10) as u8,
            None,
        );
    }
    let rows = memory.rows.iter().map(|row| {
        (
            row.no,
            row.tick,
            row.kind,
            row.text.clone(),
            row.importance,
            row.source.clone(),
        )
    });
    let restored = Memory::restore(rows.collect());
    assert_eq!(
        texts(&memory.find("roses", 60, 6, 9)),
        texts(&restored.find("roses", 60, 6, 9))
    );
    assert_eq!(restored.next, memory.next);
}
