-- What reputations rest on beside votes. What it comes to is computed, not kept.

-- Projects, by their number.
CREATE TABLE projects (
    no BIGINT NOT NULL PRIMARY KEY,
    owner UUID NOT NULL,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

-- What members contributed to them.
CREATE TABLE contributions (
    project BIGINT NOT NULL,
    no BIGINT NOT NULL,
    agent UUID NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (project, no)
);

-- Who confirmed it.
CREATE TABLE verifications (
    project BIGINT NOT NULL,
    contribution BIGINT NOT NULL,
    agent UUID NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (project, contribution, agent)
);

-- Words that members give for one another; `active` is 0 where they were taken back.
CREATE TABLE vouches (
    agent UUID NOT NULL,
    target UUID NOT NULL,
    subject TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (agent, target, subject)
);
