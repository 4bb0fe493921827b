"""Waits until something holds in a running server; reads its metrics as numbers."""

import re
import time

import requests


def wait_until(is_so, what, limit=20, pause=0.02):
    """Asks until the answer is true, and returns it; after the limit it fails and says what it waited for."""
    deadline = time.monotonic() + limit
    while True:
        answer = is_so()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {limit} s: {what}"
        time.sleep(pause)


def read_metrics(server, at=None):
    """{(name, ((label, value), …)): number}"""
    text = requests.get((at or server.url) + "/metrics", timeout=10).text
    found = {}
    for line in text.splitlines():
        sample = re.fullmatch(r'([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)', line)
        if sample and not line.startswith("#"):
            labels = tuple(sorted(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', sample.group(2) or "")))
            found[sample.group(1), labels] = float(sample.group(3))
    return found


def metric(server, name, at=None, **labels):
    """The sum of the samples that have at least these labels; None when there is none."""
    wanted = set(labels.items())
    found = [value for (each, has), value in read_metrics(server, at).items() if each == name and wanted <= set(has)]
    return sum(found) if found else None


def wait_until_nothing_is_owed(server, limit=30):
    wait_until(lambda: metric(server, "dossier_tasks_owed") == 0, "no task is owed", limit)
