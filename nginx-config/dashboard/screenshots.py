"""Writes the README's pictures of the dashboard: screenshots.py DIRECTORY

It stands beside a private stack (`supervisor/stack with`), where it makes links and sixty days of clicks, and
looks at them with Debian's Chromium. Clicks of the past come by a journal, as any other.
"""

import base64
import datetime
import json
import os
import random
import re
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request

SITE = os.environ["BASE_URL"]
DOMAIN = "go.example"
LINKS = [
    ("spring-sale", "https://shop.example/collections/spring", "Spring sale", ["shop", "newsletter"], 310),
    ("launch", "https://example.org/products/launch", "Product launch", ["launch", "press"], 240),
    ("jobs", "https://example.org/about/jobs?from=poster", "Open positions", ["poster"], 120),
    ("menu", "https://cafe.example/menu.pdf", "Menu of the week", ["poster", "shop"], 95),
    ("webinar", "https://meet.example/webinar/14", "Webinar: redirects at scale", ["newsletter"], 70),
    ("app", "https://example.org/app", "The app", ["launch"], 55),
    ("start", "https://docs.example/start", "First steps", ["docs"], 40),
    ("survey", "https://forms.example/s/8f3k", "Reader survey", ["newsletter"], 22),
]
REFERRERS = ["", "", "", "https://news.example/today", "https://search.example/", "https://social.example/feed", "https://mail.example/", "https://blog.example/links"]
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
BOT = "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/)"


def swiftlet(*words):
    return subprocess.check_output([os.environ["SWIFTLET_BIN"] + "/swiftlet", *words], text=True).strip()


def ask(url, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"screenshots: {url}: {error.read().decode()}")


def click(moment, agent, path, link=None):
    kind = {"short_code": path, "link": link} if link else {"path": "/" + path, "kind": 3}
    return {
        "event_id": secrets.token_hex(16), "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "ip_address": f"198.51.{random.randrange(100, 104)}.{random.randrange(256)}", "user_agent": agent,
        "referrer": random.choice(REFERRERS), **kind,
    }


def make_clicks(links):
    """Sixty days of clicks that grow, fewer at weekends and at night."""
    now = datetime.datetime.now(datetime.timezone.utc)
    clicks = []
    for days in range(60):
        day = now - datetime.timedelta(days=days)
        share = (1.3 - days / 70) * (0.55 if day.weekday() > 4 else 1) * random.uniform(0.85, 1.15)
        for slug, link, many in links + [("old-offer", None, 9), ("wp-login.php", None, 5), ("sping-sale", None, 4)]:
            for _ in range(int(many * share)):
                hour = min(max(random.gauss(14, 4.5), 0), 23.9)
                moment = day.replace(hour=int(hour), minute=random.randrange(60), second=random.randrange(60))
                if moment < now:
                    clicks.append((moment, click(moment, BOT if random.random() < 0.06 else PERSON, slug, link)))
    path = f"{os.environ['JOURNAL_DIR']}/{secrets.token_hex(8)}.ndjson"
    with open(path + ".new", "w") as file:
        for _, line in sorted(clicks, key=lambda pair: pair[0]):
            file.write(json.dumps(line, separators=(",", ":")) + "\n")
    os.rename(path + ".new", path)
    return sum("link" in line for _, line in clicks)


def wait(what, is_so):
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    sys.exit(f"screenshots: {what}")


class Browser:
    """Chromium without a screen, by its driver."""

    def __init__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        said = next(filter(None, (re.search(r"successfully on port (\d+)", line) for line in self.driver.stdout)))
        self.root = f"http://127.0.0.1:{said[1]}"
        arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
        if os.getuid() == 0:
            arguments.append("--no-sandbox")
        wishes = {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}
        self.root += "/session/" + self.post("/session", capabilities=wishes)["sessionId"]

    def post(self, path, **body):
        return ask(self.root + path, body)["value"]

    def command(self, name, **parameters):
        return self.post("/goog/cdp/execute", cmd=name, params=parameters)

    def run(self, script):
        return self.post("/execute/sync", script=script, args=[])

    def open(self, path):
        self.post("/url", url=SITE + path)
        wait(f"{path} isn't drawn", lambda: self.run("return !!document.querySelector('main[data-ready]')"))

    def shoot(self, path, is_dark):
        self.command("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=1, mobile=False)
        themes = [
            {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.command("Emulation.setEmulatedMedia", features=themes)
        # The icons may still be on their way.
        self.post("/execute/async", script="setTimeout(arguments[0], 500)", args=[])
        with open(path, "wb") as file:
            file.write(base64.b64decode(ask(self.root + "/screenshot")["value"]))

    def close(self):
        with urllib.request.urlopen(urllib.request.Request(self.root, method="DELETE")):
            self.driver.terminate()


def main(directory):
    random.seed(14)
    key = {"X-Api-Key": swiftlet("key", "create", "marketing")}
    links = []
    for slug, url, title, tags, many in reversed(LINKS):
        wish = {"longUrl": url, "customSlug": slug, "domain": DOMAIN, "title": title, "tags": tags}
        links.append((slug, ask(SITE + "/rest/v3/short-urls", wish, **key)["id"], many))
    stored = make_clicks(links)
    visits = lambda: ask(SITE + "/rest/v3/visits", **key)["visits"]["nonOrphanVisits"]["total"]
    wait("the clicks aren't stored", lambda: visits() >= stored)
    os.makedirs(directory, exist_ok=True)
    browser = Browser()
    try:
        browser.open(swiftlet("key", "sign-in", "marketing").removeprefix(SITE))
        browser.run("document.querySelector('main .button.main').click()")
        wait("nobody is signed in", lambda: browser.run("return !!document.querySelector('.rail')"))
        browser.open("/dashboard/overview")
        browser.shoot(directory + "/overview.png", is_dark=False)
        browser.open(f"/dashboard/links/spring-sale?domain={DOMAIN}")
        browser.shoot(directory + "/link.png", is_dark=True)
    finally:
        browser.close()


main(sys.argv[1])
