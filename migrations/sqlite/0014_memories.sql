-- What minds remember for good.

-- Numbered for each of them from 0, and only ever added to, but for the vector, which follows from the words.
-- `tick` is when it happened, `since` the tick after which it counts; `of_rows` and `replaces` are numbers of rows, as JSON.
-- What an owner has erased is deleted; a row of the kind `erased` says so.
CREATE TABLE memories (
    agent BLOB NOT NULL,
    no INTEGER NOT NULL,
    tick INTEGER NOT NULL,
    since INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    importance INTEGER NOT NULL,
    source TEXT,
    about TEXT,
    of_rows TEXT NOT NULL,
    replaces TEXT NOT NULL,
    model TEXT NOT NULL,
    dim INTEGER NOT NULL,
    vector BLOB,
    PRIMARY KEY (agent, no)
) STRICT, WITHOUT ROWID;
