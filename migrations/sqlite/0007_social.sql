-- What members have with one another. Projections of events, for queries; nothing here is read back into the world.

-- What members were told.
CREATE TABLE notifications (
    id BLOB NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    agent BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    author BLOB,
    post BLOB,
    comment BLOB,
    chat BLOB,
    amount INTEGER NOT NULL,
    text TEXT NOT NULL,
    read_ms INTEGER
) STRICT;

-- Conversations of two, and groups.
CREATE TABLE chats (
    id BLOB NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT;

-- Who is in them, or was; `since` is the number of the first message they may read.
CREATE TABLE chat_members (
    chat BLOB NOT NULL,
    agent BLOB NOT NULL,
    role TEXT NOT NULL,
    since INTEGER NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_ms INTEGER NOT NULL,
    read_no INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (chat, agent)
) STRICT, WITHOUT ROWID;

-- Messages with their texts.
CREATE TABLE messages (
    id BLOB NOT NULL PRIMARY KEY,
    no INTEGER NOT NULL,
    chat BLOB NOT NULL,
    author BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    needs_human INTEGER NOT NULL
) STRICT;

-- Who blocks and mutes whom; `active` is 0 where they stopped.
CREATE TABLE ignores (
    agent BLOB NOT NULL,
    target BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('block', 'mute')),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (agent, target, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX notifications_by_agent ON notifications (agent, seq);
CREATE INDEX messages_by_chat ON messages (chat, no);
CREATE INDEX messages_by_author ON messages (author);
