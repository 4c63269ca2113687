-- A budget says how many visits are allowed and how many are spent. What is left alone forgets the visits that
-- were spent beyond a limit, when the limit is lowered and raised again.
--
-- Look-ups of limited links wait for the exclusive lock, which is held for a moment, and waited for no longer than
-- that.
SET LOCAL lock_timeout = '3s';

ALTER TABLE visit_budgets
  ADD COLUMN allowed integer,
  ADD COLUMN spent bigint NOT NULL DEFAULT 0 CHECK (spent >= 0);

UPDATE visit_budgets SET allowed = max_visits, spent = greatest(0, max_visits - remaining)
FROM short_urls WHERE snowflake_id = link;

DELETE FROM visit_budgets WHERE allowed IS NULL;

ALTER TABLE visit_budgets ALTER COLUMN allowed SET NOT NULL, DROP COLUMN remaining;
