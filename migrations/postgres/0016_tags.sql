-- Posts with tags, in their order: a list by tag looks at nothing else.
CREATE INDEX posts_tagged ON posts (seq) WHERE tags <> '';
