"""Links for the bench, put straight into PostgreSQL: codes bench1 … benchN, all different."""

import json
import os
import random
import re
import subprocess

from slices import run

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# The number that "bench" is in Base62.
PREFIX = sum(ALPHABET.index(letter) * 62**place for place, letter in enumerate(reversed("bench")))
# As with links made here, the code is the Base62 of the id. Codes of more than ten characters don't fit into 64
# bits: links from the 100 000th on have ids of their own.
ID = (
    f"CASE WHEN n < 100000 THEN {PREFIX} * (62 ^ length(n::text))::bigint + "
    + " + ".join(f"n / {10**place} % 10 * {62**place}" for place in range(5))
    + " ELSE n END"
)
INSERT = (
    "INSERT INTO short_urls (snowflake_id, short_code, original_url, created_at) "
    f"SELECT {ID}, 'bench' || n, 'https://example.com/some/path/' || n, now() "
    "FROM generate_series(1::bigint, {count}) AS n"
)


def psql(sql, dsn=None):
    return run(["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", dsn or os.environ["PG_DSN"], "-c", sql])


def made_up():
    """The id of a link that nobody has made, and its code."""
    link = random.randrange(62**9, 2**63)
    return link, code(link)


def code(link):
    """The Base62 of an id, as links made here have it."""
    digits = ""
    while link:
        link, digit = divmod(link, 62)
        digits = ALPHABET[digit] + digits
    return digits


def load(count):
    """Adds what is missing of so many links."""
    psql(INSERT.format(count=count) + " ON CONFLICT DO NOTHING")
    psql("ANALYZE short_urls")


def make_database(name, count, migrate, columns="", values="", search=True):
    """A database of so many links, as `swiftlet migrate` makes it, and where it is.

    Its indexes are built when the rows are there: they come out as they would have, but for pages that are
    evenly filled. Without `search` the index of searches isn't built again.
    """
    psql(f"DROP DATABASE IF EXISTS bench_{name}")
    psql(f"CREATE DATABASE bench_{name}")
    dsn = re.sub(r"///swiftlet\?", f"///bench_{name}?", os.environ["PG_DSN"])
    run(migrate, env={**os.environ, "PG_DSN": dsn})
    indexes = json.loads(psql("SELECT json_object_agg(indexname, indexdef) FROM pg_indexes WHERE tablename = 'short_urls'", dsn))
    del indexes["short_urls_pkey"]
    drops = "".join(f"DROP INDEX {index}; " for index in indexes)
    if not search:
        del indexes["short_urls_search"]
    insert = INSERT.format(count=count).replace(", created_at)", f", created_at{columns})").replace("now()", f"now(){values}")
    psql(f"BEGIN; {drops}{insert}; SET LOCAL maintenance_work_mem = '256MB'; {'; '.join(indexes.values())}; COMMIT", dsn)
    psql("VACUUM ANALYZE short_urls", dsn)
    return dsn


def warm(count, database=0):
    """Puts the first links into a database of Redis, as a first redirect of each would."""
    send(
        "".join(f"SET short_url:bench{n} https://example.com/some/path/{n} EX 86400\n" for n in range(1, count + 1)),
        database,
    )


def warm_ruled(name, conditions, database=0):
    """Puts a link into a database of Redis that has one rule for each condition, and a destination of its own."""
    rules = [{"u": f"https://example.com/rule/{n}", "c": [condition]} for n, condition in enumerate(conditions, 1)]
    link = {"i": "4711", "u": "https://example.com/some/path/1", "r": rules}
    record = json.dumps(link, separators=(",", ":")).replace('"', '\\"')
    send(f'SET short_url:{name} "\\x01{record}" EX 86400\n', database)


def send(commands, database):
    """Sends lines of commands to Redis."""
    path = os.path.join(os.environ["SWIFTLET_RUN"], "bench-warm")
    with open(path, "w") as file:
        file.write(commands)
    with open(path) as file:
        subprocess.run(["redis-cli", "-s", redis_socket(), "-n", str(database), "--pipe"], stdin=file, check=True, stdout=subprocess.DEVNULL)
    os.remove(path)


def redis_socket():
    return os.environ["REDIS_URL"].removeprefix("unix://").split("?")[0]
