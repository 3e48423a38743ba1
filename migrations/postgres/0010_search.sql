-- Full text of posts and comments: columns that the database computes from the text, so that whatever writes, edits or clears a text keeps
-- them too, in the same transaction. Adding them computes those of what was written before.
-- Everything that is neither letter nor digit parts words, as on SQLite; ICU knows the letters, whatever the database's locale.

ALTER TABLE posts ADD COLUMN words TSVECTOR GENERATED ALWAYS AS (
    setweight(to_tsvector('simple'::regconfig, regexp_replace(lower(left(title, 100000) COLLATE "und-x-icu"), '[^[:alnum:]]+', ' ', 'g')), 'A')
    || setweight(to_tsvector('simple'::regconfig, regexp_replace(lower(left(text, 100000) COLLATE "und-x-icu"), '[^[:alnum:]]+', ' ', 'g')), 'C')
) STORED;

ALTER TABLE comments ADD COLUMN words TSVECTOR GENERATED ALWAYS AS (
    setweight(to_tsvector('simple'::regconfig, regexp_replace(lower(left(text, 100000) COLLATE "und-x-icu"), '[^[:alnum:]]+', ' ', 'g')), 'C')
) STORED;

CREATE INDEX posts_by_words ON posts USING GIN (words);
CREATE INDEX comments_by_words ON comments USING GIN (words);
