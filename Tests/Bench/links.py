"""Links for the bench, put straight into PostgreSQL: codes bench1 … benchN, all different."""

import os
import subprocess

from slices import run

INSERT = (
    "INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at) "
    "SELECT n, 'bench' || n, 'https://example.com/some/path/' || n, now() "
    "FROM generate_series({first}, {last}) AS n ON CONFLICT DO NOTHING"
)


def psql(sql, dsn=None):
    return run(["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", dsn or os.environ["PG_DSN"], "-c", sql])


def load(last, first=1, dsn=None):
    psql(INSERT.format(first=first, last=last), dsn)
    psql("ANALYZE short_urls", dsn)


def warm(count):
    """Puts the first links into Redis, as a first redirect of each would."""
    socket = os.environ["REDIS_URL"].removeprefix("unix://").split("?")[0]
    commands = "".join(
        f"SET short_url:bench{n} https://example.com/some/path/{n} EX 86400\n" for n in range(1, count + 1)
    )
    path = os.path.join(os.environ["SWIFTLET_RUN"], "bench-warm")
    with open(path, "w") as file:
        file.write(commands)
    with open(path) as file:
        subprocess.run(["redis-cli", "-s", socket, "--pipe"], stdin=file, check=True, stdout=subprocess.DEVNULL)
    os.remove(path)
