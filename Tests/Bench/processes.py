"""Processor time of the stack's programs, from /proc."""

import contextlib
import os
from collections import Counter

from references import statuses

TICKS = os.sysconf("SC_CLK_TCK")


def processor_time():
    """Seconds in user and kernel mode by program since each began, their children's included."""
    roots = {}
    for line in statuses().splitlines():
        words = line.split()
        if len(words) > 3 and words[1] == "RUNNING":
            name = words[0].split(":")[-1].rsplit("_", 1)[0] if words[0][-1].isdigit() else words[0].split(":")[-1]
            roots[int(words[3].rstrip(","))] = name
    parents, seconds = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(pid)] = int(fields[1])
        # Those of children that have ended and been waited for are in the last two.
        seconds[int(pid)] = sum(map(int, fields[11:15])) / TICKS
    totals = Counter()
    for pid, time in seconds.items():
        while pid not in roots and pid in parents:
            pid = parents[pid]
        if pid in roots:
            totals[roots[pid]] += time
    return totals


def descendants(root):
    """A process and all that came of it."""
    children = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
            children.setdefault(int(file.read().rsplit(")", 1)[1].split()[1]), []).append(int(pid))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found
