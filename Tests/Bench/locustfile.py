"""Users of three kinds for Locust, mixed as a shortener meets them; run by `make locust`.

Nine of ten are visitors, who follow links; authors make links and try them out; readers ask what has been
counted. Every answer is checked, and when the users have stopped, the counts: each click that was answered,
and none that was not asked for.
"""

import itertools
import json
import os
import random
import re
import sys
import time
import urllib.request
from collections import Counter

from locust import FastHttpUser, between, events, task

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from links import load  # noqa: E402

LINKS = int(os.environ.get("LOCUST_LINKS", 10_000))
# Zipf(1.0): the k-th most popular link has 1/k of the first one's share.
SHARES = list(itertools.accumulate(1 / k for k in range(1, LINKS + 1)))
REFERRERS = ["", "https://news.example/", "https://mail.example/inbox", "https://search.example/?q=short"]
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)", "curl/7.88.1"]

# Redirects that were asked for and that were answered, by code.
asked, answered = Counter(), Counter()


def popular():
    """A code and where it leads, the popular ones more often."""
    number = random.choices(range(1, LINKS + 1), cum_weights=SHARES)[0]
    return f"bench{number}", f"https://example.com/some/path/{number}"


class Person(FastHttpUser):
    """What all of them do."""

    abstract = True

    def follow(self, code, destination):
        headers = {"User-Agent": random.choice(AGENTS), "Referer": random.choice(REFERRERS)}
        asked[code] += 1
        with self.client.get(
            f"/{code}", name="/{short_code}", headers=headers, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != 301:
                answer.failure(f"status {answer.status_code}")
                return
            answered[code] += 1
            if answer.headers.get("Location") != destination:
                answer.failure("leads elsewhere")
            elif not re.fullmatch("[0-9a-f]{32}", answer.headers.get("X-Request-Id", "")):
                answer.failure("no request id")


class Visitor(Person):
    weight = 18
    wait_time = between(0.1, 1)

    @task(50)
    def follows_a_link(self):
        self.follow(*popular())

    @task(1)
    def mistypes_one(self):
        with self.client.get(
            f"/nolink{random.randrange(1000)}", name="/{short_code}, unknown", allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code == 404 and json.loads(answer.text).get("status") == 404:
                answer.success()
            else:
                answer.failure(f"status {answer.status_code}")


class Author(Person):
    weight = 1
    wait_time = between(0.5, 3)

    @task
    def makes_a_link(self):
        url = f"https://example.org/articles/{random.getrandbits(64):x}?from=locust"
        with self.client.post("/shorten", json={"original_url": url}, catch_response=True) as answer:
            if answer.status_code != 201:
                answer.failure(f"status {answer.status_code}")
                return
            link = json.loads(answer.text)
            if link.get("original_url") != url or answer.headers.get("Location") != link.get("short_url"):
                answer.failure("not the link that was asked for")
                return
        self.follow(link["short_code"], url)


class Reader(Person):
    weight = 1
    wait_time = between(0.5, 3)

    @task
    def asks_what_is_counted(self):
        code, _ = popular()
        with self.client.get(f"/stats/{code}", name="/stats/{short_code}", catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"status {answer.status_code}")
                return
            stats = json.loads(answer.text)
            days = sum(day["clicks"] for day in stats["clicks_by_day"])
            if stats["short_code"] != code or stats["total_clicks"] > asked[code]:
                answer.failure("more clicks than were asked for")
            elif days != stats["total_clicks"] and days > asked[code]:
                answer.failure("the days have more clicks than were asked for")


@events.init.add_listener
def make_links(environment, **_):
    load(LINKS)


@events.test_stop.add_listener
def settle(environment, **_):
    """Compares the counts of the most popular links with what was answered."""
    codes = [code for code, _ in answered.most_common(100)]
    end = time.monotonic() + 20
    while wrong := [told for code in codes if (told := miscounted(environment.host, code))]:
        if time.monotonic() > end:
            environment.process_exit_code = 1
            break
        time.sleep(0.2)
    total = sum(answered[code] for code in codes)
    print(f"\n{total:,} redirects of {len(codes)} links were answered; ", end="")
    print("; ".join(wrong) if wrong else "all are counted, and no others.", flush=True)


def miscounted(host, code):
    """What is wrong with a link's count; None when nothing is.

    A request that the end of the run cut off may have been a click, or not.
    """
    with urllib.request.urlopen(f"{host}/stats/{code}", timeout=10) as answer:
        counted = json.load(answer)["total_clicks"]
    if not answered[code] <= counted <= asked[code]:
        return f"{code}: {counted} counted, {answered[code]} answered of {asked[code]}"
    return None
