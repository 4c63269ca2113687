-- without a transaction
--
-- The orders of lists of links: by date, code, URL and title, each by id where that is the same. A list is
-- read a page at a time from where the page before ended, so a page costs the same wherever it is.
--
-- URLs and titles are compared by their bytes, whatever the locale, and by their first 256 characters: an
-- entry of an index has room for 2 704 bytes. Deleted links are in no list.
CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_date
  ON short_urls (created_at, snowflake_id) WHERE deleted_at IS NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_code
  ON short_urls (short_code, snowflake_id) WHERE deleted_at IS NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_url
  ON short_urls ((left(original_url, 256)) COLLATE "C", snowflake_id) WHERE deleted_at IS NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_title
  ON short_urls ((coalesce(left(title, 256), '')) COLLATE "C", snowflake_id) WHERE deleted_at IS NULL;
