//! The folder on a real disk.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_new_folder_is_made_with_its_parents() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("a/b");
    let folder = OutputFolder::prepare(&dir, false).unwrap();
    assert_eq!(folder.path("x"), dir.join("x"));
    assert!(names(&dir).is_empty());
}

#[test]
fn a_folder_with_files_is_refused_unless_forced() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("mine.txt"), "mine").unwrap();
    fs::write(temp.path().join("report.html"), "old").unwrap();
    fs::write(temp.path().join("events.parquet.partial"), "torn").unwrap();
    let error = OutputFolder::prepare(temp.path(), false).unwrap_err();
    assert!(matches!(error, OutputError::NotEmpty { .. }));
    assert!(error.to_string().contains("--force"), "{error}");
    OutputFolder::prepare(temp.path(), true).unwrap();
    assert_eq!(names(temp.path()), ["mine.txt", "report.html"]);
}

#[cfg(unix)]
#[test]
fn what_a_dead_run_left_unfinished_is_cleared_away_and_nothing_else_is() {
    let temp = tempfile::tempdir().unwrap();
    let torn = ["events.parquet", "journal.hj"];
    for name in torn {
        fs::write(temp.path().join(format!("{name}.partial")), "torn").unwrap();
    }
    fs::write(temp.path().join(PROBE), "probe").unwrap();
    // A run that is still alive keeps them.
    let alive = lock(temp.path()).unwrap();
    let error = OutputFolder::prepare(temp.path(), false).unwrap_err();
    assert!(matches!(error, OutputError::Busy { .. }));
    assert_eq!(names(temp.path()).len(), 3);
    drop(alive);
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    assert_eq!(folder.swept(), 2);
    assert!(names(temp.path()).is_empty());
    drop(folder);
    // Files that are whole, or somebody else's, are not a dead run's.
    for name in ["journal.hj", "thesis.partial"] {
        fs::write(temp.path().join(name), "kept").unwrap();
        fs::write(temp.path().join("events.csv.partial"), "torn").unwrap();
        let error = OutputFolder::prepare(temp.path(), false).unwrap_err();
        assert!(matches!(error, OutputError::NotEmpty { .. }), "{name}");
        assert_eq!(names(temp.path()).len(), 2, "{name}");
        fs::remove_file(temp.path().join(name)).unwrap();
    }
}

#[test]
fn a_file_in_the_way_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("out");
    fs::write(&path, "a file").unwrap();
    let error = OutputFolder::prepare(&path, true).unwrap_err();
    assert!(matches!(error, OutputError::NotAFolder { .. }));
    let error = OutputFolder::prepare(&path.join("deeper"), true).unwrap_err();
    assert!(error.to_string().contains("--out"), "{error}");
}

#[cfg(unix)]
#[test]
fn two_runs_do_not_share_a_folder() {
    let temp = tempfile::tempdir().unwrap();
    let first = OutputFolder::prepare(temp.path(), false).unwrap();
    let error = OutputFolder::prepare(temp.path(), true).unwrap_err();
    assert!(matches!(error, OutputError::Busy { .. }));
    drop(first);
    OutputFolder::prepare(temp.path(), false).unwrap();
}

#[test]
fn a_file_has_its_name_only_when_it_is_whole() {
    let temp = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    let mut file = folder.create("final.image").unwrap();
    file.write_all(b"half").unwrap();
    assert_eq!(names(temp.path()), ["final.image.partial"]);
    file.write_all(b" and half").unwrap();
    file.commit().unwrap();
    assert_eq!(names(temp.path()), ["final.image.partial"]);
    folder.publish().unwrap();
    assert_eq!(names(temp.path()), ["final.image"]);
    assert_eq!(
        fs::read(folder.path("final.image")).unwrap(),
        b"half and half"
    );
}

#[test]
fn after_an_error_the_old_file_stands_and_no_partial_does() {
    let temp = tempfile::tempdir().unwrap();
    let mut folder = OutputFolder::prepare(temp.path(), false).unwrap();
    let write = |folder: &OutputFolder, text: &'static [u8]| {
        folder.write_atomic("summary.json", |out| out.write_all(text))
    };
    write(&folder, b"old").unwrap();
    folder.publish().unwrap();
    folder.limit(2);
    let error = write(&folder, b"new").unwrap_err().to_string();
    assert!(error.contains("summary.json"), "{error}");
    assert!(error.contains("the disk is full: make room"), "{error}");
    assert_eq!(names(temp.path()), ["summary.json"]);
    assert_eq!(fs::read(folder.path("summary.json")).unwrap(), b"old");
}

#[test]
fn a_folder_of_a_files_name_is_refused_at_the_start() {
    let temp = tempfile::tempdir().unwrap();
    fs::create_dir(temp.path().join("report.html")).unwrap();
    let error = OutputFolder::prepare(temp.path(), true).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("report.html"), "{error}");
    assert!(error.contains("move that folder away"), "{error}");
}

#[test]
fn what_was_ready_vanishes_with_a_folder_that_is_never_published() {
    let temp = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    folder
        .write_atomic("summary.json", |out| out.write_all(b"whole"))
        .unwrap();
    assert_eq!(names(temp.path()), ["summary.json.partial"]);
    drop(folder);
    assert!(names(temp.path()).is_empty());
}
