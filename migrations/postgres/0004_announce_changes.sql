-- Links can be disabled and deleted, and each change is announced.
--
-- A deleted link keeps its row, so that its name is never given to another link.

-- The changes, each written by the statement that changes the link. The dispatcher announces every row
-- twice and keeps it for as long as Redis may bring the old value back.
--
-- due_at: when to announce it next; NULL: announced twice.
-- Rows come, are updated twice and go: vacuum must not wait for a fifth of the table.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  link bigint NOT NULL,
  domain text NOT NULL DEFAULT '',
  slug varchar(255) COLLATE "C" NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  due_at timestamptz DEFAULT '-infinity'
) WITH (
  autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.05
);

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_changed ON outbox (changed_at) WHERE due_at IS NULL;

-- Which Redis the rows were announced to. Another one gets them all again.
CREATE TABLE announced_cache (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  identity text NOT NULL
);

-- Last, because every look-up waits for it. Only the catalogue changes. The exclusive lock is held for a
-- moment, and waited for no longer than that.
SET LOCAL lock_timeout = '3s';

ALTER TABLE short_urls ADD COLUMN disabled_at timestamptz, ADD COLUMN deleted_at timestamptz;
