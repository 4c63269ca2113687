"""The rows of the cost of a redirect and of a link in a worker, counted and not timed: so it is the same on a busy machine.

Of two runs, one with twice the requests of the other, only the difference counts: start and end are in neither.
"""

import os
import re
import shutil
import tempfile

from fastcgi import Peer
from links import load, redis_socket, warm, warm_ruled
from references import wait_until
from slices import BUILT, run
from table import row

REQUESTS = int(os.environ.get("BENCH_COUNTED", 1000))
# A database of Redis that nothing else uses.
DATABASE = 3
# How a worker comes to know where a link leads.
WAYS = {
    "remembered": {"HOT_CACHE_MS": "60000"},
    "from Redis": {"HOT_CACHE_MS": "0"},
    "from PostgreSQL": {"HOT_CACHE_MS": "0", "SHORTENER_ROLE": "lookups"},
}

# A browser's headers, and rules that look at all of them and don't apply: what is asked of every rule is paid.
BROWSER = {
    "HTTP_USER_AGENT": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9",
}
CONDITIONS = {
    "by the request": [
        ["language", None, "de"],
        ["query-param", "from", "mail"],
        ["ip-address", None, "192.0.2.0/24"],
    ],
    "by the device": [["device", None, "ios"], ["browser", None, "firefox"], ["language", None, "de"]],
}


def cost(references):
    """System calls (strace) and instructions in user space (callgrind) of one worker for one request."""
    missing = [tool for tool in ("strace", "valgrind") if not shutil.which(tool)]
    if missing:
        raise RuntimeError(f"{missing[0]} is not installed")
    load(2 * REQUESTS)
    bare = measure(references, "responder", f"{BUILT}/responder", {}, lambda worker, turn: worker.ask("/bench1"))
    rows = []
    for way, variables in WAYS.items():
        # Every code once, so that none is in Redis; or one code, and its first look-up is in neither run's difference.
        step = 1 if way == "from PostgreSQL" else 0
        calls, instructions = measure(
            references,
            way.replace(" ", "-"),
            f"{references.programs}/shortener",
            variables,
            lambda worker, turn, step=step: worker.ask(f"/bench{turn * step + 1}"),
        )
        rows.append(
            row(
                f"cost, {way}",
                f"{sum(calls.values()):.1f} system calls, {instructions:,.0f} instructions",
                f"bare responder {sum(bare[0].values()):.1f}, {bare[1]:,.0f}",
                instructions / bare[1],
                None,
                None,
                ", ".join(f"{name} {count:.2f}" for name, count in calls.items())
                + f" a redirect; {REQUESTS:,} and {2 * REQUESTS:,} of them on one kept connection.",
            )
        )
    rows[-1]["note"] += (
        "\nBy function: callgrind_annotate .build-bench/callgrind.remembered (and .from-Redis, .from-PostgreSQL)."
    )
    return rows


def rules(references):
    """The same of a remembered link with three rules, against one without."""
    load(1)
    costs = {}
    for name, conditions in {"no rules": [], **CONDITIONS}.items():
        path = "/ruled" if conditions else "/bench1"
        costs[name] = measure(
            references,
            "rules-" + name.replace(" ", "-"),
            f"{references.programs}/shortener",
            WAYS["remembered"],
            lambda worker, turn, path=path: worker.ask(path, **BROWSER),
            conditions=conditions,
        )
    plain = costs.pop("no rules")[1]
    return [
        row(
            f"cost, three rules {name}",
            f"{sum(calls.values()):.1f} system calls, {instructions:,.0f} instructions",
            f"without rules {plain:,.0f}",
            plain / instructions,
            "≥ 0.75",
            plain / instructions >= 0.75,
            ", ".join(f"{call} {count:.2f}" for call, count in calls.items())
            + " a redirect that no rule applies to; the ratio is that of the instructions without rules to those with them.",
        )
        for name, (calls, instructions) in costs.items()
    ]


