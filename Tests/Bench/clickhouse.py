"""ClickHouse, asked over HTTP."""

import os
import urllib.error
import urllib.request


def ask(sql, **settings):
    """The answer to a statement, as text."""
    scheme, rest = os.environ["CLICKHOUSE_URL"].split("://", 1)
    user, rest = rest.split("@", 1)
    host, database = rest.split("/", 1)
    words = {"database": database, "user": user.split(":")[0], **settings}
    address = f"{scheme}://{host}/?" + "&".join(f"{name}={value}" for name, value in words.items())
    request = urllib.request.Request(address, sql.encode(), {"Content-Type": "text/plain"})
    try:
        return urllib.request.urlopen(request, timeout=1800).read().decode()
    except urllib.error.HTTPError as error:
        raise RuntimeError(error.read().decode()[:400]) from None
