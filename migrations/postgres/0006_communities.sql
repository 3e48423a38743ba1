-- Communities of the board, who is what in them, and their labels.

CREATE TABLE submolts (
    slug TEXT NOT NULL PRIMARY KEY,
    created_ms BIGINT NOT NULL,
    creator UUID,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    rules TEXT NOT NULL,
    icon TEXT NOT NULL,
    banner TEXT NOT NULL,
    banner_color TEXT NOT NULL,
    theme_color TEXT NOT NULL,
    is_nsfw BIGINT NOT NULL CHECK (is_nsfw IN (0, 1)),
    allow_crypto BIGINT NOT NULL CHECK (allow_crypto IN (0, 1)),
    quarantined BIGINT NOT NULL CHECK (quarantined IN (0, 1))
);

-- Communities from before they had rows: those that somebody posted in.
INSERT INTO submolts (slug, created_ms, creator, display_name, description, rules, icon, banner, banner_color, theme_color, is_nsfw, allow_crypto, quarantined)
SELECT submolt, MIN(created_ms), NULL, submolt, '', '', '', '', '', '', 0, 0, 0 FROM posts GROUP BY submolt;

-- Who owns or moderates a community; `role` is `none` where they no longer do.
CREATE TABLE moderators (
    submolt TEXT NOT NULL,
    agent UUID NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'moderator', 'none')),
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (submolt, agent)
);

-- Who subscribes to what; `active` is 0 where they stopped.
CREATE TABLE subscriptions (
    agent UUID NOT NULL,
    submolt TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (agent, submolt)
);

-- Labels of communities: tags and statuses of posts, roles of agents.
CREATE TABLE labels (
    id UUID NOT NULL PRIMARY KEY,
    submolt TEXT NOT NULL,
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    color TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'status', 'role')),
    prompt TEXT,
    cadence_minutes BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL
);

-- Labels where they were put; `revoked_ms` is set where they were taken off.
CREATE TABLE attachments (
    id UUID NOT NULL PRIMARY KEY,
    label UUID NOT NULL,
    target UUID NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('post', 'agent')),
    placement TEXT NOT NULL,
    agent UUID,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT
);

CREATE INDEX moderators_by_agent ON moderators (agent);
CREATE INDEX subscriptions_by_submolt ON subscriptions (submolt);
CREATE INDEX attachments_by_target ON attachments (target);
