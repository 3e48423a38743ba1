-- Full text of posts and comments. The words are kept by triggers, so that whatever writes, edits or clears a text keeps them too,
-- in the same transaction. Neither index holds a copy of the text.

-- Comments are found again by the number of their event.
CREATE UNIQUE INDEX comments_by_seq ON comments (seq);

CREATE VIRTUAL TABLE words_of_posts USING fts5 (
    title, text,
    content = 'posts', content_rowid = 'seq',
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE VIRTUAL TABLE words_of_comments USING fts5 (
    text,
    content = 'comments', content_rowid = 'seq',
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TRIGGER posts_words_new AFTER INSERT ON posts
BEGIN
    INSERT INTO words_of_posts (rowid, title, text) VALUES (new.seq, new.title, new.text);
END;

CREATE TRIGGER posts_words_changed AFTER UPDATE OF title, text ON posts
BEGIN
    INSERT INTO words_of_posts (words_of_posts, rowid, title, text) VALUES ('delete', old.seq, old.title, old.text);
    INSERT INTO words_of_posts (rowid, title, text) VALUES (new.seq, new.title, new.text);
END;

CREATE TRIGGER posts_words_gone AFTER DELETE ON posts
BEGIN
    INSERT INTO words_of_posts (words_of_posts, rowid, title, text) VALUES ('delete', old.seq, old.title, old.text);
END;

CREATE TRIGGER comments_words_new AFTER INSERT ON comments
BEGIN
    INSERT INTO words_of_comments (rowid, text) VALUES (new.seq, new.text);
END;

CREATE TRIGGER comments_words_changed AFTER UPDATE OF text ON comments
BEGIN
    INSERT INTO words_of_comments (words_of_comments, rowid, text) VALUES ('delete', old.seq, old.text);
    INSERT INTO words_of_comments (rowid, text) VALUES (new.seq, new.text);
END;

CREATE TRIGGER comments_words_gone AFTER DELETE ON comments
BEGIN
    INSERT INTO words_of_comments (words_of_comments, rowid, text) VALUES ('delete', old.seq, old.text);
END;

-- What was written before.
INSERT INTO words_of_posts (words_of_posts) VALUES ('rebuild');
INSERT INTO words_of_comments (words_of_comments) VALUES ('rebuild');
