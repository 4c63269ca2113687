-- Clicks are stored through gates.
--
-- A consumer stores through a table of its own, its gate (Sources/Stores/Clicks/ClickGate.swift):
-- it makes the gate and its views when it takes over, and drops the gate of the consumer before it.
-- So clicks_in goes, with its views, and the table of clicks gets another name: a consumer of an
-- older release stores nothing from here on, and its messages stay with the broker.
--
-- clicks_in goes before its views: while it is there and they are not, an insert would succeed and
-- store nothing. The view click_events is for those who read by the old name.

DROP TABLE IF EXISTS clicks_in;

RENAME TABLE click_events TO clicks;

DROP TABLE IF EXISTS clicks_by_link_view;

DROP TABLE IF EXISTS clicks_by_day_view;

DROP TABLE IF EXISTS clicks_by_referrer_view;

DROP TABLE IF EXISTS click_journals_view;

CREATE VIEW IF NOT EXISTS click_events AS SELECT * FROM clicks;
