-- Slugs of up to 255 bytes: they are ASCII, so a character is a byte.
--
-- Only the catalogue changes: a longer varchar with the same collation needs no new table and no new
-- index. The exclusive lock is held for a moment, and waited for no longer than that: else every
-- look-up would queue up behind a migration that waits for a long transaction.
SET LOCAL lock_timeout = '3s';

ALTER TABLE short_urls ALTER COLUMN short_code TYPE varchar(255) COLLATE "C";
