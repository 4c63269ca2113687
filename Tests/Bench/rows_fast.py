"""Rows of the redirect on the fast path: nginx's Lua answers it, and no worker of the pool."""

import os

from references import Uncounted, answers, output, supervisorctl, wait_until
from rows_redirect import LINKS, prepare
from slices import HERE, interleaved, wrk
from table import middle, row, spread

MODULES = "/usr/lib/nginx/modules"


class FastPath:
    """While it lasts, the stack's nginx has the site that FAST_PATH=1 gives it."""

    def __init__(self):
        self.folder = os.path.join(os.environ["VAR"], "nginx")
        self.before = {name: read(f"{self.folder}/{name}") for name in ("site.conf", "nginx.conf")}

    def __enter__(self):
        site = output(
            "env",
            "FAST_PATH=1",
            f"SITE_LISTEN=127.0.0.1:{os.environ['PORT']}",
            "SITE_NAME=_",
            f"SITE_LOG={os.environ['SWIFTLET_LOG']}",
            f"SITE_DOCS={os.environ['VAR']}/docs",
            f"SITE_FOLDER={self.folder}",
            f"{HERE}/../../supervisor/stack",
            "site",
        )
        names = ("ndk_http_module", "ngx_http_lua_module")
        modules = "".join(f"load_module {MODULES}/{name}.so;\n" for name in names)
        self.install({"site.conf": site, "nginx.conf": modules + self.before["nginx.conf"]})

    def __exit__(self, *_):
        self.install(self.before)

    def install(self, files):
        for name, text in files.items():
            with open(f"{self.folder}/{name}", "w") as file:
                file.write(text)
        supervisorctl("restart", "nginx")
        wait_until(lambda: answers(f"http://127.0.0.1:{os.environ['PORT']}/bench1"))


def hot(references):
    """One link, as often as it goes, beside nginx alone with a click log."""
    return compare(references, "fast-hot", 1, 0.90, ["/bench1"])


def zipf(references):
    """Many links of Zipf popularity; the reference is asked for the same codes."""
    return compare(
        references, "fast-zipf", LINKS, 0.75, ["/", None, 32, "zipf.lua", str(LINKS)], f"{LINKS:,} links, Zipf(1.0)."
    )


def compare(references, name, links, goal, arguments, note=""):
    path, *rest = arguments
    prepare(references, links)
    with FastPath(), Uncounted():
        wrk(f"{references.site}/bench1", 1, warming=True)
        results = interleaved(
            {
                "R1": lambda: wrk(references.url("R1", path), *rest),
                "fast": lambda: wrk(references.site + path, *rest),
            }
        )
    ratio = middle([ours / bare for ours, bare in zip(results["fast"], results["R1"])])
    return [
        row(
            name,
            spread(results["fast"]),
            "R1 " + spread(results["R1"]),
            ratio,
            f">= {goal:.2f} x R1",
            ratio >= goal,
            note,
        )
    ]


def read(path):
    with open(path) as file:
        return file.read()
