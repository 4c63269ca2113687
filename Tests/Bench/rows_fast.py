"""Rows of the redirect on the fast path: nginx's Lua answers it, and no worker of the pool."""

import os

from references import NGINX, Uncounted, answers, free_ports, output, wait_until
from rows_redirect import LINKS, prepare
from slices import HERE, interleaved, wrk
from table import middle, row, spread

MODULES = "/usr/lib/nginx/modules"


class FastPath:
    """A second nginx with the site that FAST_PATH=1 gives, beside the references; ended with it."""

    def __init__(self, references):
        self.references = references
        self.port = free_ports(1)[0]
        self.site = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        stack, directory = f"{os.environ['VAR']}/nginx", f"{self.references.run_directory}/fast"
        if not os.path.exists(directory):
            os.mkdir(directory)
            os.symlink(os.path.realpath(f"{HERE}/../../nginx-config/swiftlet"), f"{directory}/swiftlet")
        variables = {
            "FAST_PATH": 1,
            "SITE_LISTEN": f"127.0.0.1:{self.port}",
            "SITE_NAME": "_",
            "SITE_LOG": os.environ["SWIFTLET_LOG"],
            "SITE_DOCS": f"{os.environ['VAR']}/docs",
            "SITE_FOLDER": directory,
        }
        words = [f"{name}={value}" for name, value in variables.items()]
        write(f"{directory}/site.conf", output("env", *words, f"{os.environ['SWIFTLET_BIN']}/swiftlet", "site"))
        names = ("ndk_http_module", "ngx_http_lua_module")
        modules = "".join(f"load_module {MODULES}/{name}.so;\n" for name in names)
        text = read(f"{stack}/nginx.conf").replace(f"{stack}/site.conf", f"{directory}/site.conf")
        write(f"{directory}/nginx.conf", modules + text.replace("/nginx.pid", "/fast/nginx.pid"))
        log = f"{os.environ['SWIFTLET_LOG']}/bench-fast.log"
        self.child = self.references.start(
            [NGINX, "-e", log, "-p", directory, "-c", f"{directory}/nginx.conf", "-g", "daemon off;"]
        )
        wait_until(lambda: answers(f"{self.site}/bench1"))
        return self

    def __exit__(self, *_):
        self.references.stop([self.child])


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
    with FastPath(references) as fast, Uncounted():
        # What is measured is a site that has been up for a while, not its first seconds.
        wrk(fast.site + path, *rest, warming=True)
        results = interleaved(
            {
                "R1": lambda: wrk(references.url("R1", path), *rest),
                "fast": lambda: wrk(fast.site + path, *rest),
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


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
