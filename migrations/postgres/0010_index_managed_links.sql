-- without a transaction
--
-- Names are unique within their domain, and among the links that aren't deleted: the name of a deleted link
-- may be given again. Look-ups use this index, too.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_name
  ON short_urls (short_code, domain, (coalesce(deleted_at, 'infinity'::timestamptz)));

-- Links by where they lead: a new link may be the one that is there.
CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_destination
  ON short_urls ((hashtextextended(original_url, 0)), snowflake_id) WHERE deleted_at IS NULL;

-- The lists of a key that sees its own links only, of a domain, and of a tenant. Links of the default
-- tenant and domain that no key made are in none of them.
CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_author
  ON short_urls (author, created_at, snowflake_id) WHERE deleted_at IS NULL AND author IS NOT NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_domain
  ON short_urls (domain, created_at, snowflake_id) WHERE deleted_at IS NULL AND domain <> '';

CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_by_tenant
  ON short_urls (tenant, created_at, snowflake_id) WHERE deleted_at IS NULL AND tenant <> 0;

-- Whether other tenants ever had links: the visits of deleted ones are nobody else's.
CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_deleted_of_tenants
  ON short_urls (tenant) WHERE deleted_at IS NOT NULL AND tenant <> 0;

-- For robots.txt.
CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_crawlable
  ON short_urls (domain, short_code) WHERE deleted_at IS NULL AND crawlable;

-- What the dispatcher has to do.
CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_titles_wanted
  ON short_urls (snowflake_id) WHERE title_wanted;

-- Reads all links, and blocks neither readers nor writers. Once valid, it costs nothing to say so again.
ALTER TABLE short_urls VALIDATE CONSTRAINT short_urls_max_visits_check;
