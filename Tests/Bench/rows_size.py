"""The row of what is kept: bytes at rest of a click and of a link, in each engine."""

import itertools
import os
import random
import re
import secrets
import time
from collections import Counter

from clickhouse import ask
from links import make_database, psql, redis_socket, warm
from rows_clicks import wait_for_quiet
from slices import run
from table import row

CLICKS = int(os.environ.get("BENCH_KEPT_CLICKS", 1_000_000))
LINKS = 100_000
TABLES = ("visits", "link_totals", "link_days", "link_referrers", "click_journals")
# Bytes of a click at rest, with its counts, in the tables of before the seam: 44 and 9.
BEFORE = 53
AGENTS = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    for system in ("X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7")
    for version in range(100, 140)
]


def size(references):
    """Clicks as a day brings them, by relay and consumer, then merged; links in PostgreSQL and in Redis."""
    wait_for_quiet()
    before, there = total(), at_rest()
    path = os.path.join(os.environ["JOURNAL_DIR"], ".bench")
    write_journal(path)
    journal = os.path.getsize(path) / CLICKS
    os.rename(path, os.path.join(os.environ["JOURNAL_DIR"], secrets.token_hex(8) + ".ndjson"))
    end = time.monotonic() + 600
    while total() < before + CLICKS:
        if time.monotonic() > end:
            raise TimeoutError("the clicks did not arrive")
        time.sleep(0.5)
    now = at_rest()
    kept = {table: sum((now - there)[table, column] for at, column in now if at == table) / CLICKS for table in TABLES}
    counts = sum(kept.values()) - kept["visits"]
    largest = ", ".join(
        f"{column} {size / CLICKS:.1f}"
        for (table, column), size in (now - there).most_common()
        if table == "visits" and size / CLICKS >= 0.5
    )
    rows = [
        row(
            "size",
            f"{kept['visits']:.1f} bytes a click, {counts:.1f} for the counts",
            f"its journal line {journal:.0f}",
            kept["visits"] / journal,
            None,
            None,
            f"{CLICKS:,} clicks of {LINKS:,} links (Zipf), 50,000 addresses, {len(AGENTS)} agents; by column: {largest}.",
        ),
        row(
            "size",
            f"{kept['visits'] + counts:.1f} bytes a click and its counts",
            f"{BEFORE} by short code",
            (kept["visits"] + counts) / BEFORE,
            "<= 1.6 x the bytes",
            kept["visits"] + counts <= 1.6 * BEFORE,
        ),
    ]
    dsn = make_database("few", LINKS, [f"{references.programs}/swiftlet", "migrate"])
    stored = int(psql("SELECT pg_total_relation_size('short_urls')", dsn)) / LINKS
    psql("DROP DATABASE bench_few")
    empty = redis_memory()
    warm(LINKS)
    cached = (redis_memory() - empty) / LINKS
    rows.append(row("size", f"{stored:.0f} bytes a link in PostgreSQL, {cached:.0f} in Redis", "", None, None, None))
    return rows


def at_rest():
    """Bytes by table and column, when all parts have been merged."""
    for table in TABLES:
        ask(f"OPTIMIZE TABLE {table} FINAL")
    answer = ask(
        "SELECT table, column, sum(column_data_compressed_bytes + column_marks_bytes) FROM system.parts_columns "
        "WHERE active AND database = currentDatabase() GROUP BY table, column"
    )
    lines = [line.split("\t") for line in answer.splitlines()]
    return Counter({(table, column): int(size) for table, column, size in lines if table in TABLES})


def total():
    return int(ask("SELECT sumMerge(clicks) FROM link_totals") or 0)


def redis_memory():
    return int(re.search(r"used_memory:(\d+)", run(["redis-cli", "-s", redis_socket(), "INFO", "memory"])).group(1))


def write_journal(path):
    """Lines of one day in the order of their time, with the random ids that nginx gives."""
    shares = list(itertools.accumulate(1 / k for k in range(1, LINKS + 1)))
    links = random.choices(range(1, LINKS + 1), cum_weights=shares, k=CLICKS)
    with open(path, "w", buffering=1 << 20) as file:
        for number, link in enumerate(links):
            second, millisecond = divmod(number * 86_400_000 // CLICKS, 1000)
            visitor = random.randrange(50_000)
            referrer = "" if number % 2 else f"https://site{random.randrange(200)}.example/page/{link % 50}"
            file.write(
                f'{{"event_id":"{secrets.token_hex(16)}","short_code":"1LDUV{link * 7919:06x}",'
                f'"timestamp":"2026-11-20T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{millisecond:03d}Z",'
                f'"ip_address":"{11 + visitor % 200}.{visitor // 200}.{visitor * 31 % 256}.7",'
                f'"user_agent":"{AGENTS[visitor % len(AGENTS)]}","referrer":"{referrer}"}}\n'
            )
