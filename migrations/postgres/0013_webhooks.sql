-- Where members want to be told what concerns them, and what is on its way there.

-- `secret_generation` says which secret is good; the secrets themselves are kept nowhere.
CREATE TABLE webhooks (
    id UUID NOT NULL PRIMARY KEY,
    member UUID NOT NULL,
    label TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    secret_generation BIGINT NOT NULL,
    rotated_ms BIGINT,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    next_no BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    retry_ms BIGINT NOT NULL,
    delivered_ms BIGINT,
    dropped BIGINT NOT NULL
);
CREATE INDEX webhooks_by_member ON webhooks (member);

-- Numbered for each of them from 1. What is done stays for a while, so that its owner can look.
CREATE TABLE webhook_deliveries (
    webhook UUID NOT NULL,
    no BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    created_ms BIGINT NOT NULL,
    done_ms BIGINT,
    PRIMARY KEY (webhook, no)
);
CREATE INDEX webhook_deliveries_done ON webhook_deliveries (done_ms);
