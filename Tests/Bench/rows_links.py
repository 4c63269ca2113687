"""Rows of PostgreSQL: creation against the bare insert, and a cold look-up among many links."""

import json
import os
import random
import re
import statistics
import time

from fastcgi import Peer
from links import make_database, psql
from references import CREATORS, answers, wait_until
from rows_lists import make_key, milliseconds
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

    Two pools of the same size beside the stack's, each with a database and a Redis database of its own. Then the
    same databases are asked for the link that leads to a URL (findIfExists).
    """
    sizes = {"few": FEW, "many": MANY}
    migrate = [f"{references.programs}/swiftlet", "migrate"]
    began = time.monotonic()
    dsn = {name: make_database(name, count, migrate, search=False) for name, count in sizes.items()}
    loaded = time.monotonic() - began
    size = int(psql("SELECT pg_total_relation_size('short_urls')", dsn["many"]))
    pools = []
    try:
        for index, name in enumerate(sizes, 1):
            redis = os.environ["REDIS_URL"].split("?")[0] + f"?db={index}"
            stores = {"PG_DSN": dsn[name], "PG_LOOKUP_DSN": dsn[name], "PG_API_DSN": dsn[name], "REDIS_URL": redis}
            pools += references.start_worker(
                f"cold-{name}", 8, SHORTENER_ROLE="lookups", HOT_CACHE_MS="0", CACHE_TTL="1", **stores
            )
            pools += references.start_worker(f"find-{name}", command=[f"{references.programs}/api"], **stores)
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
        found = interleaved({name: finder(references, name, count, dsn[name]) for name, count in sizes.items()})
    finally:
        references.stop(pools)
        for name in sizes:
            psql(f"DROP DATABASE bench_{name}")
    ratio = middle([few / many for few, many in zip(results["few"], results["many"])])
    times = middle([many / few for few, many in zip(found["few"], found["many"])])
    return [
        row(
            "cold",
            f"{MANY:,}: " + spread(results["many"]),
            f"{FEW:,}: " + spread(results["few"]),
            ratio,
            "<= 1.3 x the time",
            ratio <= 1.3,
            f"loaded in {loaded:,.0f} s; {size / MANY:,.0f} bytes a link with the indexes but that of searches; every "
            "answer is looked up in PostgreSQL and then set in Redis.",
        ),
        row(
            "findIfExists",
            f"{MANY:,}: {middle(found['many']):.2f} ms",
            f"{FEW:,}: {middle(found['few']):.2f} ms",
            times,
            None,
            None,
            "the median of 200 links that are there, asked for by where they lead.",
        ),
    ]


def finder(references, name, count, dsn):
    """A function that tells the usual milliseconds of an answer with the link that leads to a URL."""
    key = make_key(references, dsn)

    def find():
        with Peer(f"{references.run_directory}/find-{name}.sock") as worker:
            return statistics.median(
                milliseconds(lambda: one_found(worker, key, random.randrange(1, count + 1))) for _ in range(200)
            )

    return find


def one_found(worker, key, number):
    body = json.dumps({"longUrl": f"https://example.com/some/path/{number}", "findIfExists": True}).encode()
    answer = worker.post("/rest/v3/short-urls", body, HTTP_X_API_KEY=key)
    if f'"shortCode":"bench{number}"'.encode() not in answer:
        raise RuntimeError(answer[:400])
