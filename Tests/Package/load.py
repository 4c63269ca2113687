#!/usr/bin/python3 -I
"""Load on a site of this machine: clients that follow a link, one that makes links, and one that reads
statistics. Prints what failed.

usage: load.py HOST[:PORT] CODE KEY REQUESTS STOP

With an empty KEY they have none. Goes on until REQUESTS are answered and the file STOP is there, or until
too many have failed. A client keeps its connection, as browsers do. nginx closes idle ones when it is
reloaded; a browser then asks again on a new connection, and so does this. Such requests are counted apart,
and may be few. All else that isn't the expected answer has failed.
"""

import os
import socket
import sys
import threading
import time

CLIENTS = 6
FAILURES_AT_MOST = 1000


class Counts:
    def __init__(self):
        self.lock = threading.Lock()
        self.answered = self.created = self.read = self.late = self.closed = self.failed = 0
        self.slowest = 0.0
        self.failures = []

    def add(self, name, failure=None, seconds=0.0):
        with self.lock:
            setattr(self, name, getattr(self, name) + 1)
            self.slowest = max(self.slowest, seconds)
            if failure and len(self.failures) < 10:
                self.failures.append(f"{time.strftime('%X')} {failure}")


class Client:
    """One kept connection."""

    def __init__(self, counts, port):
        self.counts = counts
        self.port = port
        self.connection = None

    def ask(self, request):
        """The status of the answer."""
        if self.connection:
            try:
                return self.exchange(request)
            except ConnectionError:
                self.counts.add("closed")
                self.close()
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        return self.exchange(request)

    def exchange(self, request):
        self.connection.sendall(request)
        # Before the first byte nginx may close a connection that was idle to it.
        answer = self.receive()
        try:
            return self.read_on(answer)
        except ConnectionError as error:
            raise ValueError(f"ended early: {error!r}") from error

    def read_on(self, answer):
        """The status of an answer that has begun, and that is read to its end."""
        answer = self.until(answer, lambda answer: b"\r\n\r\n" in answer)
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
        if length:
            self.until(body, lambda body: len(body) >= length[0])
        elif b"transfer-encoding: chunked" in lines:
            self.until(body, lambda body: body.endswith(b"0\r\n\r\n"))
        if b"connection: close" in lines:
            self.close()
        return int(head.split(b" ", 2)[1])

    def until(self, bytes, is_whole):
        """The bytes, read on until they are whole."""
        while not is_whole(bytes):
            bytes += self.receive()
        return bytes

    def receive(self):
        more = self.connection.recv(65536)
        if not more:
            raise ConnectionResetError("closed")
        return more

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


def run(client, counts, name, request, expected, keeps, pause, goes_on):
    """Asks the same again and again; unless it keeps its connection, on a new one each time."""
    while goes_on():
        begun = time.monotonic()
        try:
            status = client.ask(request)
            # Statistics may say that an engine is too slow, on a busy machine: a worker has answered.
            late = name == "read" and status == 503
            failure = None if late or status == expected else f"{name} {status}"
        except (OSError, ValueError) as error:
            failure = f"{name} {error!r}"
        counts.add("failed" if failure else "late" if late else name, failure, time.monotonic() - begun)
        if failure or not keeps:
            client.close()
        time.sleep(pause)


def main():
    host, code, key, requests, stop = sys.argv[1:]
    counts = Counts()
    head = f"Host: {host}\r\n" + (f"X-Api-Key: {key}\r\n" if key else "")
    body = b'{"original_url": "https://elsewhere.example/made"}'
    get = f"GET /{code} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    post = (
        f"POST /shorten HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    stats = f"GET /stats/{code} HTTP/1.1\r\n{head}\r\n".encode()

    def goes_on():
        is_over = counts.answered >= int(requests) and os.path.exists(stop)
        return not is_over and counts.failed < FAILURES_AT_MOST

    # Redirects leave the machine time for what is tried. One client may make 60 links in a minute, and ask
    # for statistics twice as often.
    asks = [("answered", get, 301, True, 0.001)] * CLIENTS
    asks += [("created", post, 201, False, 1.1), ("read", stats, 200, False, 0.6)]
    port = int(host.partition(":")[2] or 80)
    threads = [threading.Thread(target=run, args=(Client(counts, port), counts, *ask, goes_on)) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(
        f"{counts.answered} redirects, {counts.created} links made, {counts.read} statistics read ({counts.late} late),"
        f" {counts.failed} failed, slowest {counts.slowest * 1000:.0f} ms;"
        f" {counts.closed} kept connections closed by nginx"
    )
    for failure in counts.failures:
        print(failure)
    is_good = not counts.failed and counts.created and counts.read > counts.late
    sys.exit(0 if is_good and counts.closed * 100 < counts.answered else 1)


if __name__ == "__main__":
    main()
