//! What the server measures of itself is what the documentation says.

use std::collections::BTreeSet;

use crate::app::TestApp;

const DOCUMENTED: &str = include_str!("../../docs/OPERATIONS.md");

/// Names of the table in the documentation.
fn documented() -> BTreeSet<&'static str> {
    let rows = DOCUMENTED.lines();
    let names = rows.filter_map(|row| row.strip_prefix("| `")?.split_once('`'));
    let names = names.map(|(name, _meaning)| name);
    names.filter(|name| name.starts_with("hamlet_")).collect()
}

/// The number behind a line's name.
fn number(text: &str, line: &str) -> f64 {
    let mut lines = text.lines();
    let found = lines.find_map(|it| it.strip_prefix(line)?.strip_prefix(' '));
    let found = found.unwrap_or_else(|| panic!("no {line} in\n{text}"));
    found.parse().expect("it is a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_that_is_documented_is_measured_and_no_other() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    test.note(&ada, "Fresh bread").await;
    test.tick(2).await;
    let got = test.get("/metrics", None).await;
    let text = got.json.as_str().expect("it is text");
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let measured: BTreeSet<&str> = types.filter_map(|it| it.split(' ').next()).collect();
    assert_eq!(measured, documented());
    for line in [
        "hamlet_commits_total",
        "hamlet_rows_written_total",
        "hamlet_commit_seconds_count",
        "hamlet_tick_seconds_count",
        "hamlet_database_operations",
        "hamlet_ticks",
    ] {
        assert!(number(text, line) > 0.0, "{line} in\n{text}");
    }
    test.stop().await;
}
