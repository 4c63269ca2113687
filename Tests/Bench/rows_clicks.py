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

from clickhouse import ask
from links import made_up
from references import NoRedirect
from rows_fast import FastPath
from rows_redirect import prepare
from slices import BUILT, openloop, run, wrk
from table import middle, row, spread

LINES = int(os.environ.get("BENCH_CLICKS", 2_000_000))
SAMPLES = int(os.environ.get("BENCH_SAMPLES", 60))
MESSAGE = 256 << 10


def counted(link, url=None):
    return int(ask(f"SELECT sumMerge(clicks) FROM link_totals WHERE scope = {link}", url) or 0)


def ingest(references):
    """A journal of many lines, dropped before the relay: how long until all are counted."""
    prepare(references, 1)
    peaks = [wrk(f"{references.site}/bench1") for _ in range(2)]
    with FastPath(references) as path:
        fast = [wrk(f"{path.site}/bench1") for _ in range(3)]
    wait_for_quiet()
    link, code = made_up()
    draft, size = write_journal(code)
    broker = json.loads(run([f"{BUILT}/broker", "127.0.0.1", amqp_port(), max(64, size // MESSAGE), MESSAGE, 64]))
    elapsed = hand_over(draft, link)
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


def hand_over(draft, link, url=None):
    """Gives a journal to the relay; the seconds until all its clicks are counted."""
    before = counted(link, url)
    os.rename(draft, os.path.join(os.path.dirname(draft), secrets.token_hex(8) + ".ndjson"))
    start = time.monotonic()
    while (now := counted(link, url) - before) < LINES:
        if time.monotonic() - start > 600:
            raise TimeoutError(f"{now:,} of {LINES:,} lines after 600 s")
        time.sleep(0.05)
    return time.monotonic() - start


def write_journal(code, directory=None):
    """A journal's lines, in a file that the relay doesn't take for one; gives its path and size."""
    path = os.path.join(directory or os.environ["JOURNAL_DIR"], ".bench")
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
        now = int(ask("SELECT sumMerge(clicks) FROM link_totals") or 0)
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
