"""The row of the statistics: a link with very many clicks against one with few, and against the raw rows."""

import json
import os
import random
import statistics
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from clickhouse import ask
from fastcgi import Peer
from links import code, made_up
from slices import ROUNDS, interleaved, run
from table import middle, row

FEW = 1_000_000
MANY = int(os.environ.get("BENCH_ROWS", 100_000_000))
# Clicks of other links, a thousand each.
OTHERS = int(os.environ.get("BENCH_OTHER_ROWS", 10_000_000))
# One insert is one block, and so one part.
BLOCK = 1_000_000
# A Python with the current engine (supervisor/stack install-tests).
PYTHON = ".build-chdb/bin/python"
# The counts: their keys, and what they keep beside their last batch.
COUNTS = {
    "link_totals": (
        "link",
        "sumState(toInt64(1)), sumState(toInt64(0)), uniqState(ip_address), minState(timestamp), maxState(timestamp)",
    ),
    "link_days": ("link, toDate(timestamp, 'UTC')", "sumState(toInt64(1))"),
    "link_referrers": ("link, referrer_host", "sumState(toInt64(1))"),
}


def stats(references):
    """/stats of a link with few clicks and one with many, and the raw GROUP BY over the same rows."""
    links = {name: made_up()[0] for name in ("few", "many")}
    began = time.monotonic()
    # The clicks are never merged: only the raw GROUP BY reads them, and it doesn't care.
    ask("SYSTEM STOP MERGES visits")
    try:
        make_clicks(others(), OTHERS)
        make_clicks(links["few"], FEW)
        make_clicks(links["many"], MANY)
        made = time.monotonic() - began
        for table in COUNTS:
            ask(f"OPTIMIZE TABLE {table} FINAL")

        def answer(link):
            urllib.request.urlopen(f"{references.site}/stats/{code(link)}", timeout=30).read()

        results = interleaved(
            {name: lambda link=link: usual(lambda: answer(link)) for name, link in links.items()}, max(ROUNDS, 5)
        )
        raw = [raw_time(links["many"]) for _ in range(min(3, ROUNDS))]
    finally:
        ours = "database = currentDatabase() AND table = 'visits' AND active AND partition < '(2021'"
        for partition in ask(f"SELECT DISTINCT partition FROM system.parts WHERE {ours}").splitlines():
            ask(f"ALTER TABLE visits DROP PARTITION {partition}")
        ask("SYSTEM START MERGES visits")
    return rows(
        "stats",
        results,
        raw,
        MANY,
        f"scaled to {MANY:,} clicks of one link (BENCH_ROWS) among {MANY + FEW + OTHERS:,} rows of {OTHERS // 1000 + 2:,} "
        f"links (BENCH_OTHER_ROWS), made in {made:,.0f} s with INSERT … SELECT FROM numbers, the counts as their states; "
        "the counts' parts merged.",
    )


def rows(name, results, raw, many, note, share_goal=1 / 50):
    ratio = middle([many / few for many, few in zip(results["many"], results["few"])])
    share = middle(results["many"]) / middle(raw)
    return [
        row(
            name,
            f"{many:,}: {middle(results['many']):.1f} ms",
            f"{FEW:,}: {middle(results['few']):.1f} ms",
            ratio,
            "<= 1.5 x the time",
            ratio <= 1.5,
            note,
        ),
        row(
            name,
            f"{middle(results['many']):.1f} ms",
            f"raw GROUP BY {middle(raw):,.0f} ms",
            share,
            share_goal and f"<= 1/{1 / share_goal:.0f} of the time",
            share_goal and share <= share_goal,
        ),
    ]


