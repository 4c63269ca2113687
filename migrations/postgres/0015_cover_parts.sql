-- without a transaction
--
-- The lists of a key that sees its own links only, of a domain, and of a tenant, as in 0010. With all columns that
-- decide who sees a link: so the links of a part are counted, and put in order by date or visits, by its index
-- alone. To read the rows of ten thousand links, which are spread over the table, takes far longer.
CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_of_author
  ON short_urls (author, created_at, snowflake_id) INCLUDE (tenant, domain)
  WHERE deleted_at IS NULL AND author IS NOT NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_of_domain
  ON short_urls (domain, created_at, snowflake_id) INCLUDE (tenant, author)
  WHERE deleted_at IS NULL AND domain <> '';

CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_of_tenant
  ON short_urls (tenant, created_at, snowflake_id) INCLUDE (domain, author)
  WHERE deleted_at IS NULL AND tenant <> 0;

DROP INDEX CONCURRENTLY IF EXISTS short_urls_by_author;
DROP INDEX CONCURRENTLY IF EXISTS short_urls_by_domain;
DROP INDEX CONCURRENTLY IF EXISTS short_urls_by_tenant;
