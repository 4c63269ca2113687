-- Worker ids that are given out here while Redis, which has 0 to 767, can't be asked.
--
-- last_timestamp: milliseconds since 2024-01-01T00:00:00Z. No id with this number has a later
-- timestamp; whoever takes the number over starts after it.
CREATE TABLE worker_leases (
  number smallint PRIMARY KEY CHECK (number BETWEEN 768 AND 1023),
  owner text,
  expires_at timestamptz NOT NULL DEFAULT '-infinity',
  last_timestamp bigint NOT NULL DEFAULT -1
);

INSERT INTO worker_leases (number) SELECT generate_series(768, 1023);
