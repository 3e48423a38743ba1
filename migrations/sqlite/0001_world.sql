-- Where the world stands, and what it comes back from.

-- The one row that every commit moves.
CREATE TABLE head (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    tick INTEGER NOT NULL,
    stamp_ms INTEGER NOT NULL,
    next_frame INTEGER NOT NULL,
    next_order INTEGER NOT NULL,
    begun_ms INTEGER NOT NULL
) STRICT;

-- The journal, frame by frame, as the bytes it is.
CREATE TABLE frames (
    seq INTEGER NOT NULL PRIMARY KEY,
    first_tick INTEGER NOT NULL,
    last_tick INTEGER NOT NULL,
    stamp_ms INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Images of the world; `complete` is 1 when all chunks are there.
CREATE TABLE images (
    id INTEGER NOT NULL PRIMARY KEY,
    tick INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    next_frame INTEGER NOT NULL,
    next_order INTEGER NOT NULL,
    format INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    size INTEGER NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1))
) STRICT;

-- The bytes of an image, in pieces.
CREATE TABLE image_chunks (
    image INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (image, part)
) STRICT;
