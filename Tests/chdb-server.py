"""The current ClickHouse engine behind as much of its HTTP interface as Swiftlet uses.

The engine is the real one, in this process (chdb); what is made here is the door to it: a POST with
the query in its URL or body, the data of an INSERT in its body, errors as the server words them.
Prints its port and serves until its standard input ends.
"""
import http.server
import os
import sys
import tempfile
import threading
import urllib.parse

from chdb import session

LOCK = threading.Lock()
SESSION = session.Session()
NOT_SETTINGS = {"database", "query", "query_id", "default_format", "wait_end_of_query"}


class Door(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        parameters = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            with LOCK:
                answer = ask(parameters, body)
            self.answer(200, answer)
        except Exception as error:  # The engine's errors have no class of their own.
            self.answer(500, str(error).encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def ask(parameters, body):
    SESSION.query(f"USE `{parameters.get('database', 'default')}`")
    settings = {k: v for k, v in parameters.items() if k not in NOT_SETTINGS}
    # A limit of the parser: the clause SETTINGS comes too late for it.
    SESSION.query(f"SET max_query_size = {settings.pop('max_query_size', 262144)}")
    query = parameters.get("query")
    if query is None:
        text = body.decode(errors="surrogateescape")
        is_select = text.lstrip().upper().startswith("SELECT")
        if is_select and settings:
            text += " SETTINGS " + listed(settings)
        elif settings and text.lstrip().upper().startswith("INSERT"):
            text = text.replace("SELECT", "SETTINGS " + listed(settings) + " SELECT", 1)
        native = " FORMAT Native"
        form = "Native" if text.endswith(native) else "TabSeparated"
        result = SESSION.query(text.removesuffix(native), form)
        return (result.bytes() or b"") if result is not None else b""
    with tempfile.NamedTemporaryFile(delete=False) as data:
        data.write(body)
    try:
        head, form = query.rsplit(" FORMAT ", 1)
        SESSION.query(f"{head} FROM INFILE '{data.name}' SETTINGS {listed(settings)} FORMAT {form}")
    finally:
        os.unlink(data.name)
    return b""


def listed(settings):
    return ", ".join(f"{name} = {value}" for name, value in settings.items())


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
