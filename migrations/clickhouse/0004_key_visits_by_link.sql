-- Clicks and their counts by link.
--
-- A link may have several names, and a name may go from one link to another. So a click is stored
-- under its link's id (a scope, Sources/Links/IDs/Scope.swift), and the visited name is data on it.
--
-- The table of clicks by short code gets another name first. So a consumer of an older release stores
-- nothing from here on, and its messages stay with the broker. The first consumer that takes over
-- afterwards completes the last batch of before, and notes its number in seam: from then on clicks and
-- clicks_by_* of before never change. `swiftlet clicks carry` copies them, and drops them at last.
--
-- Each statement may have been carried out by a run that was broken off, and is then passed over.

RENAME TABLE clicks TO clicks_before;

DROP TABLE IF EXISTS click_events;

-- One row a click. The second part of the partition key is the same for ever: ClickHouse keeps the
-- least and the greatest batch of a part only for a column of that key, and so finds a batch by
-- reading its part alone. Columns that nothing derives yet have their defaults.
CREATE TABLE IF NOT EXISTS visits
(
    link           UInt64,
    timestamp      DateTime('UTC'),
    domain         UInt32,
    code           String,
    weight         UInt32,
    visitor        UInt64,
    ip_address     String,
    user_agent     String,
    referrer       String,
    referrer_host  String,
    query          String,
    country        FixedString(2),
    region         String,
    city           String,
    asn            UInt32,
    device         UInt8,
    os             UInt8,
    browser        UInt8,
    browser_major  UInt16,
    bot            UInt8,
    language       String,
    utm_source     String,
    utm_medium     String,
    utm_campaign   String,
    utm_term       String,
    utm_content    String,
    trigger        UInt8,
    rule           UInt32,
    variant        UInt8,
    revision       UInt32,
    flags          UInt8,
    event_id       FixedString(16),
    retried        UInt8,
    journal        UInt64,
    journal_offset UInt64,
    batch          UInt64,
    ingest_day     Date
)
ENGINE = MergeTree
PARTITION BY (toYYYYMM(ingest_day), intDiv(batch, 1099511627776))
ORDER BY (link, timestamp)
SETTINGS index_granularity = 1024;

-- Of each scope; the row of scope 0 tells the last batch.
CREATE TABLE IF NOT EXISTS link_totals
(
    scope       UInt64,
    clicks      AggregateFunction(sum, Int64),
    bots        AggregateFunction(sum, Int64),
    visitors    AggregateFunction(uniq, String),
    first_visit AggregateFunction(min, DateTime('UTC')),
    last_visit  AggregateFunction(max, DateTime('UTC')),
    last_batch  AggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY scope
SETTINGS index_granularity = 64;

CREATE TABLE IF NOT EXISTS link_days
(
    scope      UInt64,
    day        Date,
    clicks     AggregateFunction(sum, Int64),
    last_batch AggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (scope, day);

CREATE TABLE IF NOT EXISTS link_referrers
(
    scope      UInt64,
    host       String,
    clicks     AggregateFunction(sum, Int64),
    last_batch AggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY (scope, host);

-- How far the change is: rows are only added. Step last_batch has the number of the last batch of
-- before; the steps of the copy are swiftlet's.
CREATE TABLE IF NOT EXISTS seam
(
    step   String,
    number UInt64,
    at     DateTime('UTC')
)
ENGINE = MergeTree
ORDER BY step;
