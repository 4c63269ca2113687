"""Calls each method of PyShlink against the site under test, and prints what they gave as one JSON object.

The arguments are the site's URL, an API key and the code of a link.
"""
import json
import sys

from shlink import Shlink

url, key, code = sys.argv[1:]
client = Shlink(api_key=key, url=url)
print(
    json.dumps(
        {
            "listed": client.list_short_urls(),
            "found": client.get_short_url(code),
            "visits": client.list_visit_data(code, startDate="2020-01-01T00:00:00+00:00"),
            "all": client.list_visit_data(code, excludeBots=False),
            "missing": client.get_short_url("no-such-" + code),
            "refused": Shlink(api_key=key + "x", url=url).get_short_url(code),
        }
    )
)
