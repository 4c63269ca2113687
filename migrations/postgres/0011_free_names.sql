-- Names are unique by short_urls_by_name from here on: a name may be used once in each domain, and again after
-- its link was deleted.
--
-- Every look-up waits for the exclusive lock, which is held for a moment, and waited for no longer than that.
SET LOCAL lock_timeout = '3s';

ALTER TABLE short_urls DROP CONSTRAINT short_urls_short_code_key;
