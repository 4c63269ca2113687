"""The rows of lists: pages of many links in every order, by every filter, and searches."""

import itertools
import json
import os
import time

from fastcgi import Peer
from links import make_database, psql
from slices import ROUNDS, run
from table import row

LINKS = int(os.environ.get("BENCH_LISTED_LINKS", 1_000_000))
ORDERS = [
    f"{field}-{direction}"
    for field in ("dateCreated", "longUrl", "shortCode", "title", "visits", "nonBotVisits")
    for direction in ("ASC", "DESC")
]
# Half of the links have the tag `half`, every thousandth `rare`; every hundredth is in another domain.
FILTERS = [
    "",
    "tags[]=half",
    "tags[]=rare",
    "tags[]=none",
    "tags[]=half&tags[]=rare&tagsMode=all",
    "excludeTags[]=half",
    "domain=go.example",
    "domain=DEFAULT",
    "excludeMaxVisitsReached=true&excludePastValidUntil=true",
    "startDate=2025-03-01&endDate=2025-03-02",
    "apiKeyName=author",
]
# Of every link, of many, of few, of none; and one that an index of three letters can't serve.
SEARCHES = ["example", "path/77", "page-123456", "nowhere at all", "ab"]
COLUMNS = ", title, domain, author, max_visits, valid_until"
VALUES = (
    " - n * interval '30 s', CASE WHEN n % 3 = 0 THEN 'Page-' || n END, CASE WHEN n % 100 = 7 THEN 'go.example' ELSE '' END, "
    "CASE WHEN n % 20 = 3 THEN 1 END, CASE WHEN n % 10 = 1 THEN 5 END, CASE WHEN n % 10 = 2 THEN now() - interval '1 day' END"
)
REST = """
INSERT INTO domains (authority) VALUES ('go.example');
INSERT INTO tags (name) VALUES ('half'), ('rare'), ('none');
INSERT INTO short_url_tags (link, tag) SELECT snowflake_id, id FROM short_urls, tags
  WHERE name = 'half' AND hashint8(snowflake_id) % 2 = 0 OR name = 'rare' AND hashint8(snowflake_id) % 1000 = 0;
INSERT INTO link_visits (link, total, bots)
  SELECT snowflake_id, abs(hashint8(snowflake_id) % 100000) + 5, abs(hashint8(snowflake_id) % 5) FROM short_urls
  WHERE hashint8(snowflake_id) % 5 <> 0;
INSERT INTO visit_budgets (link, allowed) SELECT snowflake_id, snowflake_id % 2 FROM short_urls WHERE max_visits IS NOT NULL;
"""


def lists(references):
    """The first page of each list, by an api worker of its own; the slowest list's p95."""
    migrate = [f"{references.programs}/swiftlet", "migrate"]
    dsn = make_database("lists", LINKS, migrate, COLUMNS, VALUES)
    key = make_key(references, dsn, "author")
    psql(REST, dsn)
    psql("VACUUM ANALYZE", dsn)
    worker = references.start_worker("lists", command=[f"{references.programs}/api"], PG_DSN=dsn, PG_API_DSN=dsn)
    try:
        with Peer(f"{references.run_directory}/lists.sock") as peer:
            listed = times(peer, key, [f"orderBy={order}&{filter}" for order, filter in itertools.product(ORDERS, FILTERS)])
            searched = times(peer, key, [f"searchTerm={text.replace(' ', '%20')}" for text in SEARCHES])
    finally:
        references.stop(worker)
        psql("DROP DATABASE bench_lists")
    return [one_row("lists", listed, 150), one_row("search", searched, 300)]


def times(peer, key, queries):
    """Milliseconds of the answers to each query, each asked for in turn with all others."""
    taken = {query: [] for query in queries}
    for _ in range(max(ROUNDS, 5) * 4):
        for query in queries:
            taken[query].append(milliseconds(lambda: one_list(peer, key, query)))
    return taken


def one_list(peer, key, query):
    answer = peer.ask(f"/rest/v3/short-urls?itemsPerPage=20&{query}", HTTP_X_API_KEY=key)
    if not answer.startswith(b"Status: 200 "):
        raise RuntimeError(query, answer[:400])


def one_row(name, taken, goal):
    late = {query: sorted(values)[len(values) * 95 // 100] for query, values in taken.items()}
    slowest = max(late, key=late.get)
    return row(
        name,
        f"p95 {late[slowest]:.0f} ms",
        "",
        None,
        f"<= {goal} ms",
        late[slowest] <= goal,
        f"the slowest of {len(taken)} lists among {LINKS:,} links, {slowest}; the middle one's p95 is "
        f"{sorted(late.values())[len(late) // 2]:.1f} ms.",
    )


def make_key(references, dsn, name="bench"):
    """An API key with all rights."""
    command = [f"{references.programs}/swiftlet", "key", "create", name, "--json"]
    return json.loads(run(command, env={**os.environ, "PG_DSN": dsn}))["key"]


def milliseconds(question):
    start = time.monotonic()
    question()
    return (time.monotonic() - start) * 1000
