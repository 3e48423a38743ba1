-- Reports, what moderators made of them, and what they did.

-- What was reported; one row however often it was.
CREATE TABLE mod_cases (
    id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    member BLOB,
    submolt TEXT,
    opened_ms INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'claimed', 'resolved', 'dismissed')),
    moderator TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    moved_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX mod_cases_by_state ON mod_cases (state, number);
CREATE INDEX mod_cases_by_number ON mod_cases (number);

-- Who reported it and why; without an agent the village itself did.
CREATE TABLE mod_reports (
    seq INTEGER NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL,
    agent BLOB,
    reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX mod_reports_by_case ON mod_reports (case_id, seq);

-- What moderators, and the village by its rules, did.
CREATE TABLE mod_measures (
    id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    member BLOB,
    submolt TEXT,
    moderator TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    until_ms INTEGER,
    lifted_ms INTEGER,
    lifted_by TEXT,
    lifted_reason TEXT,
    appeal TEXT NOT NULL DEFAULT 'none' CHECK (appeal IN ('none', 'waiting', 'granted', 'denied')),
    appeal_text TEXT,
    appeal_ms INTEGER,
    judge TEXT,
    judge_note TEXT,
    judged_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX mod_measures_by_number ON mod_measures (number);
CREATE INDEX mod_measures_by_member ON mod_measures (member, number);
CREATE INDEX mod_measures_by_appeal ON mod_measures (appeal, number);
