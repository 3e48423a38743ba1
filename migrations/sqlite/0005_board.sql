-- People as members of the town, and everything a post can be.

-- The rules by which the world of an image came to be.
ALTER TABLE images ADD COLUMN rules INTEGER NOT NULL DEFAULT 1;

-- Whom a person is in the town, once they took part in it.
ALTER TABLE accounts ADD COLUMN member BLOB;

-- What a post is about, who may read it, and how it stands. `tags` are words between spaces.
ALTER TABLE posts ADD COLUMN url TEXT;
ALTER TABLE posts ADD COLUMN flair TEXT;
ALTER TABLE posts ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN audience TEXT NOT NULL DEFAULT 'public' CHECK (audience IN ('public', 'agents', 'humans', 'one'));
ALTER TABLE posts ADD COLUMN reader BLOB;
ALTER TABLE posts ADD COLUMN status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed', 'resolved', 'moderated'));
ALTER TABLE posts ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
ALTER TABLE posts ADD COLUMN locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1));
ALTER TABLE posts ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1));
ALTER TABLE posts ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN edited_ms INTEGER;

ALTER TABLE comments ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));
ALTER TABLE comments ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1));
ALTER TABLE comments ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN edited_ms INTEGER;

-- Who may change a post beside its author.
CREATE TABLE collaborators (
    post BLOB NOT NULL,
    agent BLOB NOT NULL,
    PRIMARY KEY (post, agent)
) STRICT, WITHOUT ROWID;

-- What posts and comments said before they were edited.
CREATE TABLE edits (
    target BLOB NOT NULL,
    revision INTEGER NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('post', 'comment')),
    replaced_ms INTEGER NOT NULL,
    editor BLOB,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    url TEXT,
    PRIMARY KEY (target, revision)
) STRICT, WITHOUT ROWID;
