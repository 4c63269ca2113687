"""The rows of the seam: `/stats` before and after it, and what carrying the old clicks over costs."""

import os
import re
import time

from clickhouse import ask
from links import code, made_up, psql
from references import wait_until
from rows_clicks import LINES, hand_over, write_journal
from rows_stats import BLOCK, FEW, MANY, OTHERS, analytics, ask_worker, others, run_two_at_a_time, usual
from slices import ROUNDS, interleaved, run
from table import middle, row

# Old clicks that are carried; at the default rate of 50,000 rows a second they have to last while LINES are stored.
CARRIED = int(os.environ.get("BENCH_CARRY_ROWS", 5_000_000))
# Old clicks of a day, which is a partition, and of a batch.
DAY, BATCH = 500_000, 20_000
# The counts by short code: their keys, what they keep beside their last batch, and their row that has it.
COUNTS = {
    "clicks_by_link": (
        "short_code",
        "sumState(toUInt64(short_code != '')), uniqState(ip_address), maxState(timestamp)",
    ),
    "clicks_by_day": ("short_code, toDate(timestamp, 'UTC')", "sumState(toUInt64(short_code != ''))"),
    "clicks_by_referrer": ("short_code, referrer", "sumState(toUInt64(short_code != ''))"),
}
# A code of eleven digits, so it tells its link's id.
CODE = "concat('1LDUV', substring(hex(toUInt32(16777216 + {link})), 3, 6))"


def seam(references):
    """A link's counts before the seam and after it, in two databases that share the old ones; a carry between the two."""
    after, before = Side(references, "seam"), Side(references, "seam_before")
    links = {name: made_up()[0] for name in ("few", "many")}
    began = time.monotonic()
    make_counts(f"{CODE.format(link='intDiv(n, 1000)')}", OTHERS, after.url)
    for name, count in (("few", FEW), ("many", MANY)):
        make_counts(f"'{code(links[name])}'", count, after.url)
    make_old_clicks(after.url)
    for table in COUNTS:
        ask(f"OPTIMIZE TABLE {table} FINAL", after.url)
        ask(f"ALTER TABLE {table} REPLACE PARTITION tuple() FROM {after.database}.{table}", before.url)
    made = time.monotonic() - began
    try:
        rows = after.carried(links["many"])
        for table in ("link_totals", "link_days", "link_referrers"):
            ask(f"ALTER TABLE {table} REPLACE PARTITION tuple() FROM {after.database}.{table}", before.url)
        workers = analytics(references, before.name, **before.variables) + analytics(references, after.name, **after.variables)
        for name, count in (("few", FEW), ("many", MANY)):
            told = [ask_worker(references, side.name, links[name]) for side in (before, after)]
            if told[0] != told[1] or told[0]["total_clicks"] < count:
                raise RuntimeError(f"the numbers differ across the seam: {told}")
        results = interleaved(
            {
                (name, side.name): lambda link=link, side=side: usual(lambda: ask_worker(references, side.name, link))
                for name, link in links.items()
                for side in (before, after)
            },
            max(ROUNDS, 5),
        )
        references.stop(workers)
    finally:
        after.remove()
        before.remove()
    note = (
        f"The same old counts, of {MANY + FEW + OTHERS:,} clicks made in {made:,.0f} s, and {2 * LINES:,} new clicks of the "
        "greater link, in two databases: one before its counts are carried, one after."
    )
    return rows + [
        across(name, count, results[name, after.name], results[name, before.name], note if name == "many" else "")
        for name, count in (("many", MANY), ("few", FEW))
    ]


def across(name, count, after, before, note):
    ratio = middle([one / other for one, other in zip(after, before)])
    return row(
        "stats across the seam",
        f"{count:,}: {middle(after):.1f} ms after",
        f"{middle(before):.1f} ms before",
        ratio,
        "<= 1.5 x the time",
        ratio <= 1.5,
        note,
    )


