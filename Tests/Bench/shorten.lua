-- Creates one link after the other.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"original_url":"https://example.com/some/path?with=a&query"}'
