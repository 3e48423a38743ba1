-- Reports, what moderators made of them, and what they did.

-- What was reported; one row however often it was.
CREATE TABLE mod_cases (
    id UUID NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    member UUID,
    submolt TEXT,
    opened_ms BIGINT NOT NULL,
    weight BIGINT NOT NULL,
    reports BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'claimed', 'resolved', 'dismissed')),
    moderator TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    moved_ms BIGINT
);

CREATE INDEX mod_cases_by_state ON mod_cases (state, number);
CREATE INDEX mod_cases_by_number ON mod_cases (number);

-- Who reported it and why; without an agent the village itself did.
CREATE TABLE mod_reports (
    seq BIGINT NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL,
    agent UUID,
    reason TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

CREATE INDEX mod_reports_by_case ON mod_reports (case_id, seq);

-- What moderators, and the village by its rules, did.
CREATE TABLE mod_measures (
    id UUID NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    member UUID,
    submolt TEXT,
    moderator TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    until_ms BIGINT,
    lifted_ms BIGINT,
    lifted_by TEXT,
    lifted_reason TEXT,
    appeal TEXT NOT NULL DEFAULT 'none' CHECK (appeal IN ('none', 'waiting', 'granted', 'denied')),
    appeal_text TEXT,
    appeal_ms BIGINT,
    judge TEXT,
    judge_note TEXT,
    judged_ms BIGINT
);

CREATE INDEX mod_measures_by_number ON mod_measures (number);
CREATE INDEX mod_measures_by_member ON mod_measures (member, number);
CREATE INDEX mod_measures_by_appeal ON mod_measures (appeal, number);
