-- Projections of events, for queries. Nothing here is read back into the world.

-- Every durable event.
CREATE TABLE events (
    seq BIGINT NOT NULL PRIMARY KEY,
    tick BIGINT NOT NULL,
    stamp_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    agent UUID,
    body TEXT NOT NULL
);

-- Everybody who ever lived in the town.
CREATE TABLE agents (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    mind TEXT NOT NULL,
    template TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    joined_ms BIGINT NOT NULL,
    left_ms BIGINT
);

-- Posts with their texts.
CREATE TABLE posts (
    id UUID NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL UNIQUE,
    tick BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    author UUID,
    submolt TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    up BIGINT NOT NULL,
    down BIGINT NOT NULL,
    score BIGINT NOT NULL
);

-- Comments with their texts.
CREATE TABLE comments (
    id UUID NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    tick BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    post UUID NOT NULL,
    parent UUID,
    author UUID NOT NULL,
    depth BIGINT NOT NULL,
    text TEXT NOT NULL,
    up BIGINT NOT NULL,
    down BIGINT NOT NULL,
    score BIGINT NOT NULL
);

-- Who voted how, now; 0: taken back.
CREATE TABLE votes (
    agent UUID NOT NULL,
    target UUID NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('post', 'comment')),
    value BIGINT NOT NULL CHECK (value BETWEEN -1 AND 1),
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (agent, target)
);

-- Who follows whom; `active` is 0 where they stopped.
CREATE TABLE follows (
    agent UUID NOT NULL,
    target UUID NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (agent, target)
);

CREATE INDEX posts_by_author ON posts (author, seq);
CREATE INDEX comments_by_post ON comments (post, seq);
CREATE INDEX comments_by_author ON comments (author, seq);
CREATE INDEX follows_by_target ON follows (target);
