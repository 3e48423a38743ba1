-- Who shows which picture. The pictures themselves are files; a row without one says that it was taken away.
CREATE TABLE avatars (
    subject BLOB NOT NULL PRIMARY KEY,
    hash BLOB CHECK (length(hash) = 32),
    changed_ms INTEGER NOT NULL
) STRICT;
