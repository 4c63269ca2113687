"""Rows of PostgreSQL: creation against the bare insert, and a cold look-up among many links."""

import os
import re
import time

from links import load_afresh, psql
from references import CREATORS, answers, wait_until
from slices import HERE, SECONDS, interleaved, run, wrk
from table import middle, row, spread

CLIENTS = 16
FEW, MANY = 10_000, int(os.environ.get("BENCH_COLD_LINKS", 10_000_000))


def pgbench():
    """Commits a second of the one-row insert, by as many clients."""
    programs = run(["pg_config", "--bindir"]).strip() if os.path.exists("/usr/bin/pg_config") else ""
    program = os.path.join(programs, "pgbench")
    command = [program if os.path.exists(program) else "pgbench", "-n", "-M", "prepared", "-j", "2"]
    output = run(command + ["-c", CLIENTS, "-T", max(1, round(SECONDS)), "-f", f"{HERE}/insert.sql", os.environ["PG_DSN"]])
    return float(re.search(r"tps = ([\d.]+)", output).group(1))


def shorten(references):
    """POST /shorten beside the bare creator (R4) and pgbench, which do the same insert into a table of the same shape."""
    psql("DROP TABLE IF EXISTS bench_urls; CREATE TABLE bench_urls (LIKE short_urls INCLUDING ALL)")
    creators = references.start_creators()
    try:
        url = references.url("R4", "/shorten")
        wait_until(lambda: wrk(url, 1, CREATORS, "shorten.lua", warming=True) > 0)
        results = interleaved(
            {
                "R4": lambda: wrk(url, None, CLIENTS, "shorten.lua"),
                "pgbench": pgbench,
                "shorten": lambda: wrk(f"{references.site}/shorten", None, CLIENTS, "shorten.lua"),
            }
        )
    finally:
        references.stop(creators)
        psql("DROP TABLE bench_urls")
    ratio = middle([ours / bare for ours, bare in zip(results["shorten"], results["R4"])])
    return [
        row(
            "shorten",
            spread(results["shorten"]),
            "R4 " + spread(results["R4"]),
            ratio,
            ">= 0.85 x R4",
            ratio >= 0.85,
            f"{CLIENTS} clients each; R4 has {CREATORS} processes; pgbench {spread(results['pgbench'])}: the random ids of "
            "pgbench spread over its index, the others ascend.",
        )
    ]


def cold(references):
    """Every code asked for once, nothing remembered anywhere: PostgreSQL with many links, and with few.

    Two pools of the same size beside the stack's, each with a database and a Redis database of its own.
    """
    sizes = {"few": FEW, "many": MANY}
    began = time.monotonic()
    dsn = {name: make_database(name, count) for name, count in sizes.items()}
    loaded = time.monotonic() - began
    size = int(psql("SELECT pg_total_relation_size('short_urls')", dsn["many"]))
    pools = []
    try:
        for index, name in enumerate(sizes, 1):
            redis = os.environ["REDIS_URL"].split("?")[0] + f"?db={index}"
            pools += references.start_worker(
                f"cold-{name}",
                8,
                SHORTENER_ROLE="lookups",
                PG_LOOKUP_DSN=dsn[name],
                REDIS_URL=redis,
                HOT_CACHE_MS="0",
                CACHE_TTL="1",
            )
        for name in sizes:
            wait_until(lambda: answers(references.url("WORKER", f"/cold-{name}/bench1")))
        results = interleaved(
            {
                name: lambda name=name, count=count: wrk(
                    references.url("WORKER", ""), None, 8, "spread.lua", f"/cold-{name}/bench", str(count)
                )
                for name, count in sizes.items()
            }
        )
    finally:
        references.stop(pools)
        for name in sizes:
            psql(f"DROP DATABASE bench_{name}")
    ratio = middle([few / many for few, many in zip(results["few"], results["many"])])
    return [
        row(
            "cold",
            f"{MANY:,}: " + spread(results["many"]),
            f"{FEW:,}: " + spread(results["few"]),
            ratio,
            "<= 1.3 x the time",
            ratio <= 1.3,
            f"loaded in {loaded:,.0f} s; {size / MANY:,.0f} bytes a link with both indexes; every answer is looked up in "
            "PostgreSQL and then set in Redis.",
        )
    ]


def make_database(name, count):
    psql(f"DROP DATABASE IF EXISTS bench_{name}")
    psql(f"CREATE DATABASE bench_{name}")
    dsn = re.sub(r"///swiftlet\?", f"///bench_{name}?", os.environ["PG_DSN"])
    psql(open("migrations/postgres/0001_create_short_urls.sql").read(), dsn)
    load_afresh(count, dsn)
    return dsn
