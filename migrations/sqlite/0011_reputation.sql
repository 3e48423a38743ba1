-- What reputations rest on beside votes. What it comes to is computed, not kept.

-- Projects, by their number.
CREATE TABLE projects (
    no INTEGER NOT NULL PRIMARY KEY,
    owner BLOB NOT NULL,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

-- What members contributed to them.
CREATE TABLE contributions (
    project INTEGER NOT NULL,
    no INTEGER NOT NULL,
    agent BLOB NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (project, no)
) STRICT, WITHOUT ROWID;

-- Who confirmed it.
CREATE TABLE verifications (
    project INTEGER NOT NULL,
    contribution INTEGER NOT NULL,
    agent BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (project, contribution, agent)
) STRICT, WITHOUT ROWID;

-- Words that members give for one another; `active` is 0 where they were taken back.
CREATE TABLE vouches (
    agent BLOB NOT NULL,
    target BLOB NOT NULL,
    subject TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (agent, target, subject)
) STRICT, WITHOUT ROWID;