def current(references):
    """The same by the current engine (chdb), behind an analytics worker of its own, with a tenth of the clicks."""
    if not os.path.exists(PYTHON):
        raise RuntimeError(f"no {PYTHON}: supervisor/stack install-tests makes it")
    server = references.start([PYTHON, "Tests/chdb-server.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    url = f"http://default@127.0.0.1:{int(server.stdout.readline())}/default"
    migrate = [f"{references.programs}/swiftlet", "migrate"]
    run(migrate, env={**os.environ, "CLICKHOUSE_URL": url})
    links = {name: made_up()[0] for name in ("few", "many")}
    make_clicks(others(), OTHERS // 10, url)
    make_clicks(links["few"], FEW, url)
    make_clicks(links["many"], MANY // 10, url)
    for table in COUNTS:
        ask(f"OPTIMIZE TABLE {table} FINAL", url)
    worker = analytics(references, "current", CLICKHOUSE_URL=url)
    results = interleaved(
        {name: lambda link=link: usual(lambda: ask_worker(references, "current", link)) for name, link in links.items()},
        max(ROUNDS, 5),
    )
    raw = [raw_time(links["many"], url) for _ in range(min(3, ROUNDS))]
    references.stop(worker)
    server.stdin.close()
    note = (
        "by the engine in a Python process behind a small HTTP door, so times are no server's; no carry was there, so "
        "the empty counts by short code are asked, too; nothing asked of the raw rows."
    )
    return rows("stats, current engine", results, raw, MANY // 10, note, share_goal=None)


def analytics(references, name, **variables):
    """An analytics worker of its own, on the socket RUN/<name>.sock."""
    command = [f"{references.programs}/analytics"]
    return references.start_worker(name, command=command, CLICKHOUSE_READ_TIMEOUT_MS="60000", **variables)


def ask_worker(references, name, link):
    """The counts of a link by such a worker; the analytics pool keeps no connection."""
    with Peer(f"{references.run_directory}/{name}.sock") as worker:
        answer = worker.ask(f"/stats/{code(link)}")
    if b"total_clicks" not in answer:
        raise RuntimeError(answer[:200])
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])


def raw_time(link, url=None):
    """Milliseconds that the same takes from the clicks themselves, without the referrers."""
    start = time.monotonic()
    ask(
        "SELECT toDate(timestamp) AS day, count(), uniq(ip_address), max(timestamp) "
        f"FROM visits WHERE link = {link} GROUP BY day ORDER BY day FORMAT Null",
        url,
    )
    return (time.monotonic() - start) * 1000


def others():
    """An expression for links of a thousand clicks each, nearly all of them different."""
    return f"{random.randrange(62**9, 2**62)} + intDiv(n, 1000)"


def make_clicks(link, count, url=None):
    """Clicks of 365 days, 10^5 addresses and 50 hosts of referrers, into visits and the counts.

    `link` is an expression of the click's number n. Clicks come in the order of their time, as real ones do; two
    inserts run at a time, because each uses one thread.
    """
    shared = (
        f"toUInt64({link}) AS link, toDateTime(1700000000 + intDiv(n * 31536000, {count}), 'UTC') AS timestamp, "
        "IPv4NumToString(toUInt32(167772160 + (n * 7919) % 100003)) AS ip_address, "
        "concat('site', toString(intDiv(n, 7) % 50), '.example') AS referrer_host, "
    )
    statements = []
    for first in range(0, count, BLOCK):
        source = f"FROM (SELECT number + {first} AS n FROM numbers({min(BLOCK, count - first)}))"
        # A month for 10^8 rows, so that no partition gets more than 100 parts.
        day = f"addMonths(toDate('2010-01-01'), {first // (100 * BLOCK)})"
        for table, (keys, states) in COUNTS.items():
            statements.append(
                f"INSERT INTO {table} SELECT {keys}, {states}, maxState(toUInt64(0)) FROM (SELECT {shared} 0 AS rest {source}) "
                f"GROUP BY {keys}"
            )
        statements.append(
            "INSERT INTO visits (link, timestamp, ip_address, referrer_host, user_agent, weight, event_id, ingest_day) "
            f"SELECT {shared} 'Mozilla/5.0 (X11; Linux x86_64)', 1, toFixedString(hex(n), 16), {day} {source}"
        )
    run_two_at_a_time(statements, url)


def run_two_at_a_time(statements, url=None):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda statement: ask(statement, url), statements))


def usual(question):
    """The middle of some answers' times, in milliseconds."""
    times = []
    for _ in range(15):
        start = time.monotonic()
        question()
        times.append((time.monotonic() - start) * 1000)
    return statistics.median(times)
