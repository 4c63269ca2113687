"""The references: nginx alone, nginx with a click log, the bare responder, the bare creator; and the stack under test."""

import os
import signal
import socket
import subprocess
import time
import urllib.request

from slices import BUILT, HERE, run

NGINX = "/usr/sbin/nginx" if os.path.exists("/usr/sbin/nginx") else "nginx"
# Processes of the bare responder: each serves one connection, and nginx keeps 32.
RESPONDERS = 48
# Processes of the bare creator, a commit under way in each.
CREATORS = 16


class References:
    """Starts an nginx and a responder beside the stack; ends them, and any extra worker, at its end."""

    def __init__(self):
        self.run_directory = os.environ["SWIFTLET_RUN"]
        self.programs = os.environ["SWIFTLET_BIN"]
        self.port = int(os.environ["PORT"])
        self.site = f"http://127.0.0.1:{self.port}"
        self.ports = dict(zip(("R0", "R1", "R2", "R4", "WORKER"), free_ports(5)))
        self.children = []

    def __enter__(self):
        try:
            self.start([f"{BUILT}/responder", f"{self.run_directory}/responder.sock", str(RESPONDERS)])
            with open(f"{HERE}/nginx.conf.in") as file:
                text = file.read()
            words = {
                "USER": output("id", "-un"),
                "GROUP": output("id", "-gn"),
                "RUN": self.run_directory,
                "LOG": os.environ["SWIFTLET_LOG"],
                **self.ports,
            }
            for word, value in words.items():
                text = text.replace(f"@{word}@", str(value))
            path = f"{self.run_directory}/bench-nginx.conf"
            with open(path, "w") as file:
                file.write(text)
            log = f"{os.environ['SWIFTLET_LOG']}/bench-nginx.log"
            self.start([NGINX, "-e", log, "-c", path, "-g", "daemon off;"])
            for port in ("R0", "R1", "R2"):
                wait_until(lambda: answers(self.url(port)))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()

    def start(self, command, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        child = subprocess.Popen(command, **options)
        self.children.append(child)
        return child

    def start_creators(self):
        """The bare creator; its table, bench_urls, must be there."""
        children = [self.start([f"{BUILT}/creator", f"{self.run_directory}/creator.sock", str(CREATORS), os.environ["PG_DSN"]])]
        wait_until(lambda: os.path.exists(f"{self.run_directory}/creator.sock"))
        return children

    def url(self, name, path="/bench1"):
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def start_worker(self, name, count=1, command=None, **variables):
        """Workers of the shortener pool, or another program, on a socket of their own, RUN/<name>.sock."""
        path = f"{self.run_directory}/{name}.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            os.chmod(path, 0o666)
            listener.listen(1024)
            environment = {**os.environ, "SHORTENER_ROLE": "redirects", **variables}
            command = command or [f"{self.programs}/shortener"]
            return [self.start(command, stdin=listener, env=environment) for _ in range(count)]

    def stop(self, children):
        for child in children:
            child.terminate()
        for child in children:
            child.wait(10)
            self.children.remove(child)


class Uncounted:
    """While it lasts, clicks stay in their journals: relay and consumer are stopped."""

    programs = ["relay", "consumer:*"]

    def __enter__(self):
        supervisorctl("stop", *self.programs)

    def __exit__(self, *_):
        supervisorctl("start", *self.programs)


def supervisorctl(*words):
    return run(["supervisorctl", "-s", os.environ["SUPERVISOR_URL"], *words])


def statuses():
    """A line of each program's state; not an error where one has ended, as the carry has when it is done."""
    command = ["supervisorctl", "-s", os.environ["SUPERVISOR_URL"], "status"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout


def output(*command):
    return run(command).strip()


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def status(url):
    """The status of an answer; redirects are not followed."""
    try:
        return urllib.request.build_opener(NoRedirect).open(url, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


def answers(url):
    try:
        return status(url) == 301
    except OSError:
        return False


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("nothing after %d s" % seconds)
        time.sleep(0.05)
