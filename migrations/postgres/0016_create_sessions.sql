-- Sign-in of people: sessions, each a short child of an API key, and codes that begin one.
--
-- A reference needs a lock on `api_keys` that changes of keys wait for.
SET LOCAL lock_timeout = '3s';

-- hash: the SHA-256 of the session's value, which only a cookie has.
-- ends_at: when it ends unless it is used. Each use moves it, to expires_at at most.
-- idle_seconds: for how long it may stay unused; NULL: until expires_at.
-- browser, address: of who signed in, for people.
CREATE TABLE sessions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key integer NOT NULL REFERENCES api_keys ON DELETE CASCADE,
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ends_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  idle_seconds integer CHECK (idle_seconds > 0),
  browser text,
  address text
);

CREATE INDEX sessions_of_key ON sessions (key, id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- hash: the SHA-256 of a code. A code is deleted when it is used.
CREATE TABLE sign_in_codes (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  key integer NOT NULL REFERENCES api_keys ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL
);

CREATE INDEX sign_in_codes_of_key ON sign_in_codes (key);
