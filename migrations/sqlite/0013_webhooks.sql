-- Where members want to be told what concerns them, and what is on its way there.

-- `secret_generation` says which secret is good; the secrets themselves are kept nowhere.
CREATE TABLE webhooks (
    id BLOB NOT NULL PRIMARY KEY,
    member BLOB NOT NULL,
    label TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    secret_generation INTEGER NOT NULL,
    rotated_ms INTEGER,
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    next_no INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    retry_ms INTEGER NOT NULL,
    delivered_ms INTEGER,
    dropped INTEGER NOT NULL
) STRICT;
CREATE INDEX webhooks_by_member ON webhooks (member);

-- Numbered for each of them from 1. What is done stays for a while, so that its owner can look.
CREATE TABLE webhook_deliveries (
    webhook BLOB NOT NULL,
    no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    created_ms INTEGER NOT NULL,
    done_ms INTEGER,
    PRIMARY KEY (webhook, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_done ON webhook_deliveries (done_ms);
