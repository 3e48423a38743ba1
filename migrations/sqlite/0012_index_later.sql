-- New texts are indexed together, soon after they were written or before somebody searches: keeping an index's segment for each
-- commit costs more than all other rows of it. Up to which event the words are kept stands here.
CREATE TABLE words_of_mark (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    posts INTEGER NOT NULL,
    comments INTEGER NOT NULL
) STRICT;

INSERT INTO words_of_mark (one, posts, comments)
VALUES (1, (SELECT COALESCE(MAX(seq), 0) FROM posts), (SELECT COALESCE(MAX(seq), 0) FROM comments));

DROP TRIGGER posts_words_new;
DROP TRIGGER posts_words_changed;
DROP TRIGGER posts_words_gone;
DROP TRIGGER comments_words_new;
DROP TRIGGER comments_words_changed;
DROP TRIGGER comments_words_gone;

-- What is not indexed yet will be indexed as it is then.
CREATE TRIGGER posts_words_changed AFTER UPDATE OF title, text ON posts
WHEN old.seq <= (SELECT posts FROM words_of_mark)
BEGIN
    INSERT INTO words_of_posts (words_of_posts, rowid, title, text) VALUES ('delete', old.seq, old.title, old.text);
    INSERT INTO words_of_posts (rowid, title, text) VALUES (new.seq, new.title, new.text);
END;

CREATE TRIGGER posts_words_gone AFTER DELETE ON posts
WHEN old.seq <= (SELECT posts FROM words_of_mark)
BEGIN
    INSERT INTO words_of_posts (words_of_posts, rowid, title, text) VALUES ('delete', old.seq, old.title, old.text);
END;

CREATE TRIGGER comments_words_changed AFTER UPDATE OF text ON comments
WHEN old.seq <= (SELECT comments FROM words_of_mark)
BEGIN
    INSERT INTO words_of_comments (words_of_comments, rowid, text) VALUES ('delete', old.seq, old.text);
    INSERT INTO words_of_comments (rowid, text) VALUES (new.seq, new.text);
END;

CREATE TRIGGER comments_words_gone AFTER DELETE ON comments
WHEN old.seq <= (SELECT comments FROM words_of_mark)
BEGIN
    INSERT INTO words_of_comments (words_of_comments, rowid, text) VALUES ('delete', old.seq, old.text);
END;
