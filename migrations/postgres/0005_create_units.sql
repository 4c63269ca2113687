-- The changes that were committed, by ids of their own. A program whose answer to a commit is lost enters
-- the id once more: that tells whether the change was made. The dispatcher deletes what is older than a day.
--
-- Rows come and go: vacuum must not wait for a fifth of the table.
CREATE TABLE units (
  id uuid PRIMARY KEY,
  ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (
  autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.05
);

CREATE INDEX units_ended ON units (ended_at);
