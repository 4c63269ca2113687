"""The rows of a change: from its commit to the last worker that saw it."""

import json
import os

from slices import run
from table import row

CHANGES = int(os.environ.get("BENCH_CHANGES", 1000))
MILLISECONDS = 1000


def change(references):
    """The drills' clients of every worker, on the stack's host and a second one, measure."""
    output = run([f"{references.programs}/drill", "--measure-changes", CHANGES])
    told = json.loads(output.splitlines()[-1])
    note = (
        f"{told['changes']:,} edits by `swiftlet link`; {told['places']} connections, {told['requestsPerSecond']:,} requests/s; "
        f"the last old answer: p50 {told['old']['p50']} ms, p99 {told['old']['p99']} ms, max {told['old']['max']} ms."
    )
    return [seen("one host", told["one"]), seen("two hosts", told["two"], note)]


def seen(hosts, times, note=""):
    return row(
        f"change, {hosts}",
        f"p50 {times['p50']} ms, p99 {times['p99']} ms, max {times['max']} ms",
        "30 s of memory",
        None,
        f"p99 <= {MILLISECONDS} ms",
        times["p99"] <= MILLISECONDS,
        note,
    )
