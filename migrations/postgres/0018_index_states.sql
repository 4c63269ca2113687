-- without a transaction
--
-- The lists of links that are not just there: disabled ones, those with a time or a limit of visits, and those
-- with rules. A link without any of these is not in it, and costs nothing. With the columns that decide who sees a
-- link, and in which state it is.
CREATE INDEX CONCURRENTLY IF NOT EXISTS short_urls_with_state
  ON short_urls (created_at, snowflake_id)
  INCLUDE (tenant, domain, author, disabled_at, valid_since, valid_until, max_visits)
  WHERE deleted_at IS NULL AND (disabled_at IS NOT NULL OR valid_since IS NOT NULL
    OR valid_until IS NOT NULL OR max_visits IS NOT NULL OR rules IS NOT NULL);
