#!/usr/bin/python3 -IB
"""Measures what Swiftlet reaches, each figure beside a reference of the same minutes.

Run by `make bench`, on a private stack of optimized programs; `make bench ROW=name` for one row.
It is no test: a goal that isn't met is told, and only what can't be measured is an error.
"""

import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import rows_change  # noqa: E402
import rows_clicks  # noqa: E402
import rows_cost  # noqa: E402
import rows_fast  # noqa: E402
import rows_harm  # noqa: E402
import rows_links  # noqa: E402
import rows_lists  # noqa: E402
import rows_processor  # noqa: E402
import rows_redirect  # noqa: E402
import rows_seam  # noqa: E402
import rows_size  # noqa: E402
import rows_stats  # noqa: E402
import slices  # noqa: E402
from references import References  # noqa: E402
from table import show  # noqa: E402

MEASUREMENTS = {
    "redirect-hot": rows_redirect.hot,
    "redirect-zipf": rows_redirect.zipf,
    "redirect-handed-on": rows_redirect.handed_on,
    "fast-hot": rows_fast.hot,
    "fast-zipf": rows_fast.zipf,
    "latency": rows_redirect.latency,
    "unknown-codes": rows_harm.unknown_codes,
    "many-journals": rows_harm.many_journals,
    "memory": rows_redirect.memory,
    "cost": rows_cost.cost,
    "cost-creation": rows_cost.creation,
    "cost-rules": rows_cost.rules,
    "processor": rows_processor.processor,
    "shorten": rows_links.shorten,
    "cold": rows_links.cold,
    "lists": rows_lists.lists,
    "ingest": rows_clicks.ingest,
    "visible": rows_clicks.visible,
    "size": rows_size.size,
    "stats": rows_stats.stats,
    "stats-current": rows_stats.current,
    "seam": rows_seam.seam,
    "change": rows_change.change,
}


def main():
    wanted = sys.argv[1:] or list(MEASUREMENTS)
    unknown = [name for name in wanted if name not in MEASUREMENTS]
    if unknown:
        sys.exit(f"bench: no row {unknown[0]}; there are: {', '.join(MEASUREMENTS)}")
    rows, failed = [], []
    with References() as references:
        for name in wanted:
            print(f"{name} …", flush=True)
            try:
                rows += MEASUREMENTS[name](references)
            except Exception as error:
                failed.append(name)
                print(f"bench: {name} can't be measured: {error!r}", file=sys.stderr)
    show(rows)
    if slices.refused:
        print(f"\n{slices.refused:,} of {slices.answered + slices.refused:,} answers were errors; they are in no figure.")
    directory = os.environ.get("BENCH_OUTPUT", ".build-bench")
    path = os.path.join(directory, "bench.json")
    with open(path, "w") as file:
        json.dump(
            {
                "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "cores": os.cpu_count(),
                "shortener_workers": os.environ.get("SHORTENER_WORKERS"),
                "rows": rows,
            },
            file,
            indent=2,
        )
    print(f"\nThe same as JSON: {path}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
