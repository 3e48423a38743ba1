//! Which database an address names.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use crate::error::StoreError;

/// A database, found from its address.
pub(crate) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server. Its options hold the password: they are never shown.
    Postgres(Box<PgConnectOptions>),
}

const FORMS: &str =
    "write sqlite:///path/file.db, sqlite://relative.db or postgres://user@host/name";

impl Address {
    /// Reads an address. The error never repeats it, for there may be a password in it.
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = url
            .split_once(':')
            .ok_or_else(|| hint(&format!("it has no scheme; {FORMS}")))?;
        match scheme {
            "sqlite" => sqlite(rest).map(Self::Sqlite),
            "postgres" | "postgresql" => PgConnectOptions::from_str(url)
                .map(|options| Self::Postgres(Box::new(options)))
                .map_err(|_may_show_a_password| {
                    hint("it begins like one of PostgreSQL but is none; write postgres://user@host:port/name, and escape what is special in the password as in any URL")
                }),
            _ => Err(hint(&format!("its scheme is unknown; {FORMS}"))),
        }
    }
}

fn sqlite(rest: &str) -> Result<PathBuf, StoreError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path == ":memory:" {
        return Err(hint(
            "a village needs a file, it must outlive the process; write sqlite:///path/file.db",
        ));
    }
    if path.contains('?') {
        return Err(hint(
            "a file's address has no parameters; durability and the like are settings",
        ));
    }
    if Path::new(path).is_dir() {
        return Err(hint(
            "that is a folder; write the database's file name behind it",
        ));
    }
    Ok(PathBuf::from(path))
}

fn hint(hint: &str) -> StoreError {
    StoreError::Url {
        hint: hint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        match Address::parse(url) {
            Ok(_) => panic!("{url} was taken"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn files_are_absolute_or_relative() {
        for (url, path) in [
            ("sqlite:///var/hamlet.db", "/var/hamlet.db"),
            ("sqlite://hamlet.db", "hamlet.db"),
            ("sqlite:hamlet.db", "hamlet.db"),
        ] {
            let Ok(Address::Sqlite(found)) = Address::parse(url) else {
                panic!("{url} was refused")
            };
            assert_eq!(found, Path::new(path));
        }
    }

    #[test]
    fn a_refusal_says_what_to_write_and_never_the_password() {
        assert!(refused("hamlet.db").contains("sqlite:///path/file.db"));
        assert!(refused("mysql://x").contains("postgres://user@host/name"));
        assert!(refused("sqlite::memory:").contains("must outlive"));
        let refusal = refused("postgres://me:s3cret@host:port/name");
        assert!(!refusal.contains("s3cret"), "{refusal}");
    }
}
