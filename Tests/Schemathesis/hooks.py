"""What the description can't say in JSON Schema, told to schemathesis.

SITE_HOST is the host of BASE_URL: links to it are refused as leading back, which the description says
in words. API_KEY may do everything. A part of the requests that need something get a thing that is there: what
they may delete is made for them. Which answers each operation gave is written to STATUSES at the end.
"""
import atexit
import collections
import json
import os
import urllib.request
from urllib.parse import urlsplit

import schemathesis
from schemathesis.core.parameters import ParameterLocation

SITE = "http://127.0.0.1:" + os.environ["PORT"]
API = SITE + "/rest/v3/"
statuses = collections.defaultdict(collections.Counter)


def make(path, **body):
    """Makes something by the API, and gives it."""
    request = urllib.request.Request(
        API + path,
        json.dumps(body).encode(),
        {"X-Api-Key": os.environ["API_KEY"], "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def name():
    return "s" + os.urandom(8).hex()


def link():
    return make("short-urls", longUrl="https://www.debian.org/", tags=["news"])["shortCode"]


# What each parameter of a path can be; a link is deleted and kept by different operations.
makers = {
    "shortCode": link,
    "short_code": link,
    "id": lambda: str(make("api-keys", name=name())["id"]),
    "name": lambda: make("tenants", name=name())["name"],
    "tag": lambda: "news",
    "domain": lambda: "DEFAULT",
}


def maker(operation, parameter):
    if operation.path.endswith("/sessions/{id}"):
        return lambda: str(make("session")["session"])
    return makers[parameter]


def leads_back(body):
    url = body.get("original_url") if isinstance(body, dict) else None
    try:
        return isinstance(url, str) and urlsplit(url).hostname == os.environ["SITE_HOST"]
    except ValueError:
        return False


@schemathesis.hook
def filter_body(context, body):
    return not leads_back(body)


def is_valid(case, location):
    component = case.meta.components.get(location) if case.meta else None
    return component is not None and component.mode.is_positive


def is_chosen(value):
    """Half of what is generated; the same half when a run is played again."""
    return len(str(value)) % 2 == 0


@schemathesis.hook
def before_call(context, case, kwargs):
    for parameter, value in (case.path_parameters or {}).items():
        # No key is changed but those that are made here, and a page of the site is no code.
        wants_one = is_valid(case, ParameterLocation.PATH) and (parameter == "id" or is_chosen(value))
        if wants_one or str(value).strip("/") == "openapi.json":
            case.path_parameters[parameter] = maker(case.operation, parameter)()
    # Of a key and a tenant each name is given once.
    body = case.body
    if is_valid(case, ParameterLocation.BODY) and isinstance(body, dict) and is_chosen(body.get("name", "?")):
        case.body = {**body, "name": name()}


@schemathesis.hook
def after_call(context, case, response):
    statuses[case.operation.label][response.status_code] += 1


@atexit.register
def write_statuses():
    with open(os.environ["STATUSES"], "w") as file:
        json.dump(statuses, file)
