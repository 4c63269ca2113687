"""What the description can't say in JSON Schema, told to schemathesis.

SITE_HOST is the host of BASE_URL: links to it are refused as leading back, which the description says
in words. KNOWN_CODE is a link that is there, for some of the requests that need a code.
"""
import os
from urllib.parse import urlsplit

import schemathesis


def leads_back(body):
    url = body.get("original_url") if isinstance(body, dict) else None
    try:
        return isinstance(url, str) and urlsplit(url).hostname == os.environ["SITE_HOST"]
    except ValueError:
        return False


@schemathesis.hook
def filter_body(context, body):
    return not leads_back(body)


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    code = (path_parameters or {}).get("short_code")
    if isinstance(code, str) and code[:1].isdecimal():
        return {**path_parameters, "short_code": os.environ["KNOWN_CODE"]}
    return path_parameters
