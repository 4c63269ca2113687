"""The web server's side of FastCGI 1.0 on one kept connection, with the parameters that the site's nginx passes."""

import secrets
import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


class Peer:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        # Under valgrind a worker takes its time.
        self.socket.settimeout(120)
        self.socket.connect(path)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, path, **parameters):
        """The worker's whole answer to a GET, maybe with more or other parameters."""
        usual = {
            "REQUEST_METHOD": "GET",
            "REQUEST_URI": path,
            "REMOTE_ADDR": "203.0.113.7",
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64)",
            "HTTP_REFERER": "https://example.org/page",
        }
        return self.exchange(**{**usual, **parameters})

    def post(self, path, body, **others):
        """The worker's whole answer to a POST of JSON."""
        return self.exchange(
            body,
            REQUEST_METHOD="POST",
            REQUEST_URI=path,
            CONTENT_TYPE="application/json",
            CONTENT_LENGTH=str(len(body)),
            **others,
        )

    def exchange(self, body=b"", **parameters):
        parameters["REQUEST_ID"] = secrets.token_hex(16)
        content = b"".join(
            bytes([len(name), len(value)]) + name.encode() + value.encode() for name, value in parameters.items()
        )
        responder_that_keeps = b"\0\1\1\0\0\0\0\0"
        self.socket.sendall(
            record(BEGIN, responder_that_keeps) + record(PARAMS, content) + record(PARAMS)
            + (record(STDIN, body) if body else b"") + record(STDIN)
        )
        answer = b""
        while True:
            kind, content = self.next_record()
            if kind == END:
                return answer
            if kind == STDOUT:
                answer += content

    def next_record(self):
        while True:
            if len(self.received) >= 8:
                kind, length, padding = struct.unpack("!xB2xHBx", self.received[:8])
                end = 8 + length + padding
                if len(self.received) >= end:
                    content, self.received = self.received[8 : 8 + length], self.received[end:]
                    return kind, content
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("the worker hung up")
            self.received += more


def record(kind, content=b""):
    return struct.pack("!BBHHBB", 1, kind, 1, len(content), 0, 0) + content
