"""Load in short slices, references and subject in turn, so that a noisy minute meets all alike."""

import json
import os
import re
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
BUILT = os.environ.get("BENCH_BUILD", os.path.join(HERE, "../../.build-bench"))
SECONDS = float(os.environ.get("BENCH_SECONDS", 3))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", 5))
AGENT = ["-H", "User-Agent: Mozilla/5.0 (X11; Linux x86_64)", "-H", "Referer: https://example.org/page"]


def run(command, **options):
    """Standard output of a command that has to succeed."""
    done = subprocess.run(
        [str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.returncode}: {(done.stderr or done.stdout)[-400:]}")
    return done.stdout


answered, refused = 0, 0


def wrk(url, seconds=None, connections=32, script=None, *arguments, warming=False):
    """Requests a second of a closed loop that were answered as they should be.

    What was answered otherwise (a 503, say) is taken off and told at the end of the run.
    """
    global answered, refused
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds or SECONDS:g}s", *AGENT]
    if script:
        command += ["-s", os.path.join(HERE, script)]
    output = run(command + [url] + (["--", *arguments] if arguments else []))
    count = int(re.search(r"(\d+) requests in", output).group(1))
    wrong = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", output)))
    for errors in re.findall(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output):
        wrong += sum(map(int, errors))
    if not warming:
        answered, refused = answered + count - wrong, refused + wrong
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)) * max(count - wrong, 0) / max(count, 1)


def interleaved(contestants, rounds=None):
    """Results by name; `contestants` are functions of no argument, called in turn, round by round."""
    results = {name: [] for name in contestants}
    for _ in range(rounds or ROUNDS):
        for name, contestant in contestants.items():
            results[name].append(contestant())
    return results


def openloop(url_port, path, rate, seconds=None, connections=64):
    """Latencies in microseconds at a fixed rate of requests."""
    return json.loads(
        run([f"{BUILT}/openloop", "127.0.0.1", url_port, path, f"{rate:.0f}", seconds or SECONDS, connections])
    )
