-- The links. A code is compared by its bytes, whatever the locale of the database.
CREATE TABLE short_urls (
  snowflake_id bigint PRIMARY KEY,
  short_code varchar(32) COLLATE "C" NOT NULL UNIQUE,
  original_url text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
