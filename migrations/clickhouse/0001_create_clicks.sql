-- Clicks at rest, and the counts over them.
--
-- A batch of clicks is stored in two steps, each of them one block of the format Native:
--   1. into click_events: one block, one partition, so one part: all of it or nothing;
--   2. into clicks_in, which keeps nothing and hands the rows on to the four counts below: each
--      takes all of them or none, but a crash can come between one and the next.
-- So every count also keeps the last batch that it has, in the row of the short code '' (in
-- click_journals: in every row). A count that lacks a batch gets it from click_events alone:
-- targets says which of the counts a row is meant for, one bit each.

CREATE TABLE IF NOT EXISTS click_events
(
    short_code     String,
    timestamp      DateTime('UTC'),
    ip_address     String,
    user_agent     String,
    referrer       String,
    event_id       FixedString(16),
    retried        UInt8,
    journal        UInt64,
    journal_offset UInt64,
    batch          UInt64,
    ingest_day     Date
)
ENGINE = MergeTree
PARTITION BY ingest_day
ORDER BY (short_code, timestamp);

CREATE TABLE IF NOT EXISTS clicks_in
(
    short_code     String,
    timestamp      DateTime('UTC'),
    ip_address     String,
    referrer       String,
    journal        UInt64,
    journal_offset UInt64,
    batch          UInt64,
    targets        UInt8
)
ENGINE = Null;

CREATE TABLE IF NOT EXISTS clicks_by_link
(
    short_code   String,
    clicks       AggregateFunction(sum, UInt64),
    visitors     AggregateFunction(uniq, String),
    last_clicked AggregateFunction(max, DateTime('UTC')),
    last_batch   AggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY short_code;

CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_by_link_view TO clicks_by_link AS
SELECT
    short_code,
    sumState(toUInt64(short_code != '')) AS clicks,
    uniqState(ip_address) AS visitors,
    maxState(timestamp) AS last_clicked,
    maxState(batch) AS last_batch
FROM clicks_in
WHERE bitAnd(targets, 1) != 0
GROUP BY short_code;

CREATE TABLE IF NOT EXISTS clicks_by_day
(
    short_code String,
    day        Date,
    clicks     AggregateFunction(sum, UInt64),
    last_batch AggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (short_code, day);

CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_by_day_view TO clicks_by_day AS
SELECT
    short_code,
    toDate(timestamp, 'UTC') AS day,
    sumState(toUInt64(short_code != '')) AS clicks,
    maxState(batch) AS last_batch
FROM clicks_in
WHERE bitAnd(targets, 2) != 0
GROUP BY short_code, day;

CREATE TABLE IF NOT EXISTS clicks_by_referrer
(
    short_code String,
    referrer   String,
    clicks     AggregateFunction(sum, UInt64),
    last_batch AggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (short_code, referrer);

CREATE MATERIALIZED VIEW IF NOT EXISTS clicks_by_referrer_view TO clicks_by_referrer AS
SELECT
    short_code,
    referrer,
    sumState(toUInt64(short_code != '')) AS clicks,
    maxState(batch) AS last_batch
FROM clicks_in
WHERE bitAnd(targets, 4) != 0 AND (referrer != '' OR short_code = '')
GROUP BY short_code, referrer;

CREATE TABLE IF NOT EXISTS click_journals
(
    journal    UInt64,
    stored     AggregateFunction(max, UInt64),
    last_batch AggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY journal;

CREATE MATERIALIZED VIEW IF NOT EXISTS click_journals_view TO click_journals AS
SELECT
    journal,
    maxState(journal_offset) AS stored,
    maxState(batch) AS last_batch
FROM clicks_in
WHERE bitAnd(targets, 8) != 0
GROUP BY journal;
