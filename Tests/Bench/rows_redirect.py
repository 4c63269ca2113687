"""Rows of the redirect on the pool path.

The peaks are the pool path's own, the click in its journal: the programs that count it would take their
part of the same processors. What is left with them at work is told beside it.
"""

import os

from links import load, warm
from references import Uncounted, answers, supervisorctl, wait_until
from slices import ROUNDS, interleaved, openloop, wrk
from table import middle, row, spread

WORKERS = int(os.environ["SHORTENER_WORKERS"])
LINKS = int(os.environ.get("BENCH_LINKS", 100_000))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", 1_000_000))
MEGABYTES = 12


def hot(references):
    """One link, as often as it goes, its click journaled each time; then with the click's way at work, too."""
    prepare(references, 1)
    bare = {name: lambda name=name: wrk(references.url(name)) for name in ("R0", "R1")}
    with Uncounted():
        results = interleaved(bare | contestants(references, "/bench1"))
    counting = interleaved(contestants(references, "/bench1"))
    pool, ratio, loaded = middle(results["pool"]), share(results), share(counting)
    return [
        row("redirect-hot", spread(results["pool"]), "R2 " + spread(results["R2"]), ratio, ">= 1.0 x R2", ratio >= 1.0),
        row("redirect-hot", "", "R0 " + spread(results["R0"]), pool / middle(results["R0"]), None, None),
        row("redirect-hot", "", "R1 " + spread(results["R1"]), pool / middle(results["R1"]), None, None),
        row("  and counted", spread(counting["pool"]), "R2 " + spread(counting["R2"]), loaded, None, None),
    ]


def handed_on(references):
    """One link while Redis is dead: redirect workers hand each request on, and look-up workers remember it."""
    prepare(references, 2)
    with Uncounted():
        plain = interleaved(contestants(references, "/bench1"))
        supervisorctl("stop", "engines:redis")
        try:
            # No redirect worker was asked for it before, so none remembers it.
            wait_until(lambda: answers(f"{references.site}/bench2"))
            wrk(f"{references.site}/bench2", 1, warming=True)
            handed = interleaved(contestants(references, "/bench2"))
        finally:
            supervisorctl("start", "engines:redis")
    ratio = share(handed) / share(plain)
    return [
        row(
            "redirect, Redis dead",
            spread(handed["pool"]),
            "with Redis " + spread(plain["pool"]),
            ratio,
            ">= 0.25 x with Redis",
            ratio >= 0.25,
            "each by its ratio to R2 in the same minutes.",
        )
    ]


def contestants(references, path):
    return {
        "R2": lambda: wrk(references.url("R2")),
        "pool": lambda: wrk(f"{references.site}{path}"),
    }


def share(results):
    """The middle of the rounds' ratios of the pool to the bare responder."""
    return middle([ours / bare for ours, bare in zip(results["pool"], results["R2"])])


def zipf(references):
    """Many links of Zipf popularity; the reference is asked for the same codes."""
    prepare(references, LINKS)
    with Uncounted():
        # What is measured is a pool that has been up for a while, not its first seconds.
        wrk(f"{references.site}/", None, 32, "zipf.lua", str(LINKS), warming=True)
        results = interleaved(
            {
                "R2": lambda: wrk(references.url("R2", "/"), None, 32, "zipf.lua", str(LINKS)),
                "pool": lambda: wrk(f"{references.site}/", None, 32, "zipf.lua", str(LINKS)),
            }
        )
    ratio = share(results)
    return [
        row(
            "redirect-zipf",
            spread(results["pool"]),
            "R2 " + spread(results["R2"]),
            ratio,
            ">= 0.90 x R2",
            ratio >= 0.90,
            f"{LINKS:,} links, Zipf(1.0), {WORKERS} workers.",
        )
    ]


def latency(references):
    """Latency at half of the peak, that of the bare responder in turn; then with the click's way at work, too."""
    prepare(references, 1)
    with Uncounted():
        alone = latencies(references, "latency", 1.0)
    return alone + latencies(references, "  and counted", 2.0)


def latencies(references, name, goal):
    peak = middle([wrk(f"{references.site}/bench1") for _ in range(min(3, ROUNDS))])
    bare = middle([wrk(references.url("R2")) for _ in range(min(3, ROUNDS))])
    results = interleaved(
        {
            "R2": lambda: openloop(references.ports["R2"], "/bench1", bare / 2),
            "pool": lambda: openloop(references.port, "/bench1", peak / 2),
        }
    )
    lost = sum(each["failed"] + each["unanswered"] + each["not_301"] for each in results["pool"])
    longest = max(each["max"] for each in results["pool"]) / 1000
    ratio = middle([ours["p99"] / bare["p99"] for ours, bare in zip(results["pool"], results["R2"])])

    def figure(which):
        p50, p99 = (middle([each[quantile] for each in results[which]]) for quantile in ("p50", "p99"))
        worst = max(each["max"] for each in results[which])
        return f"p50 {p50:,.0f} us, p99 {p99:,.0f} us, max {worst / 1000:,.0f} ms"

    return [
        row(
            name,
            figure("pool"),
            "R2 " + figure("R2"),
            ratio,
            f"p99 <= {goal:g} x R2's, max <= 1 s",
            ratio <= goal and longest <= 1000 and lost == 0,
            f"open loop at {peak / 2:,.0f}/s (R2 at {bare / 2:,.0f}/s); {lost} requests failed.",
        )
    ]


def memory(references):
    """One worker by itself, before and after a million requests."""
    load(1)
    warm(1)
    worker = references.start_worker("worker")[0]
    url = references.url("WORKER", "/worker/bench1")
    wait_until(lambda: answers(url))
    wrk(url, 1, warming=True)
    before, done, rate = resident(worker.pid), 0, 0
    while done < REQUESTS:
        rate = wrk(url, 5)
        done += int(rate * 5)
    after = resident(worker.pid)
    references.stop([worker])
    return [
        row(
            "memory",
            f"{after / 1024:.1f} MB resident",
            f"{before / 1024:.1f} MB before",
            after / before,
            f"<= {MEGABYTES} MB, no growth",
            after <= MEGABYTES * 1024 and after - before < 512,
            f"one worker, {done:,} requests.",
        )
    ]


def resident(pid):
    """Resident memory of a process in kB (VmRSS)."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def prepare(references, count):
    load(count)
    warm(count)
    wait_until(lambda: answers(f"{references.site}/bench1"))
    wrk(f"{references.site}/bench1", 1, warming=True)