def creation(references):
    """The same of one POST /shorten."""
    body = b'{"original_url":"https://example.com/some/path?with=a&query"}'
    calls, instructions = measure(
        references,
        "creation",
        f"{references.programs}/api",
        {},
        lambda worker, turn: worker.post("/shorten", body),
        b" 201 ",
    )
    return [
        row(
            "cost, creation",
            f"{sum(calls.values()):.1f} system calls, {instructions:,.0f} instructions",
            "",
            None,
            None,
            None,
            ", ".join(f"{name} {count:.2f}" for name, count in calls.items())
            + " a link.\nBy function: callgrind_annotate .build-bench/callgrind.creation",
        )
    ]


def measure(references, name, program, variables, ask_for, status=b" 301 ", conditions=()):
    """Calls by name, and instructions, of one request to a program."""
    calls, instructions = [], []
    for requests in (REQUESTS, 2 * REQUESTS):
        table = f"{references.run_directory}/strace"
        ask(references, ["strace", "-D", "-c", "-o", table, program], variables, ask_for, status, requests, conditions)
        # The tracer is no child of ours: its table comes when it has seen the program's end.
        wait_until(lambda: os.path.exists(table) and "total" in open(table).read())
        calls.append(read_calls(table))
        os.remove(table)
        profile = f"{BUILT}/callgrind.{name}"
        # Valgrind can't read all of Swift's debug information; the names of functions stay.
        stripped = f"{BUILT}/{os.path.basename(program)}.stripped"
        run(["objcopy", "--strip-debug", program, stripped])
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", "-q", stripped]
        ask(references, valgrind, variables, ask_for, status, requests, conditions)
        with open(profile) as file:
            instructions.append(int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M).group(1)))
    each = {call: (count - calls[0].get(call, 0)) / REQUESTS for call, count in calls[1].items()}
    often = {call: count for call, count in sorted(each.items(), key=lambda item: -item[1]) if count >= 0.005}
    return often, (instructions[1] - instructions[0]) / REQUESTS


def ask(references, command, variables, ask_for, status, requests, conditions):
    """Requests, one after the other, by a program with a socket, a cache and a directory of journals of its own."""
    run(["redis-cli", "-s", redis_socket(), "-n", DATABASE, "FLUSHDB"])
    # A redirect worker hands on what Redis doesn't know.
    warm(1, DATABASE)
    if conditions:
        warm_ruled("ruled", conditions, DATABASE)
    with tempfile.TemporaryDirectory(dir=references.run_directory) as directory:
        os.chmod(directory, 0o777)
        shared = {
            "STATE_DIR": os.path.join(directory, "state"),
            "REDIS_URL": f"unix://{redis_socket()}?db={DATABASE}",
        }
        # While nobody beats, what a worker remembers is good for half a second only.
        invalidator = references.start([f"{references.programs}/invalidator"], env={**os.environ, **shared})
        wait_until(lambda: beats(shared["STATE_DIR"]))
        child = references.start_worker(
            "counted",
            command=command,
            JOURNAL_DIR=os.path.join(directory, "journal"),
            **shared,
            REDIS_TIMEOUT_MS="5000",
            PG_READ_TIMEOUT_MS="5000",
            PG_WRITE_TIMEOUT_MS="5000",
            # Swift's seed of hashes, else another one in each process.
            SWIFT_DETERMINISTIC_HASHING="1",
            **variables,
        )
        try:
            with Peer(f"{references.run_directory}/counted.sock") as worker:
                for turn in range(requests):
                    answer = ask_for(worker, turn)
                    if status not in answer.split(b"\r\n", 1)[0]:
                        raise RuntimeError(answer[:200])
        finally:
            references.stop(child)
            references.stop([invalidator])
            os.remove(f"{references.run_directory}/counted.sock")


def beats(state):
    """Whether the invalidator has heard Redis: byte 8 of its page is the beat."""
    try:
        with open(os.path.join(state, "generations"), "rb") as page:
            return any(page.read(16)[8:])
    except FileNotFoundError:
        return False


def read_calls(path):
    """Calls by name from the table that `strace -c` writes."""
    with open(path) as file:
        words = [line.split() for line in file]
    return {line[-1]: int(line[3]) for line in words if len(line) >= 5 and line[0][0].isdigit() and line[-1] != "total"}
