"""Few file descriptors: connections that fit are served fully, the others are told at once that there is no room."""

import os
import resource
import stat

import pytest

from dossier_process import find_binary
from raw_http import RawConnection, request
from samples import random_bytes

CONTENT = random_bytes(50_000, seed=2)


@pytest.fixture
def limited(tmp_path):
    """A binary that is started with these limits of open files."""

    def make(soft, hard):
        script = tmp_path / "limited"
        script.write_text(f'#!/bin/sh\nulimit -Sn {soft}\nulimit -Hn {hard}\nexec {find_binary()} "$@"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return str(script)

    return make


@pytest.fixture
def start_limited(new_server, limited):
    def make(soft, hard, **settings):
        server = new_server(start=False)
        server.binary = limited(soft, hard)
        return server.start(**settings)

    return make


@pytest.fixture
def many_sockets():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(before[1], 4096), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def logged(server, event):
    return [line for line in server.log_lines() if line["event"].startswith(event)]


def test_every_connection_is_answered_and_no_upload_fails_for_descriptors(start_limited, new_api, many_sockets):
    server = start_limited(1024, 1024)
    connections, served = [], 0
    try:
        for _ in range(1500):
            one = RawConnection(server.address, timeout=20)
            connections.append(one)
            one.send_some(request("GET", "/livez", close=False))
            answer = one.read_answer()
            assert answer.status in (200, 503), answer
            if answer.status == 200:
                served += 1
            else:
                assert answer.header("retry-after"), answer
                one.socket.close()
        assert served >= 300
        # One place becomes free; every client that has a place can upload.
        connections[0].socket.close()
        for one in connections[1:40]:
            body = (b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nA\r\n--b\r\n'
                    b'Content-Disposition: form-data; name="location"\r\n\r\nB\r\n--b\r\n'
                    b'Content-Disposition: form-data; name="age"\r\n\r\n3\r\n--b\r\n'
                    b'Content-Disposition: form-data; name="technology"\r\n\r\nC\r\n--b\r\n'
                    b'Content-Disposition: form-data; name="file_name"; filename="a"\r\n\r\n' + CONTENT + b"\r\n--b--\r\n")
            one.send(request("POST", "/api/v1/people", [("Content-Type", "multipart/form-data; boundary=b")], body, close=False))
        for one in connections[1:40]:
            assert one.read_answer().status == 201
    finally:
        for one in connections:
            one.socket.close()
    assert not [line for line in server.log_lines() if line["level"] == "error"]


def test_the_soft_limit_is_raised_to_the_hard_one(start_limited):
    server = start_limited(256, 2048)
    limits = open(f"/proc/{server.process.pid}/limits").read()
    line = next(line for line in limits.splitlines() if line.startswith("Max open files"))
    assert line.split()[3:5] == ["2048", "2048"], line


def test_a_number_of_connections_that_cannot_be_held_is_told(start_limited):
    server = start_limited(1024, 1024, http__connections=3000)
    told = logged(server, "fewer connections can be held")
    assert told and told[0]["level"] == "warning" and told[0]["asked"] == 3000 and told[0]["held"] < 500, told


def test_too_few_descriptors_are_refused_with_what_to_do(new_server, limited):
    server = new_server(start=False)
    server.binary = limited(64, 64)
    with pytest.raises(AssertionError, match="Raise the limit"):
        server.start()
    assert not os.path.exists(server.data / "records.db")


def first_free_descriptor(process):
    taken = {int(name) for name in os.listdir(f"/proc/{process.pid}/fd")}
    return next(number for number in range(len(taken) + 1) if number not in taken)


def test_without_a_descriptor_to_accept_with_clients_are_turned_away_with_an_answer(new_server):
    """Another program may take the limit away. The server then keeps one descriptor for saying so."""
    server = new_server()
    pid, before = server.process.pid, resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (first_free_descriptor(server.process), before[1]))
    for _ in range(3):
        answer = RawConnection(server.address, timeout=20).read_answer()
        assert answer.status == 503 and answer.header("retry-after"), answer
    resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    # The server may still be turning clients away when this one comes: a 503 says to try again.
    statuses = []
    while 200 not in statuses and len(statuses) < 10:
        one = RawConnection(server.address, timeout=20)
        one.send_some(request("GET", "/livez"))
        statuses.append(one.read_answer().status)
    assert statuses[-1] == 200, statuses
    assert [line["level"] for line in logged(server, "cannot accept")] == ["warning"]
