"""Thousands of clients begin an upload and stand still: what they cost, and that they hold up no others."""

import contextlib
import pathlib
import re
import resource
import time

import pytest
import requests

from dossier_process import is_sanitized
from observing import wait_until
from raw_http import RawConnection, request
from samples import ANNA, form, random_bytes

MIB = 1024 * 1024
SENT = 300_000  # bytes that each client sends before it stands still
CONTENT = random_bytes(1_000_000, seed=5)


def resident(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024


def metric(server, name, **labels):
    """Like observing.metric, with a longer timeout: thousands of uploads keep the machine busy."""
    wanted = name + ("{" + ",".join(f'{key}="{value}"' for key, value in labels.items()) + "}" if labels else "")
    for line in requests.get(server.url + "/metrics", timeout=300).text.splitlines():
        if line.startswith(wanted + " "):
            return float(line.split()[-1])
    raise AssertionError(f"no {wanted}")


def upload(content, boundary="b0undary"):
    body, content_type = form(ANNA, [("slow.bin", content)], boundary=boundary)
    return request("POST", "/api/v1/people", [("Content-Type", content_type), ("Content-Length", str(len(body)))], close=False), body


@contextlib.contextmanager
def stalled(server, count):
    """Holds so many uploads of which a part has arrived, all of it taken from their sockets."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(before[1], max(before[0], count + 1000)), before[1]))
    head, body = upload(CONTENT)
    taken = metric(server, "dossier_tasks_owed", kind="reap")
    connections = []
    try:
        for _ in range(count):
            connections.append(RawConnection(server.address, timeout=300))
            connections[-1].send(head + body[:SENT])
        wait_until(lambda: metric(server, "dossier_tasks_owed", kind="reap") >= taken + count, "all have begun", limit=400, pause=1)
        wait_until(lambda: metric(server, "dossier_upload_memory_bytes") == 0, "nobody holds memory that all share", limit=120)
        yield connections, body
    finally:
        for connection in connections:
            connection.socket.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.skipif(resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 9000, reason="the hard limit of open files is too low here")
def test_thousands_of_stalled_uploads_take_little_memory_and_hold_up_nobody(new_server, new_api):
    server = new_server(http__stall_time="10m", http__minimum_rate=0, http__connections=4200, log__requests="false")
    api = new_api(server)
    api.create(files=[("first.bin", CONTENT)])
    idle = resident(server)
    with stalled(server, 4096) as (connections, body):
        held = resident(server)
        started = time.monotonic()
        made = api.create(files=[("fast.bin", CONTENT)])
        took = time.monotonic() - started
        assert api.content(made["files"][0]) == CONTENT
        connections[7].send(body[SENT:])
        assert connections[7].read_answer().status == 201, "who goes on after all is served"
    wait_until(lambda: metric(server, "dossier_http_connections") <= 2, "all are gone", limit=60)
    wait_until(lambda: is_sanitized() or resident(server) < idle + 24 * MIB,
               f"memory goes back: {idle / MIB:.0f} MiB when idle, {held / MIB:.0f} while they stood", limit=30)
    print(f"idle {idle / MIB:.0f} MiB, 4,096 stalled {held / MIB:.0f}, afterwards {resident(server) / MIB:.0f}; beside them {took:.2f} s")
    if not is_sanitized():
        assert held <= 128 * MIB, f"{held / MIB:.0f} MiB"
    assert took < 10


def test_a_small_budget_makes_uploads_slower_and_fails_none(new_server, new_api):
    server = new_server(intake__memory="1MiB", http__stall_time="10m", http__minimum_rate=0)
    with stalled(server, 50):
        api = new_api(server)
        made = [api.create(files=[("a.bin", CONTENT), ("b.bin", CONTENT[:5000])]) for _ in range(5)]
        for person in made:
            assert api.content(person["files"][0]) == CONTENT
        assert metric(server, "dossier_upload_memory_limit_bytes") == MIB
