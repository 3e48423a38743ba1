-- What minds remember for good.

-- Numbered for each of them from 0, and only ever added to, but for the vector, which follows from the words.
-- `tick` is when it happened, `since` the tick after which it counts; `of_rows` and `replaces` are numbers of rows, as JSON.
-- What an owner has erased is deleted; a row of the kind `erased` says so.
CREATE TABLE memories (
    agent UUID NOT NULL,
    no BIGINT NOT NULL,
    tick BIGINT NOT NULL,
    since BIGINT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    importance BIGINT NOT NULL,
    source TEXT,
    about TEXT,
    of_rows TEXT NOT NULL,
    replaces TEXT NOT NULL,
    model TEXT NOT NULL,
    dim BIGINT NOT NULL,
    vector BYTEA,
    PRIMARY KEY (agent, no)
);
