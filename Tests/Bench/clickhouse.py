"""ClickHouse, asked over HTTP."""

import os
import urllib.error
import urllib.request


def ask(sql, url=None):
    """The answer to a statement, as text; of the stack's server, or of another one."""
    scheme, rest = (url or os.environ["CLICKHOUSE_URL"]).split("://", 1)
    user, rest = rest.split("@", 1)
    host, database = rest.split("/", 1)
    address = f"{scheme}://{host}/?database={database}&user={user.split(':')[0]}"
    request = urllib.request.Request(address, sql.encode(), {"Content-Type": "text/plain"})
    try:
        return urllib.request.urlopen(request, timeout=1800).read().decode()
    except urllib.error.HTTPError as error:
        raise RuntimeError(error.read().decode()[:400]) from None
