//! The schema's history, embedded: the same names for both databases.

use hamlet_protocol::RULES_VERSION;
use sqlx::SqlStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::error::StoreError;

/// A migration: its number, what it is about, and its text for SQLite and for PostgreSQL.
struct Entry {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! entry {
    ($version:literal, $name:literal) => {
        Entry {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// Every migration there is, oldest first. Never change one that was released: add another.
const ENTRIES: &[Entry] = &[
    entry!(1, "0001_world"),
    entry!(2, "0002_history"),
    entry!(3, "0003_identity"),
    entry!(4, "0004_side"),
    entry!(5, "0005_board"),
    entry!(6, "0006_communities"),
    entry!(7, "0007_social"),
    entry!(8, "0008_moderation"),
    entry!(9, "0009_pictures"),
    entry!(10, "0010_search"),
    entry!(11, "0011_reputation"),
    entry!(12, "0012_ledger"),
    entry!(13, "0013_webhooks"),
    entry!(14, "0014_memories"),
    entry!(15, "0015_tasks"),
    entry!(16, "0016_tags"),
];

/// The newest schema that this program knows.
pub const SCHEMA: i64 = ENTRIES[ENTRIES.len() - 1].version;

/// The numbers of migrations a database has had; it fails where it never had any.
pub(crate) const APPLIED: &str = "SELECT MAX(version) FROM _sqlx_migrations";

/// The first migration's name, by which our tables are known from another program's.
pub(crate) const FIRST: &str = ENTRIES[0].name;

/// Every table of a schema on PostgreSQL, in the order in which they were made: those that others refer to come first.
pub(crate) fn tables(schema: i64) -> Vec<&'static str> {
    made(schema, "CREATE TABLE ")
}

/// Every function of a schema on PostgreSQL; none has parameters.
pub(crate) fn functions(schema: i64) -> Vec<&'static str> {
    made(schema, "CREATE FUNCTION ")
}

fn made(schema: i64, how: &str) -> Vec<&'static str> {
    ENTRIES
        .iter()
        .filter(|entry| entry.version <= schema)
        .flat_map(|entry| entry.postgres.lines())
        .filter_map(|line| line.strip_prefix(how)?.split([' ', '(']).next())
        .collect()
}

pub(crate) fn sqlite() -> Migrator {
    migrator(|entry| entry.sqlite)
}

pub(crate) fn postgres() -> Migrator {
    migrator(|entry| entry.postgres)
}

fn migrator(sql: impl Fn(&Entry) -> &'static str) -> Migrator {
    let migrations = ENTRIES
        .iter()
        .map(|entry| {
            Migration::new(
                entry.version,
                entry.name.into(),
                MigrationType::Simple,
                SqlStr::from_static(sql(entry)),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
}

/// Refuses a schema that is newer than this program.
pub(crate) fn refuse_newer(found: Option<i64>) -> Result<(), StoreError> {
    match found {
        Some(found) if found > SCHEMA => Err(StoreError::NewerSchema {
            found,
            known: SCHEMA,
        }),
        _ => Ok(()),
    }
}

/// Refuses, for whoever only looks, a schema that is older than this program: what it asks for may not be there yet.
pub(crate) fn refuse_older(found: Option<i64>) -> Result<(), StoreError> {
    match found {
        Some(found) if found >= SCHEMA => Ok(()),
        _ => Err(StoreError::Unsupported {
            hint: format!(
                "it has schema {} and this program knows {SCHEMA}: use the program of the version that serves it, or start this one's server once, which brings it up to date",
                found.unwrap_or(0)
            ),
        }),
    }
}

/// The first schema whose images say by which rules they were made; before it there was only one version of the rules.
const RULES_SINCE: i64 = 5;

/// Asks for the rules of the newest image, and whether the world lived on after it.
pub(crate) fn newest_image(found: i64) -> String {
    let rules = if found < RULES_SINCE { "1" } else { "i.rules" };
    format!(
        "SELECT CAST({rules} AS BIGINT), \
         CAST(CASE WHEN h.tick > i.tick OR h.next_frame > i.next_frame THEN 1 ELSE 0 END AS BIGINT) \
         FROM images i CROSS JOIN head h WHERE i.complete = 1 ORDER BY i.id DESC LIMIT 1"
    )
}

/// Refuses a world that other rules left in the middle of its life, before anything of it is changed:
/// its journal's tail can only be run by the program that wrote it.
pub(crate) fn refuse_other_rules(newest: Option<(i64, i64)>) -> Result<(), StoreError> {
    match newest {
        Some((found, tail)) if found != i64::from(RULES_VERSION) && tail != 0 => {
            Err(StoreError::OtherRules { found })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Names of the files of a folder under `migrations`.
    fn files(folder: &str) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../migrations")
            .join(folder);
        let mut names: Vec<String> = std::fs::read_dir(path)
            .expect("the folder is there")
            .map(|entry| {
                let name = entry.expect("it is readable").file_name();
                name.into_string().expect("names are UTF-8")
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn both_databases_have_the_same_migrations_and_all_are_embedded() {
        let embedded: Vec<String> = ENTRIES
            .iter()
            .map(|entry| format!("{}.sql", entry.name))
            .collect();
        assert_eq!(files("sqlite"), embedded);
        assert_eq!(files("postgres"), embedded);
        assert!(ENTRIES.is_sorted_by(|a, b| a.version < b.version));
        for Entry { version, name, .. } in ENTRIES {
            assert!(name.starts_with(&format!("{version:04}_")), "{name}");
        }
    }

    #[test]
    fn tables_and_functions_are_read_off_the_migrations() {
        assert_eq!(tables(1), ["head", "frames", "images", "image_chunks"]);
        assert!(tables(SCHEMA).contains(&"task_messages"));
        assert_eq!(functions(3), Vec::<&str>::new());
        assert_eq!(functions(4), ["audit_refuse"]);
        // What they cannot read off would be missing in a backup.
        for Entry { postgres, name, .. } in ENTRIES {
            for word in [
                "DROP TABLE",
                "RENAME",
                "SEQUENCE",
                "SERIAL",
                "CREATE TYPE",
                "CREATE VIEW",
                "CREATE TABLE IF",
            ] {
                assert!(!postgres.contains(word), "{name}: {word}");
            }
        }
    }

    /// A migration somebody's database has had must stay what it was. A new one adds its two lines to the fixture.
    #[test]
    fn no_migration_was_changed() {
        let kept = include_str!("../tests/fixtures/migrations.txt");
        let mut now = String::new();
        for (dialect, migrator) in [("sqlite", sqlite()), ("postgres", postgres())] {
            for migration in migrator.iter() {
                let hash: String = migration
                    .checksum
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                now.push_str(&format!("{dialect} {} {hash}\n", migration.description));
            }
        }
        assert_eq!(now, kept, "a released migration is never edited: add one");
    }
}
