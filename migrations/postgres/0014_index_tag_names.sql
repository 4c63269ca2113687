-- without a transaction
-- requires: extension pg_trgm
--
-- The search in tags' names. Without this file it works all the same, but reads tag after tag.
--
-- With the locale of the database: by bytes, letters beyond ASCII would match in one case only.
CREATE INDEX CONCURRENTLY IF NOT EXISTS tags_search
  ON tags USING gin ((name COLLATE "default") gin_trgm_ops);

ANALYZE tags;
