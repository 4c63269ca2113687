\set id random(1, 9000000000000000000)
INSERT INTO bench_urls (snowflake_id, short_code, original_url, created_at) VALUES (:id, :id::text, 'https://example.com/some/path?with=a&query', now());
