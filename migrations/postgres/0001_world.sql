-- Where the world stands, and what it comes back from.

-- The one row that every commit moves.
CREATE TABLE head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    tick BIGINT NOT NULL,
    stamp_ms BIGINT NOT NULL,
    next_frame BIGINT NOT NULL,
    next_order BIGINT NOT NULL,
    begun_ms BIGINT NOT NULL
);

-- The journal, frame by frame, as the bytes it is.
CREATE TABLE frames (
    seq BIGINT NOT NULL PRIMARY KEY,
    first_tick BIGINT NOT NULL,
    last_tick BIGINT NOT NULL,
    stamp_ms BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);

-- Images of the world; `complete` is 1 when all chunks are there.
CREATE TABLE images (
    id BIGINT NOT NULL PRIMARY KEY,
    tick BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    next_frame BIGINT NOT NULL,
    next_order BIGINT NOT NULL,
    format BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    size BIGINT NOT NULL,
    complete BIGINT NOT NULL CHECK (complete IN (0, 1))
);

-- The bytes of an image, in pieces.
CREATE TABLE image_chunks (
    image BIGINT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    part BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (image, part)
);
