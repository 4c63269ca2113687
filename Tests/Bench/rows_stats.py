"""The row of the statistics: a link with very many clicks against one with few, and against the raw rows."""

import os
import secrets
import statistics
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from clickhouse import ask
from slices import ROUNDS, interleaved
from table import middle, row

FEW = 1_000_000
MANY = int(os.environ.get("BENCH_ROWS", 100_000_000))
# Clicks of other links, a thousand each.
OTHERS = int(os.environ.get("BENCH_OTHER_ROWS", 10_000_000))
# One insert is one block, and so one part.
BLOCK = 1_000_000
COUNTS = ("clicks_by_link", "clicks_by_day", "clicks_by_referrer")


def stats(references):
    """/stats of a link with few clicks and one with many, and the raw GROUP BY over the same rows."""
    links = {name: name + secrets.token_hex(4) for name in ("few", "many")}
    began = time.monotonic()
    # Parts are merged at the end, and only those that /stats reads.
    ask("SYSTEM STOP MERGES")
    try:
        make_clicks(f"'other{secrets.token_hex(4)}x' || toString(intDiv(n, 1000))", OTHERS)
        make_clicks(f"'{links['few']}'", FEW)
        make_clicks(f"'{links['many']}'", MANY)
        made = time.monotonic() - began
        ask("SYSTEM START MERGES")
        for table in COUNTS:
            ask(f"OPTIMIZE TABLE {table} FINAL")
        ask("SYSTEM STOP MERGES")
        address = f"{references.site}/stats/"
        results = interleaved(
            {name: lambda code=code: usual_time(address + code) for name, code in links.items()}, max(ROUNDS, 5)
        )
        raw = [raw_time(links["many"]) for _ in range(min(3, ROUNDS))]
    finally:
        for partition in ask("SELECT DISTINCT partition FROM system.parts WHERE table = 'click_events' "
                             "AND active AND partition < '2021-01-01'").split():
            ask(f"ALTER TABLE click_events DROP PARTITION '{partition}'")
        ask("SYSTEM START MERGES")
    ratio = middle([many / few for many, few in zip(results["many"], results["few"])])
    share = middle(results["many"]) / middle(raw)
    total = MANY + FEW + OTHERS
    return [
        row(
            "stats",
            f"{MANY:,}: {middle(results['many']):.1f} ms",
            f"{FEW:,}: {middle(results['few']):.1f} ms",
            ratio,
            "<= 1.5 x the time",
            ratio <= 1.5,
            f"scaled to {MANY:,} clicks of one link (BENCH_ROWS) among {total:,} rows of {OTHERS // 1000 + 2:,} links "
            f"(BENCH_OTHER_ROWS), made in {made:,.0f} s with INSERT … SELECT FROM numbers, the counts through clicks_in; "
            "the counts' parts merged.",
        ),
        row(
            "stats",
            f"{middle(results['many']):.1f} ms",
            f"raw GROUP BY {middle(raw):,.0f} ms",
            share,
            "<= 1/50 of the time",
            share <= 1 / 50,
        ),
    ]


def raw_time(code):
    """Milliseconds that the same takes from the clicks themselves, without the referrers."""
    start = time.monotonic()
    ask(
        "SELECT toDate(timestamp) AS day, count(), uniq(ip_address), max(timestamp) "
        f"FROM click_events WHERE short_code = '{code}' GROUP BY day ORDER BY day FORMAT Null"
    )
    return (time.monotonic() - start) * 1000


def make_clicks(code, count):
    """Clicks of 365 days, 10^5 addresses and 50 referrers, into click_events and, for the counts, clicks_in.

    `code` is an expression of the click's number n. Clicks come in the order of their time, as real ones do; two
    inserts run at a time, because each uses one thread.
    """
    shared = (
        f"{code} AS short_code, toDateTime(1700000000 + intDiv(n * 31536000, {count})) AS timestamp, "
        "IPv4NumToString(toUInt32(167772160 + (n * 7919) % 100003)) AS ip_address, "
        "concat('https://example.org/', toString(intDiv(n, 7) % 50)) AS referrer, "
    )
    statements = []
    for first in range(0, count, BLOCK):
        source = f"FROM (SELECT number + {first} AS n FROM numbers({min(BLOCK, count - first)}))"
        # A day for 10^8 rows, so that no partition gets more than 100 parts.
        day = f"toDate('2020-01-01') + {first // (100 * BLOCK)}"
        statements.append(
            "INSERT INTO clicks_in (short_code, timestamp, ip_address, referrer, journal, journal_offset, batch, targets) "
            f"SELECT {shared} 0, 0, 0, 7 {source}"
        )
        statements.append(
            "INSERT INTO click_events (short_code, timestamp, ip_address, referrer, user_agent, event_id, retried, "
            f"journal, journal_offset, batch, ingest_day) SELECT {shared} 'Mozilla/5.0 (X11; Linux x86_64)', "
            f"toFixedString(hex(n), 16), 0, 0, 0, 0, {day} {source}"
        )
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, statements))


def usual_time(url):
    """The middle of some answers' times, in milliseconds."""
    times = []
    for _ in range(15):
        start = time.monotonic()
        urllib.request.urlopen(url, timeout=30).read()
        times.append((time.monotonic() - start) * 1000)
    return statistics.median(times)
