"""Links for the bench, put straight into PostgreSQL: codes bench1 … benchN, all different."""

import os
import random
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


def load_afresh(count, dsn):
    """So many links into an empty table, quicker: its indexes are built when the rows are there.

    They come out as they would have, but for pages that are evenly filled.
    """
    psql(
        "BEGIN; "
        "ALTER TABLE short_urls DROP CONSTRAINT short_urls_pkey, DROP CONSTRAINT short_urls_short_code_key; "
        + INSERT.format(count=count)
        + "; SET LOCAL maintenance_work_mem = '256MB'; "
        "ALTER TABLE short_urls ADD PRIMARY KEY (snowflake_id), ADD UNIQUE (short_code); COMMIT",
        dsn,
    )
    psql("VACUUM ANALYZE short_urls", dsn)


def warm(count, database=0):
    """Puts the first links into a database of Redis, as a first redirect of each would."""
    commands = "".join(
        f"SET short_url:bench{n} https://example.com/some/path/{n} EX 86400\n" for n in range(1, count + 1)
    )
    path = os.path.join(os.environ["SWIFTLET_RUN"], "bench-warm")
    with open(path, "w") as file:
        file.write(commands)
    with open(path) as file:
        subprocess.run(["redis-cli", "-s", redis_socket(), "-n", str(database), "--pipe"], stdin=file, check=True, stdout=subprocess.DEVNULL)
    os.remove(path)


def redis_socket():
    return os.environ["REDIS_URL"].removeprefix("unix://").split("?")[0]
