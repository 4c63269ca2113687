"""Rows of the click's way: from the journal into ClickHouse, and out of it again."""

import json
import os
import random
import secrets
import statistics
import threading
import time
import urllib.error
import urllib.request

from references import NoRedirect
from rows_fast import FastPath
from rows_redirect import prepare
from slices import BUILT, ROUNDS, interleaved, openloop, run, wrk
from table import middle, row, spread

LINES = int(os.environ.get("BENCH_CLICKS", 2_000_000))
SAMPLES = int(os.environ.get("BENCH_SAMPLES", 60))
FEW = 1_000_000
MANY = int(os.environ.get("BENCH_ROWS", 20_000_000))
MESSAGE = 256 << 10


def clickhouse(sql):
    """The answer of ClickHouse to a statement, as text."""
    url = os.environ["CLICKHOUSE_URL"]
    scheme, rest = url.split("://", 1)
    user, rest = rest.split("@", 1)
    host, database = rest.split("/", 1)
    address = f"{scheme}://{host}/?database={database}&user={user.split(':')[0]}"
    request = urllib.request.Request(address, sql.encode(), {"Content-Type": "text/plain"})
    try:
        return urllib.request.urlopen(request, timeout=1800).read().decode()
    except urllib.error.HTTPError as error:
        raise RuntimeError(error.read().decode()[:400]) from None


def counted(code):
    return int(clickhouse(f"SELECT sumMerge(clicks) FROM clicks_by_link WHERE short_code = '{code}'") or 0)


