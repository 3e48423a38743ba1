-- Projections of events, for queries. Nothing here is read back into the world.

-- Every durable event.
CREATE TABLE events (
    seq INTEGER NOT NULL PRIMARY KEY,
    tick INTEGER NOT NULL,
    stamp_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    agent BLOB,
    body TEXT NOT NULL
) STRICT;

-- Everybody who ever lived in the town.
CREATE TABLE agents (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    mind TEXT NOT NULL,
    template TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    joined_ms INTEGER NOT NULL,
    left_ms INTEGER
) STRICT;

-- Posts with their texts.
CREATE TABLE posts (
    id BLOB NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    tick INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    author BLOB,
    submolt TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    up INTEGER NOT NULL,
    down INTEGER NOT NULL,
    score INTEGER NOT NULL
) STRICT;

-- Comments with their texts.
CREATE TABLE comments (
    id BLOB NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    tick INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    post BLOB NOT NULL,
    parent BLOB,
    author BLOB NOT NULL,
    depth INTEGER NOT NULL,
    text TEXT NOT NULL,
    up INTEGER NOT NULL,
    down INTEGER NOT NULL,
    score INTEGER NOT NULL
) STRICT;

-- Who voted how, now; 0: taken back.
CREATE TABLE votes (
    agent BLOB NOT NULL,
    target BLOB NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('post', 'comment')),
    value INTEGER NOT NULL CHECK (value BETWEEN -1 AND 1),
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (agent, target)
) STRICT, WITHOUT ROWID;

-- Who follows whom; `active` is 0 where they stopped.
CREATE TABLE follows (
    agent BLOB NOT NULL,
    target BLOB NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (agent, target)
) STRICT, WITHOUT ROWID;

CREATE INDEX posts_by_author ON posts (author, seq);
CREATE INDEX comments_by_post ON comments (post, seq);
CREATE INDEX comments_by_author ON comments (author, seq);
CREATE INDEX follows_by_target ON follows (target);
