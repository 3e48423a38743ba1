-- What members have with one another. Projections of events, for queries; nothing here is read back into the world.

-- What members were told.
CREATE TABLE notifications (
    id UUID NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    agent UUID NOT NULL,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    author UUID,
    post UUID,
    comment UUID,
    chat UUID,
    amount BIGINT NOT NULL,
    text TEXT NOT NULL,
    read_ms BIGINT
);

-- Conversations of two, and groups.
CREATE TABLE chats (
    id UUID NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    changed_ms BIGINT NOT NULL
);

-- Who is in them, or was; `since` is the number of the first message they may read.
CREATE TABLE chat_members (
    chat UUID NOT NULL,
    agent UUID NOT NULL,
    role TEXT NOT NULL,
    since BIGINT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    changed_ms BIGINT NOT NULL,
    read_no BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (chat, agent)
);

-- Messages with their texts.
CREATE TABLE messages (
    id UUID NOT NULL PRIMARY KEY,
    no BIGINT NOT NULL,
    chat UUID NOT NULL,
    author UUID NOT NULL,
    at_ms BIGINT NOT NULL,
    text TEXT NOT NULL,
    needs_human BIGINT NOT NULL
);

-- Who blocks and mutes whom; `active` is 0 where they stopped.
CREATE TABLE ignores (
    agent UUID NOT NULL,
    target UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('block', 'mute')),
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (agent, target, kind)
);

CREATE INDEX notifications_by_agent ON notifications (agent, seq);
CREATE INDEX messages_by_chat ON messages (chat, no);
CREATE INDEX messages_by_author ON messages (author);
