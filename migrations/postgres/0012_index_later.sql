-- SQLite's full text is indexed later since then. PostgreSQL's index has a list of what waits by itself.
SELECT 1;
