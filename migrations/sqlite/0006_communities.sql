-- Communities of the board, who is what in them, and their labels.

CREATE TABLE submolts (
    slug TEXT NOT NULL PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    creator BLOB,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    rules TEXT NOT NULL,
    icon TEXT NOT NULL,
    banner TEXT NOT NULL,
    banner_color TEXT NOT NULL,
    theme_color TEXT NOT NULL,
    is_nsfw INTEGER NOT NULL CHECK (is_nsfw IN (0, 1)),
    allow_crypto INTEGER NOT NULL CHECK (allow_crypto IN (0, 1)),
    quarantined INTEGER NOT NULL CHECK (quarantined IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Communities from before they had rows: those that somebody posted in.
INSERT INTO submolts (slug, created_ms, creator, display_name, description, rules, icon, banner, banner_color, theme_color, is_nsfw, allow_crypto, quarantined)
SELECT submolt, MIN(created_ms), NULL, submolt, '', '', '', '', '', '', 0, 0, 0 FROM posts GROUP BY submolt;

-- Who owns or moderates a community; `role` is `none` where they no longer do.
CREATE TABLE moderators (
    submolt TEXT NOT NULL,
    agent BLOB NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'moderator', 'none')),
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (submolt, agent)
) STRICT, WITHOUT ROWID;

-- Who subscribes to what; `active` is 0 where they stopped.
CREATE TABLE subscriptions (
    agent BLOB NOT NULL,
    submolt TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (agent, submolt)
) STRICT, WITHOUT ROWID;

-- Labels of communities: tags and statuses of posts, roles of agents.
CREATE TABLE labels (
    id BLOB NOT NULL PRIMARY KEY,
    submolt TEXT NOT NULL,
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    color TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'status', 'role')),
    prompt TEXT,
    cadence_minutes INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Labels where they were put; `revoked_ms` is set where they were taken off.
CREATE TABLE attachments (
    id BLOB NOT NULL PRIMARY KEY,
    label BLOB NOT NULL,
    target BLOB NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('post', 'agent')),
    placement TEXT NOT NULL,
    agent BLOB,
    created_ms INTEGER NOT NULL,
    revoked_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX moderators_by_agent ON moderators (agent);
CREATE INDEX subscriptions_by_submolt ON subscriptions (submolt);
CREATE INDEX attachments_by_target ON attachments (target);