class Side:
    """A database of ClickHouse and one of PostgreSQL, a queue and a directory of journals, all of a name."""

    def __init__(self, references, name):
        self.references, self.name, self.database = references, name, f"bench_{name}"
        self.url = os.environ["CLICKHOUSE_URL"].rsplit("/", 1)[0] + "/" + self.database
        self.directory = f"{references.run_directory}/{name}"
        self.variables = {
            "CLICKHOUSE_URL": self.url,
            "CLICK_QUEUE": f"bench.{name}",
            "JOURNAL_DIR": f"{self.directory}/journal",
            "STATE_DIR": f"{self.directory}/state",
        }
        for variable in ("PG_DSN", "PG_LOOKUP_DSN", "PG_API_DSN", "PG_ANALYTICS_DSN", "PG_DISPATCHER_DSN"):
            if dsn := os.environ.get(variable):
                self.variables[variable] = re.sub(r"///swiftlet\?", f"///{self.database}?", dsn)
        for directory in ("JOURNAL_DIR", "STATE_DIR"):
            os.makedirs(self.variables[directory], mode=0o700)
        self.environment = {**os.environ, **self.variables}
        run([self.program("swiftlet"), "migrate"], env=self.environment)

    def program(self, name):
        return f"{self.references.programs}/{name}"

    def start(self, *command):
        with open(f"{os.environ['SWIFTLET_LOG']}/bench-{self.name}.log", "a") as log:
            return self.references.start([self.program(command[0]), *command[1:]], env=self.environment, stderr=log, stdout=log)

    def ingest(self, link):
        """Clicks a second from a journal of this side into its counts."""
        draft, _ = write_journal(code(link), self.variables["JOURNAL_DIR"])
        return LINES / hand_over(draft, link, self.url)

    def carried(self, link):
        """Clicks are stored without a carry and beside one at its default rate; then the rest is carried as fast as it goes."""
        children = [self.start("relay"), self.start("consumer")]
        try:
            alone = self.ingest(link)
            carry = self.start("swiftlet", "clicks", "carry", "--keep")
            children.append(carry)
            wait_until(self.done, 600)
            beside = self.ingest(link)
            if carry.poll() is not None:
                raise RuntimeError(f"the carry ended too soon ({carry.returncode}): more rows by BENCH_CARRY_ROWS")
            self.references.stop([children.pop()])
            done, began = self.done(), time.monotonic()
            run([self.program("swiftlet"), "clicks", "carry", "--keep", "--rate", "0"], env=self.environment)
            rate = (CARRIED - done) / (time.monotonic() - began)
        finally:
            self.references.stop(children)
        return [
            row(
                "carry",
                f"ingest beside it {beside:,.0f} clicks/s",
                f"without {alone:,.0f}/s",
                beside / alone,
                None,
                None,
                f"{LINES:,} clicks of one link while {CARRIED:,} old ones are carried at the default rate.",
            ),
            row(
                "carry",
                f"{rate:,.0f} rows/s with --rate 0",
                f"ingest {alone:,.0f} clicks/s",
                rate / alone,
                None,
                None,
                f"The last {CARRIED - done:,} rows, compared batch by batch, with nothing else at work.",
            ),
        ]

    def done(self):
        """How many old clicks are carried."""
        last = "(SELECT max(number) FROM seam WHERE step = 'last_batch')"
        return int(ask(f"SELECT count() FROM visits WHERE batch <= {last}", self.url))

    def remove(self):
        ask(f"DROP DATABASE {self.database}")
        psql(f"DROP DATABASE {self.database} WITH (FORCE)")


def make_counts(link, count, url):
    """Counts of clicks of 365 days, 10^5 addresses and 50 referrers, by short code; `link` is an expression of n."""
    shared = (
        f"{link} AS short_code, toDateTime(1700000000 + intDiv(n * 31536000, {count}), 'UTC') AS timestamp, "
        "IPv4NumToString(toUInt32(167772160 + (n * 7919) % 100003)) AS ip_address, "
        "concat('https://site', toString(intDiv(n, 7) % 50), '.example/page') AS referrer"
    )
    run_two_at_a_time(
        [
            f"INSERT INTO {table} SELECT {keys}, {states}, maxState(toUInt64(0)) FROM (SELECT {shared} "
            f"FROM (SELECT number + {first} AS n FROM numbers({min(BLOCK, count - first)}))) GROUP BY {keys}"
            for first in range(0, count, BLOCK)
            for table, (keys, states) in COUNTS.items()
        ],
        url,
    )


def make_old_clicks(url):
    """Clicks of many links by short code, as a consumer of then left them: days, batches, and each count's mark."""
    statements = [
        "INSERT INTO clicks_before (short_code, timestamp, ip_address, user_agent, referrer, event_id, retried, "
        f"journal, journal_offset, batch, ingest_day) SELECT {CODE.format(link='n * 7919 % 100003')}, "
        f"toDateTime(1700000000 + n), IPv4NumToString(toUInt32(167772160 + n * 7919 % 50021)), "
        "concat('Mozilla/5.0 (X11; Linux x86_64) Chrome/', toString(n % 120)), "
        "concat('https://site', toString(n % 200), '.example/page'), sipHash128(toString(n)), 0, 1, 300 * (n + 1), "
        f"1 + intDiv(n, {BATCH}), toDate('2023-11-15') + intDiv(n, {DAY}) "
        f"FROM (SELECT number + {first} AS n FROM numbers({min(BLOCK, CARRIED - first)}))"
        for first in range(0, CARRIED, BLOCK)
    ]
    last = f"maxState(toUInt64({(CARRIED - 1) // BATCH + 1}))"
    mark = "FROM (SELECT '' AS short_code, toDateTime(0, 'UTC') AS timestamp, '' AS ip_address, '' AS referrer)"
    statements += [
        f"INSERT INTO {table} SELECT {keys}, {states}, {last} {mark} GROUP BY {keys}"
        for table, (keys, states) in COUNTS.items()
    ]
    statements.append(f"INSERT INTO click_journals SELECT toUInt64(1), maxState(toUInt64({300 * CARRIED})), {last}")
    run_two_at_a_time(statements, url)
