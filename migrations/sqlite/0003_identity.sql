-- People, agents as far as they are more than bodies, and what opens doors. Secrets are here as hashes alone.

-- People.
CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('human', 'moderator', 'admin')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'deleted')),
    email TEXT,
    password_hash TEXT,
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    auth_generation INTEGER NOT NULL
) STRICT;

-- Who an agent is, beside the world.
CREATE TABLE agent_records (
    agent BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('registered', 'scenario')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'quarantined', 'deleted')),
    owner BLOB REFERENCES accounts (id),
    created_ms INTEGER NOT NULL,
    claimed_ms INTEGER,
    description TEXT NOT NULL
) STRICT;

-- Keys to the API.
CREATE TABLE api_keys (
    id BLOB NOT NULL PRIMARY KEY,
    agent BLOB,
    account BLOB REFERENCES accounts (id),
    prefix TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    label TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    revoked_ms INTEGER,
    last_used_ms INTEGER,
    rotated_to BLOB,
    CHECK ((agent IS NULL) <> (account IS NULL))
) STRICT;

-- Links by which agents get owners.
CREATE TABLE claims (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    agent BLOB NOT NULL,
    code TEXT NOT NULL,
    method TEXT,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER,
    account BLOB REFERENCES accounts (id)
) STRICT;

-- Refresh tokens.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    family BLOB NOT NULL,
    account BLOB NOT NULL REFERENCES accounts (id),
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER,
    revoked_ms INTEGER
) STRICT;

-- One-time links.
CREATE TABLE tickets (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    purpose TEXT NOT NULL,
    subject BLOB,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER
) STRICT;

CREATE INDEX api_keys_by_agent ON api_keys (agent);
CREATE INDEX sessions_by_account ON sessions (account);
