-- Who shows which picture. The pictures themselves are files; a row without one says that it was taken away.
CREATE TABLE avatars (
    subject UUID NOT NULL PRIMARY KEY,
    hash BYTEA CHECK (length(hash) = 32),
    changed_ms BIGINT NOT NULL
);
