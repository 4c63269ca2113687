"""The row of the processor time that a request takes, program by program: what `scale.py` reckons with."""

import os
import time

import slices
from links import made_up
from processes import processor_time
from references import Uncounted
from rows_clicks import LINES, hand_over, wait_for_quiet, write_journal
from rows_redirect import prepare
from slices import openloop, wrk
from table import row

RATE = int(os.environ.get("BENCH_RATE", 2000))
SECONDS = int(os.environ.get("BENCH_PROCESSOR_SECONDS", 15))


def processor(references):
    """Microseconds for a redirect with its click's way and without, a click among many, a new link, an answer of /stats."""
    prepare(references, 1)
    wait_for_quiet()
    idle = resting()
    link, code = made_up()
    draft, _ = write_journal(code)
    return [
        told("a click of a backlog", idle, lambda: backlog(draft, link)),
        told("a redirect, counted", idle, lambda: redirects(references)),
        told("a redirect at the peak", idle, lambda: peak(references)),
        told("a new link", idle, lambda: closed(f"{references.site}/shorten", "shorten.lua")),
        told("an answer of /stats", idle, lambda: closed(f"{references.site}/stats/bench1")),
    ]


def resting():
    """What the programs take in a second in which nobody asks for anything."""
    before, began = processor_time(), time.monotonic()
    time.sleep(5)
    after, elapsed = processor_time(), time.monotonic() - began
    return {name: (after[name] - before[name]) / elapsed for name in after}


def told(what, idle, load):
    before, began = processor_time(), time.monotonic()
    requests = load()
    after, elapsed = processor_time(), time.monotonic() - began
    cost = {name: (after[name] - before[name] - idle.get(name, 0) * elapsed) / requests * 1e6 for name in after}
    cost = {name: value for name, value in sorted(cost.items(), key=lambda item: -item[1]) if value >= 0.05}
    line = row(
        f"processor, {what}",
        f"{sum(cost.values()):,.1f} us",
        "",
        None,
        None,
        None,
        ", ".join(f"{name} {value:,.1f}" for name, value in cost.items()) + f" us, of {requests:,} requests.",
    )
    return {**line, "microseconds": cost}


def redirects(references):
    """A fixed rate of redirects of one link, until the last of them is counted."""
    result = openloop(references.port, "/bench1", RATE, SECONDS)
    wait_for_quiet()
    return result["answered"]


def peak(references):
    """As many redirects of one link as go; their clicks stay in the journals."""
    with Uncounted():
        return closed(f"{references.site}/bench1", connections=32)


def backlog(draft, link):
    """Many clicks at once, so that messages and batches are full."""
    hand_over(draft, link)
    return LINES


def closed(url, script=None, connections=8):
    before = slices.answered + slices.refused
    wrk(url, SECONDS / 3, connections, script)
    return slices.answered + slices.refused - before
