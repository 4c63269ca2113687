#!/usr/bin/python3 -IB
"""What machines of some sizes do, reckoned from what `make bench ROW="processor memory size"` measured here.

The model: a redirect takes the processor time of nginx, the worker and Redis that was measured; its click takes
that of relay, RabbitMQ, consumer and ClickHouse for a click among many. Processors are used to 70 %, since queues
grow long beyond that. Relay, consumer and Redis are one thread each, and so is the process of a queue in RabbitMQ:
none of them gets more than 70 % of one processor, whatever the machine has. It reckons with all of it on one
machine, one relay, one queue, one consumer, and with processors as fast as those of the run.

usage: scale.py [CORES …]      reads .build-bench/bench.json, or the file that BENCH_JSON names
"""

import json
import os
import re
import sys

USED = 0.7
CLICK = ("relay", "rabbitmq", "consumer", "clickhouse")
REQUEST = ("nginx", "shortener", "redis")
ONE_THREAD = ("relay", "rabbitmq", "consumer", "redis")


def main():
    path = os.environ.get("BENCH_JSON", ".build-bench/bench.json")
    with open(path) as file:
        rows = json.load(file)["rows"]
    try:
        cost = costs(rows)
        megabytes = float(re.search(r"([\d.]+) MB", named(rows, "memory")["figure"]).group(1))
        at_rest, counts, line = map(
            float, re.findall(r"[\d.]+", named(rows, "size")["figure"] + named(rows, "size")["reference"])
        )
    except LookupError as error:
        sys.exit(f"{path} lacks a row: make bench ROW=\"processor memory size\" measures them ({error})")
    total = sum(cost.values())
    print(f"A redirect and its click: {total:.1f} us of processor time, of it")
    print("  " + ", ".join(f"{name} {cost[name]:.2f}" for name in REQUEST + CLICK))
    print(f"A click takes {at_rest + counts:.0f} bytes at rest: 10^9 of them {at_rest + counts:.0f} GB.\n")
    print("cores  redirects/s  bound by     workers busy, in MB  journal MB/s  10^9 clicks in  disk a day")
    for cores in map(int, sys.argv[1:] or (2, 16, 64)):
        rate, bound = limit(cost, cores)
        busy = rate * cost["shortener"] / 1e6
        print(
            f"{cores:5}  {rate:11,.0f}  {bound:11}  {busy:6.1f}, {max(1, busy) * megabytes:9,.0f}  {rate * line / 1e6:12.1f}"
            f"  {1e9 / rate / 3600:12.1f} h  {rate * 86400 * (at_rest + counts) / 1e9:7,.0f} GB"
        )
    print("\nOne of each of these by itself reaches, in clicks a second:")
    print("  " + ", ".join(f"{name} {USED * 1e6 / cost[name]:,.0f}" for name in ONE_THREAD if cost[name] > 0))


def costs(rows):
    """Microseconds by program of a redirect with its click."""
    redirect = named(rows, "processor, a redirect, counted")["microseconds"]
    click = named(rows, "processor, a click of a backlog")["microseconds"]
    return {name: redirect.get(name, 0) for name in REQUEST} | {name: click.get(name, 0) for name in CLICK}


def limit(cost, cores):
    """Redirects a second, and what does not allow more."""
    limits = {"processors": USED * cores * 1e6 / sum(cost.values())}
    limits |= {name: USED * 1e6 / cost[name] for name in ONE_THREAD if cost[name] > 0}
    bound = min(limits, key=limits.get)
    return limits[bound], bound


def named(rows, name):
    found = [row for row in rows if row["row"] == name]
    if not found:
        raise LookupError(name)
    return found[0]


if __name__ == "__main__":
    main()
