-- The counts of a link, found without reading its neighbours'.
--
-- A reader takes up whole granules: 8192 rows by default, and with each row the visitors of some
-- link, 4 bytes a visitor up to 256 KiB. Of 64 rows that is little.
--
-- The old table is out of the way while it is copied, so a consumer at work waits meanwhile, and
-- nothing is counted that the copy would lack. A RENAME that was carried out by a run that was
-- broken off is passed over (ClickHouseMigrations), and from each point all of it can run again.

RENAME TABLE clicks_by_link TO clicks_by_link_coarse;

DROP TABLE IF EXISTS clicks_by_link_fine;

CREATE TABLE clicks_by_link_fine
(
    short_code   String,
    clicks       AggregateFunction(sum, UInt64),
    visitors     AggregateFunction(uniq, String),
    last_clicked AggregateFunction(max, DateTime('UTC')),
    last_batch   AggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
ORDER BY short_code
SETTINGS index_granularity = 64;

INSERT INTO clicks_by_link_fine SELECT * FROM clicks_by_link_coarse;

RENAME TABLE clicks_by_link_fine TO clicks_by_link;

DROP TABLE IF EXISTS clicks_by_link_coarse;

DROP TABLE IF EXISTS clicks_by_link_fine;
