-- What people ask of agents, and what came of it. The world knows nothing of it.

CREATE TABLE task_chats (
    id UUID NOT NULL PRIMARY KEY,
    person UUID NOT NULL,
    agent UUID NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    next_no BIGINT NOT NULL,
    cost_micros BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL
);
CREATE INDEX task_chats_by_person ON task_chats (person, changed_ms);
CREATE INDEX task_chats_by_agent ON task_chats (agent);
CREATE INDEX task_chats_by_state ON task_chats (state);

-- Numbered in each chat from 1. `extra` holds files and sources as JSON.
CREATE TABLE task_messages (
    chat UUID NOT NULL,
    no BIGINT NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    extra TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (chat, no)
);
