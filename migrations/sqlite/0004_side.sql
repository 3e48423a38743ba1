-- What is kept beside acts.

-- The audit log, chained by hashes. It is only ever added to.
CREATE TABLE audit (
    no INTEGER NOT NULL PRIMARY KEY CHECK (no > 0),
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev BLOB NOT NULL CHECK (length(prev) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- What came of requests with an Idempotency-Key.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;

-- Counters of hourly and daily limits. "window" is a word of SQL, hence `span`.
CREATE TABLE windows (
    subject TEXT NOT NULL,
    span TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (subject, span)
) STRICT, WITHOUT ROWID;

-- Values by name.
CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_expiry ON idempotency (expires_ms);

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
