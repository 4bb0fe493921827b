"""Clients that stall, send drop by drop or never read are cut off; other clients notice nothing."""

import socket
import time

import pytest

from dossier_process import is_sanitized
from observing import metric, wait_until, wait_until_nothing_is_owed
from raw_http import RawConnection, request
from samples import ANNA, PNG, form, random_bytes


@pytest.fixture
def impatient(new_server):
    """A server with short time limits."""
    return new_server(http__header_time="700ms", http__idle_time="900ms", http__stall_time="700ms", intake__lease="2s",
                      worker__erase_again_after="200ms")


def assert_alive(server):
    with RawConnection(server.address, timeout=5) as connection:
        connection.send(request("GET", "/livez"))
        assert connection.read_answer().status == 200


def test_a_header_that_drips_is_cut_off(impatient):
    with RawConnection(impatient.address) as connection:
        started = time.monotonic()
        for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":
            if not connection.send_some(bytes([byte])):
                break
            time.sleep(0.05)
            if time.monotonic() - started > 2:
                break
        assert connection.closed_within(5)
        assert time.monotonic() - started < 6
        assert connection.pending == b"" or b" 408 " in connection.pending.split(b"\r\n")[0]


def test_a_connection_that_says_nothing_is_closed(impatient):
    with RawConnection(impatient.address) as connection:
        assert connection.closed_within(6)


def test_an_idle_connection_is_closed_after_its_last_answer(impatient):
    with RawConnection(impatient.address) as connection:
        connection.send(request("GET", "/livez", close=False))
        assert connection.read_answer().status == 200
        assert connection.closed_within(6)


def upload_head(length, content_type):
    return request("POST", "/api/v1/people", [("Content-Type", content_type), ("Content-Length", str(length))], close=False)


def test_a_body_that_stops_is_cut_off_and_nothing_kept(impatient):
    body, content_type = form(ANNA, [("a.bin", random_bytes(200_000))])
    with RawConnection(impatient.address) as connection:
        connection.send(upload_head(len(body), content_type) + body[:100_000])
        assert connection.closed_within(8)
        assert connection.pending == b"" or b" 408 " in connection.pending.split(b"\r\n")[0]
    wait_until_nothing_is_owed(impatient)
    report, code = impatient.doctor()
    assert code == 0 and report["objects"] == 0


def test_a_body_that_drips_is_cut_off(impatient):
    body, content_type = form(ANNA, [("a.bin", random_bytes(200_000))])
    with RawConnection(impatient.address) as connection:
        connection.send(upload_head(len(body), content_type))
        started = time.monotonic()
        for byte in body:
            if not connection.send_some(bytes([byte])) or time.monotonic() - started > 10:
                break
            time.sleep(0.05)
        assert time.monotonic() - started < 9, "20 bytes a second are far below the minimum rate"
    wait_until_nothing_is_owed(impatient)


def test_a_slow_but_steady_upload_is_let_through(impatient):
    body, content_type = form(ANNA, [("a.bin", random_bytes(60_000))])
    with RawConnection(impatient.address) as connection:
        connection.send(upload_head(len(body), content_type))
        for start in range(0, len(body), 3_000):  # 30 KB a second, for twice the stall time
            connection.send(body[start:start + 3_000])
            time.sleep(0.1)
        assert connection.read_answer().status == 201


def test_a_reader_that_never_reads_is_cut_off_while_others_are_served(impatient, new_api):
    api = new_api(impatient)
    big = api.create(files=[("big.bin", random_bytes(20_000_000))])["files"][0]
    stuck = [RawConnection(impatient.address, receive_buffer=4096) for _ in range(8)]
    try:
        for connection in stuck:
            connection.send(request("GET", f"/api/v1/files/{big['id']}/content"))
        wait_until(lambda: metric(impatient, "dossier_http_connections") >= 8, "all of them are connected")
        slowest = 0
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            started = time.monotonic()
            assert_alive(impatient)
            slowest = max(slowest, time.monotonic() - started)
        assert slowest < 1
        wait_until(lambda: metric(impatient, "dossier_http_connections") <= 2, "those that never read are cut off")
        assert impatient.memory() < 120 * 1024**2 or is_sanitized()
    finally:
        for connection in stuck:
            connection.socket.close()


def test_a_client_that_vanishes_in_a_download_harms_nobody(impatient, new_api):
    api = new_api(impatient)
    big = api.create(files=[("big.bin", random_bytes(5_000_000))])["files"][0]
    for _ in range(20):
        with RawConnection(impatient.address, receive_buffer=4096) as connection:
            connection.send(request("GET", f"/api/v1/files/{big['id']}/content"))
            connection.socket.recv(1000)
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert_alive(impatient)


def test_more_connections_than_allowed_are_told_to_come_back(new_server):
    server = new_server(http__connections=10)
    held = [RawConnection(server.address) for _ in range(10)]
    try:
        for connection in held:
            connection.send(request("GET", "/livez", close=False))
            assert connection.read_answer().status == 200
        with RawConnection(server.address, timeout=5) as late:
            late.send_some(request("GET", "/livez"))
            answer = late.read_answer()
        assert answer.status == 503 and int(answer.header("retry-after")) >= 1
        held.pop().socket.close()
        wait_until(lambda: status_of_livez(server) == 200, "there is room again")
    finally:
        for connection in held:
            connection.socket.close()


def status_of_livez(server):
    with RawConnection(server.address, timeout=5) as connection:
        connection.send_some(request("GET", "/livez"))
        return connection.read_answer().status


def test_memory_does_not_grow_with_the_size_of_a_file(new_server, new_api):
    server = new_server()
    api = new_api(server)
    api.create()
    before = server.memory()
    size = 64 * 1024**2
    block = random_bytes(1024**2, seed=5)
    head, content_type = form(ANNA, boundary="edge", close=False)
    head += b'--edge\r\nContent-Disposition: form-data; name="file_name"; filename="big.bin"\r\n\r\n'
    tail = b"\r\n--edge--\r\n"
    with RawConnection(server.address, timeout=60) as connection:
        connection.send(upload_head(len(head) + size + len(tail), content_type) + head)
        for _ in range(64):
            connection.send(block)
        connection.send(tail)
        answer = connection.read_answer()
    assert answer.status == 201
    assert server.memory() - before < 24 * 1024**2 or is_sanitized(), f"{(server.memory() - before) >> 20} MiB more"


def test_a_hundred_at_once_are_all_answered(site):
    connections = [RawConnection(site.address) for _ in range(100)]
    body, content_type = form(ANNA, [("a.png", PNG)])
    data = request("POST", "/api/v1/people", [("Content-Type", content_type)], body)
    for connection in connections:
        connection.send(data)
    numbers = set()
    for connection in connections:
        answer = connection.read_answer()
        assert answer.status == 201, answer
        numbers.add(answer.header("location"))
        connection.socket.close()
    assert len(numbers) == 100
