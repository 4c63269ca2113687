"""Rows of a warm link's latency while something else is asked for, or is wrong.

The warm link is asked at a fixed rate (open loop), with and without the harm in turn: what counts is the
99th percentile with it, and its ratio to the same slices without.
"""

import concurrent.futures
import contextlib
import http.client
import itertools
import os
import random
import string
import threading
import time

import engines
from links import load, warm
from references import answers, supervisorctl, wait_until
from slices import ROUNDS, SECONDS, interleaved, openloop
from table import middle, row

# Requests a second for the warm link, far below the peak: what is measured is who waits behind whom.
RATE = 1000
# Requests a second of the client that asks for unknown codes: half of them for one code, again and again.
UNKNOWN = 100
CONNECTIONS = 60
# Requests a second for health and numbers, over all those connections.
ASKED = 600
JOURNALS = int(os.environ.get("BENCH_JOURNALS", 50_000))
MILLISECONDS = 20


def unknown_codes(references):
    """One client asks for unknown codes, while PostgreSQL is well, takes 100 ms a query, is frozen, is dead."""
    ready(references)
    states = {
        "PostgreSQL well": contextlib.nullcontext,
        "PostgreSQL takes 100 ms a query": lambda: engines.slow_postgres(0.1),
        "PostgreSQL frozen": engines.frozen_postgres,
        "PostgreSQL dead": engines.dead_postgres,
    }
    rows = []
    for state, harm in states.items():
        statuses = {}
        with harm():
            # The first look-up after a fault waits for a time-out; it belongs to the harm.
            results = compared(references, lambda: guesses(references.port, statuses))
        rows.append(told(f"unknown codes, {state}", results, answers_told(statuses)))
    return rows


def many_journals(references):
    """Journals that nobody publishes, and 60 connections that ask for health and numbers meanwhile."""
    ready(references)
    directory = os.environ["JOURNAL_DIR"]
    supervisorctl("stop", "relay")
    names = [os.path.join(directory, f"{random.getrandbits(64):016x}.ndjson") for _ in range(JOURNALS)]
    statuses = {}
    try:
        alone = [openloop(references.port, "/bench1", RATE) for _ in range(ROUNDS)]
        for name in names:
            with open(name, "w"):
                pass
        with asking(references.port, itertools.cycle(["/health", "/metrics"]).__next__, statuses, ASKED):
            harmed = [openloop(references.port, "/bench1", RATE) for _ in range(ROUNDS)]
    finally:
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                os.remove(name)
        supervisorctl("start", "relay")
    return [told(f"{JOURNALS:,} journals", {"alone": alone, "harmed": harmed}, answers_told(statuses))]


def ready(references):
    load(1)
    warm(1)
    wait_until(lambda: answers(f"{references.site}/bench1"))
    openloop(references.port, "/bench1", RATE, 1)


def compared(references, harm):
    """Slices without and with the harm in turn."""

    def harmed():
        with harm():
            return openloop(references.port, "/bench1", RATE)

    return interleaved({"alone": lambda: openloop(references.port, "/bench1", RATE), "harmed": harmed})


def guesses(port, statuses):
    """Random codes and one that is asked again and again, in turn."""
    turn = itertools.count()

    def path():
        if next(turn) % 2:
            return "/zzunknown"
        return "/" + "".join(random.choices(string.ascii_letters + string.digits, k=10))

    return asking(port, path, statuses, UNKNOWN)


@contextlib.contextmanager
def asking(port, path, statuses, rate):
    """Asks over many connections while it lasts, so many times a second."""
    stopped = threading.Event()
    tokens = threading.Semaphore(0)

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while not stopped.is_set():
            if not tokens.acquire(timeout=0.2):
                continue
            try:
                connection.request("GET", path())
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException):
                connection.close()
                status = "no answer"
            statuses[status] = statuses.get(status, 0) + 1

    def pace():
        while not stopped.wait(0.01):
            tokens.release(max(1, int(rate * 0.01)))

    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS + 1) as pool:
        for _ in range(CONNECTIONS):
            pool.submit(client)
        pool.submit(pace)
        try:
            time.sleep(0.5)
            yield
        finally:
            stopped.set()


def told(name, results, note):
    alone, harmed = (middle([each["p99"] for each in results[which]]) / 1000 for which in ("alone", "harmed"))
    wrong = sum(each["failed"] + each["unanswered"] + each["not_301"] for each in results["harmed"])
    ratio = harmed / alone
    worst = max(each["max"] for each in results["harmed"]) / 1000
    return row(
        name,
        f"p99 {harmed:.1f} ms, max {worst:.0f} ms",
        f"without p99 {alone:.1f} ms",
        ratio,
        f"p99 <= {MILLISECONDS} ms, <= 3 x",
        harmed <= MILLISECONDS and ratio <= 3 and not wrong,
        f"a warm link at {RATE:,}/s, {wrong} of its requests without a redirect; the others' answers: {note}.",
    )


def answers_told(statuses):
    return ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items(), key=str)) or "none"
