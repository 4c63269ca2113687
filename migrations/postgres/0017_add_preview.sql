-- Whether anybody may see where a link leads before following it (CODE+).
--
-- Only the catalogue changes. Every look-up waits for the exclusive lock, which is held for a moment, and waited
-- for no longer than that.
SET LOCAL lock_timeout = '3s';

ALTER TABLE short_urls ADD COLUMN preview boolean NOT NULL DEFAULT true;
