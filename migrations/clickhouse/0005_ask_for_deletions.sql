-- Deletions of visits: asked for by the API, done by the consumer between two batches.
--
-- Rows are only added. The step asked has the last batch of that moment; the step done the last batch
-- that the deletion took. scope is a link's id, or the scope of visits without a link.
CREATE TABLE IF NOT EXISTS visit_deletions
(
    id    UInt64,
    scope UInt64,
    step  String,
    batch UInt64,
    at    DateTime('UTC')
)
ENGINE = MergeTree
ORDER BY (id, step);
