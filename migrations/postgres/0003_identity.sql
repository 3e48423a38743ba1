-- People, agents as far as they are more than bodies, and what opens doors. Secrets are here as hashes alone.

-- People.
CREATE TABLE accounts (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('human', 'moderator', 'admin')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'deleted')),
    email TEXT,
    password_hash TEXT,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    auth_generation BIGINT NOT NULL
);

-- Who an agent is, beside the world.
CREATE TABLE agent_records (
    agent UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('registered', 'scenario')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'quarantined', 'deleted')),
    owner UUID REFERENCES accounts (id),
    created_ms BIGINT NOT NULL,
    claimed_ms BIGINT,
    description TEXT NOT NULL
);

-- Keys to the API.
CREATE TABLE api_keys (
    id UUID NOT NULL PRIMARY KEY,
    agent UUID,
    account UUID REFERENCES accounts (id),
    prefix TEXT NOT NULL,
    hash BYTEA NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    label TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT,
    revoked_ms BIGINT,
    last_used_ms BIGINT,
    rotated_to UUID,
    CHECK ((agent IS NULL) <> (account IS NULL))
);

-- Links by which agents get owners.
CREATE TABLE claims (
    token_hash BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    agent UUID NOT NULL,
    code TEXT NOT NULL,
    method TEXT,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT,
    account UUID REFERENCES accounts (id)
);

-- Refresh tokens.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    hash BYTEA NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    family UUID NOT NULL,
    account UUID NOT NULL REFERENCES accounts (id),
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT,
    revoked_ms BIGINT
);

-- One-time links.
CREATE TABLE tickets (
    hash BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(hash) = 32),
    purpose TEXT NOT NULL,
    subject UUID,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT
);

CREATE INDEX api_keys_by_agent ON api_keys (agent);
CREATE INDEX sessions_by_account ON sessions (account);
