#!/usr/bin/python3 -IB
"""Starts Locust beside a private stack: with its web page, or without when USERS says how many come.

Run by `make locust`; ends when it is told to, or after SECONDS.
"""

import os
import sys

here = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, here)
from references import free_ports  # noqa: E402

site = f"http://127.0.0.1:{os.environ['PORT']}"
users, seconds = os.environ.get("USERS"), os.environ.get("SECONDS") or "60"
command = [os.environ["LOCUST"], "-f", f"{here}/locustfile.py", "--host", site, "--stop-timeout", "10"]
if users:
    command += ["--headless", "-u", users, "-r", str(max(1, int(users) // 5)), "-t", f"{seconds}s", "--only-summary"]
else:
    port = os.environ.get("LOCUST_PORT") or str(free_ports(1)[0])
    command += ["--web-host", "127.0.0.1", "--web-port", port, "-u", "50", "-r", "10"]
    print(f"Locust's page: http://127.0.0.1:{port}   (it asks {site}; Ctrl-C stops everything)", flush=True)
os.execv(command[0], command)
