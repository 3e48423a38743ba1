-- What is kept beside acts.

-- The audit log, chained by hashes. It is only ever added to.
CREATE TABLE audit (
    no BIGINT NOT NULL PRIMARY KEY CHECK (no > 0),
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev BYTEA NOT NULL CHECK (octet_length(prev) = 32),
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32)
);

-- What came of requests with an Idempotency-Key.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL CHECK (octet_length(fingerprint) = 32),
    status BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);

-- Counters of hourly and daily limits. "window" is a word of SQL, hence `span`.
CREATE TABLE windows (
    subject TEXT NOT NULL,
    span TEXT NOT NULL,
    start_ms BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (subject, span)
);

-- Values by name.
CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE INDEX idempotency_by_expiry ON idempotency (expires_ms);

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only ever added to' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