def ingest(references):
    """A journal of many lines, dropped before the relay: how long until all are counted."""
    prepare(references, 1)
    peaks = [wrk(f"{references.site}/bench1") for _ in range(2)]
    with FastPath(references) as path:
        fast = [wrk(f"{path.site}/bench1") for _ in range(3)]
    wait_for_quiet()
    code = "ingest" + secrets.token_hex(4)
    draft, size = write_journal(code)
    broker = json.loads(run([f"{BUILT}/broker", "127.0.0.1", amqp_port(), max(64, size // MESSAGE), MESSAGE, 64]))
    os.rename(draft, os.path.join(os.environ["JOURNAL_DIR"], secrets.token_hex(8) + ".ndjson"))
    start = time.monotonic()
    while counted(code) < LINES:
        if time.monotonic() - start > 600:
            raise TimeoutError(f"{counted(code):,} of {LINES:,} lines after 600 s")
        time.sleep(0.05)
    elapsed = time.monotonic() - start
    peaks += [wrk(f"{references.site}/bench1") for _ in range(2)]
    rate, peak = LINES / elapsed, middle(peaks)
    return [
        row(
            "ingest",
            f"{rate:,.0f} clicks/s",
            "own redirect peak " + spread(peaks),
            rate / peak,
            ">= 1.0 x the peak",
            rate >= peak,
            f"{LINES:,} lines of one link, {size / LINES:.0f} bytes each, in {elapsed:.1f} s; no redirects meanwhile.",
        ),
        row(
            "ingest",
            "",
            "the fast path's peak " + spread(fast),
            rate / middle(fast),
            ">= 1.0 x the peak",
            rate >= middle(fast),
        ),
        row(
            "ingest",
            f"{size / elapsed / 1e6:,.0f} MB/s",
            f"bare publish, confirm, consume {broker['bytes_per_second'] / 1e6:,.0f} MB/s",
            size / elapsed / broker["bytes_per_second"],
            None,
            None,
        ),
    ]


def write_journal(code):
    """A journal's lines, in a file that the relay doesn't take for one; gives its path and size."""
    path = os.path.join(os.environ["JOURNAL_DIR"], ".bench")
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    with open(path, "w", buffering=1 << 20) as file:
        for number in range(LINES):
            file.write(
                f'{{"event_id":"{number:032x}","short_code":"{code}","timestamp":"{stamp}.{number % 1000:03d}Z",'
                f'"ip_address":"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",'
                f'"user_agent":"Mozilla/5.0 (X11; Linux x86_64)","referrer":"https://example.org/page/{number % 50}"}}\n'
            )
    return path, os.path.getsize(path)


def wait_for_quiet():
    """Until all clicks there are have been counted."""
    last, since = -1, time.monotonic()
    while time.monotonic() - since < 2:
        now = int(clickhouse("SELECT sumMerge(clicks) FROM clicks_by_link") or 0)
        if now != last:
            last, since = now, time.monotonic()
        time.sleep(0.2)


def amqp_port():
    return os.environ["RABBITMQ_URL"].rsplit(":", 1)[1].split("/")[0]


def visible(references):
    """From the answer of a redirect until /stats counts it, while the pool serves at half its peak."""
    prepare(references, 1)
    peak = middle([wrk(f"{references.site}/bench1") for _ in range(2)])
    wait_for_quiet()
    results = []
    seconds = 2 + SAMPLES * 0.25
    load = threading.Thread(
        target=lambda: results.append(openloop(references.port, "/bench1", peak / 2, seconds))
    )
    load.start()
    time.sleep(1)
    delays, threads = [], []
    for _ in range(SAMPLES):
        threads.append(threading.Thread(target=lambda: delays.append(delay(references.site))))
        threads[-1].start()
        time.sleep(random.uniform(0.15, 0.35))
    for thread in threads + [load]:
        thread.join()
    delays.sort()
    if len(delays) < SAMPLES:
        raise RuntimeError("clicks did not become visible")
    p99 = delays[min(SAMPLES - 1, int(SAMPLES * 0.99))]
    return [
        row(
            "visible",
            f"p50 {statistics.median(delays):.2f} s, p99 {p99:.2f} s",
            f"load {peak / 2:,.0f}/s",
            None,
            "p99 <= 2 s",
            p99 <= 2,
            f"{SAMPLES} new links, each clicked once and asked for every 20 ms.",
        )
    ]


def delay(site):
    body = json.dumps({"original_url": "https://example.com/visible"}).encode()
    request = urllib.request.Request(f"{site}/shorten", body, {"Content-Type": "application/json"})
    code = json.load(urllib.request.urlopen(request, timeout=10))["short_code"]
    try:
        urllib.request.build_opener(NoRedirect).open(f"{site}/{code}", timeout=10)
    except urllib.error.HTTPError as answer:
        assert answer.code == 301
    start = time.monotonic()
    while time.monotonic() - start < 60:
        if json.load(urllib.request.urlopen(f"{site}/stats/{code}", timeout=10))["total_clicks"]:
            return time.monotonic() - start
        time.sleep(0.02)
    raise TimeoutError(code)


def stats(references):
    """/stats of a link with few clicks and one with many, and the raw GROUP BY over the same rows."""
    links = {"few": (f"few{secrets.token_hex(4)}", FEW), "many": (f"many{secrets.token_hex(4)}", MANY)}
    for code, count in links.values():
        for first in range(0, count, FEW):
            make_clicks(code, first, min(FEW, count - first))
    # As after a while: what was inserted in pieces has been merged.
    for table in ("clicks_by_link", "clicks_by_day", "clicks_by_referrer", "click_events"):
        clickhouse(f"OPTIMIZE TABLE {table} FINAL")
    address = f"{references.site}/stats/"
    results = interleaved(
        {name: lambda code=code: usual_time(address + code) for name, (code, _) in links.items()}, max(ROUNDS, 5)
    )
    code = links["many"][0]
    raw = []
    for _ in range(min(3, ROUNDS)):
        start = time.monotonic()
        clickhouse(
            "SELECT toDate(timestamp) AS day, count(), uniq(ip_address), max(timestamp) "
            f"FROM click_events WHERE short_code = '{code}' GROUP BY day ORDER BY day FORMAT Null"
        )
        raw.append((time.monotonic() - start) * 1000)
    ratio = middle([many / few for many, few in zip(results["many"], results["few"])])
    share = middle(results["many"]) / middle(raw)
    return [
        row(
            "stats",
            f"{MANY:,}: {middle(results['many']):.1f} ms",
            f"{FEW:,}: {middle(results['few']):.1f} ms",
            ratio,
            "<= 1.5 x the time",
            ratio <= 1.5,
            f"rows made with INSERT … SELECT FROM numbers, scaled to {MANY:,} (BENCH_ROWS); "
            "the counts through clicks_in; all parts merged.",
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


def make_clicks(code, first, count):
    """Clicks of 365 days, 10^5 addresses and 50 referrers, into click_events and, for the counts, clicks_in."""
    columns = (
        f"'{code}' AS short_code, toDateTime(1700000000 + number % 31536000) AS timestamp, "
        "concat('10.0.', toString(intDiv(number, 256) % 400), '.', toString(number % 256)) AS ip_address, "
        "{agent}concat('https://example.org/', toString(number % 50)) AS referrer, "
    )
    source = f"FROM (SELECT number * 31 + {first} AS number FROM numbers({count}))"
    clickhouse(
        "INSERT INTO click_events (short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, "
        "journal, journal_offset, batch, ingest_day) SELECT "
        + columns.format(agent="'Mozilla/5.0' AS user_agent, ")
        + f"toFixedString(substring(hex(number), 1, 16), 16), 0, 0, 0, 0, toDate('2020-01-01') {source}"
    )
    clickhouse(
        "INSERT INTO clicks_in (short_code, timestamp, ip_address, referrer, journal, journal_offset, batch, targets) "
        "SELECT " + columns.format(agent="") + f"0, 0, 0, 7 {source}"
    )


def usual_time(url):
    """The middle of some answers' times, in milliseconds."""
    times = []
    for _ in range(15):
        start = time.monotonic()
        urllib.request.urlopen(url, timeout=30).read()
        times.append((time.monotonic() - start) * 1000)
    return statistics.median(times)
