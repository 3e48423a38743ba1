//! What can go wrong, and what to do about it.

use hamlet_protocol::RULES_VERSION;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another server has this world.
    #[error(
        "another server has this world: stop it, or give this one a database of its own (--db, --data)"
    )]
    InUse,
    /// This server had the world, and another took it since.
    #[error("another server took this world over: this one must stop")]
    Fenced,
    /// The database was written by a later version.
    #[error(
        "the database has schema {found}, this program knows {known}: start the newer program, or restore a backup from before the upgrade"
    )]
    NewerSchema {
        /// Its schema's number.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
    /// Another version of the rules left the world in the middle of its life.
    #[error(
        "the world here lived by rules {found} and was not stopped cleanly: start the version that it lived by once and stop it (Ctrl-C), then this one (rules {RULES_VERSION}) goes on with it"
    )]
    OtherRules {
        /// Its rules.
        found: i64,
    },
    /// The database cannot be reached or does not answer for now.
    #[error(
        "the database is unavailable ({what}): what was acknowledged is safe; it is tried again"
    )]
    Unavailable {
        /// What was seen.
        what: String,
    },
    /// No space is left.
    #[error("the database has no space left ({what}): free some, the store goes on by itself")]
    Full {
        /// What was seen.
        what: String,
    },
    /// The database is damaged.
    #[error("the database is damaged ({what}): stop the server and restore a backup")]
    Corrupt {
        /// What was seen.
        what: String,
    },
    /// The address of the database is none.
    #[error("the address of the database is not usable: {hint}")]
    Url {
        /// What to write instead.
        hint: String,
    },
    /// This database cannot do it.
    #[error("not possible on this database: {hint}")]
    Unsupported {
        /// What to do instead.
        hint: String,
    },
    /// The database has a village where none may be.
    #[error(
        "the database has a village already: restore into an empty one, or end that village with `hamlet admin reset`"
    )]
    Occupied,
    /// What a village on PostgreSQL should be restored from is damaged, or something else.
    #[error("it is no copy of a village on PostgreSQL: {what}")]
    Dump {
        /// What is wrong with it.
        what: String,
    },
    /// The database refused a statement: a bug of ours, or a schema that was changed by hand.
    #[error("the database refused: {what}")]
    Sql {
        /// What it said.
        what: String,
    },
}

/// Why a batch was not committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another server has the world: nothing of the batch is there, and nothing of this server ever will be.
    #[error("another server took this world over: this one must stop")]
    Fenced,
    /// Commit the very same batch again later. All of it or nothing is there; what is there is not written twice.
    #[error(transparent)]
    Unavailable(StoreError),
    /// The batch can never be committed: a bug. Nothing of it is there.
    #[error("a batch that cannot be committed: {0}")]
    Invalid(StoreError),
}
