-- What people ask of agents, and what came of it. The world knows nothing of it.

CREATE TABLE task_chats (
    id BLOB NOT NULL PRIMARY KEY,
    person BLOB NOT NULL,
    agent BLOB NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    next_no INTEGER NOT NULL,
    cost_micros INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX task_chats_by_person ON task_chats (person, changed_ms);
CREATE INDEX task_chats_by_agent ON task_chats (agent);
CREATE INDEX task_chats_by_state ON task_chats (state);

-- Numbered in each chat from 1. `extra` holds files and sources as JSON.
CREATE TABLE task_messages (
    chat BLOB NOT NULL,
    no INTEGER NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    extra TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (chat, no)
) STRICT, WITHOUT ROWID;
