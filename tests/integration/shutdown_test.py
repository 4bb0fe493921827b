"""SIGTERM and what running requests see of it."""

import signal
import time

from observing import metric, wait_until, wait_until_nothing_is_owed
from raw_http import RawConnection, request
from samples import ANNA, form, random_bytes

CONTENT = random_bytes(400_000, seed=11)


def begin_upload(server):
    """Begins an upload: half of it is sent, and the server knows of it. Returns the connection and the other half."""
    body, content_type = form(ANNA, [("slow.bin", CONTENT)])
    connection = RawConnection(server.address)
    connection.send(request("POST", "/api/v1/people", [("Content-Type", content_type), ("Content-Length", str(len(body)))],
                            close=False) + body[:200_000])
    wait_until(lambda: metric(server, "dossier_tasks_owed", kind="reap") == 1, "the upload has begun")
    return connection, body[200_000:]


def readiness(server):
    """The status of /readyz; None when the server takes no connections any more."""
    try:
        with RawConnection(server.address, timeout=5) as connection:
            connection.send(request("GET", "/readyz"))
            return connection.read_answer().status
    except (ConnectionError, EOFError, TimeoutError):
        return None


def test_a_running_upload_is_finished_and_new_work_is_not_taken(new_server, new_api):
    server = new_server(drain_time="15s")
    upload, rest = begin_upload(server)
    server.signal(signal.SIGTERM)
    wait_until(lambda: readiness(server) != 200, "/readyz fails")
    assert server.running
    for start in range(0, len(rest), 50_000):
        upload.send(rest[start:start + 50_000])
        time.sleep(0.02)
    answer = upload.read_answer()
    assert answer.status == 201, answer
    assert upload.closed_within(10)
    assert server.wait(15) == 0
    server.start()
    people = new_api(server).call("GET", "/people", 200).json()["items"]
    assert len(people) == 1
    assert new_api(server).content(people[0]["files"][0]) == CONTENT


def test_readyz_fails_for_those_who_are_still_connected(new_server):
    server = new_server(drain_time="15s")
    upload, rest = begin_upload(server)
    server.signal(signal.SIGTERM)
    wait_until(lambda: readiness(server) != 200, "/readyz fails")
    upload.send(rest)
    answer = upload.read_answer()
    assert answer.status == 201 and answer.header("connection") == "close"
    assert server.wait(15) == 0


def test_a_request_that_never_ends_is_cut_off_after_the_limit(new_server):
    server = new_server(drain_time="700ms", intake__lease="1s")
    upload, _ = begin_upload(server)
    started = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.wait(15) == 0
    assert time.monotonic() - started < 10
    upload.socket.close()
    server.start(intake__lease="1s", worker__erase_again_after="100ms")
    wait_until_nothing_is_owed(server)
    report, code = server.doctor()
    assert code == 0 and report["objects"] == 0


def test_a_second_signal_ends_at_once(new_server):
    server = new_server(drain_time="60s")
    upload, _ = begin_upload(server)
    server.signal(signal.SIGTERM)
    wait_until(lambda: readiness(server) != 200, "draining has begun")
    started = time.monotonic()
    server.signal(signal.SIGTERM)
    code = server.wait(10)
    assert time.monotonic() - started < 5
    assert code != 0, "it did not end cleanly, and says so"
    upload.socket.close()


def test_control_c_is_as_good_as_sigterm(new_server):
    server = new_server()
    server.signal(signal.SIGINT)
    assert server.wait(10) == 0


def test_idle_connections_do_not_delay_the_end(new_server):
    server = new_server(drain_time="30s")
    idle = [RawConnection(server.address) for _ in range(20)]
    for connection in idle[:10]:
        connection.send(request("GET", "/livez", close=False))
        assert connection.read_answer().status == 200
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 5
    for connection in idle:
        connection.socket.close()


def test_a_download_that_runs_is_finished(new_server, new_api):
    server = new_server(drain_time="15s")
    big = random_bytes(8_000_000, seed=4)
    file = new_api(server).create(files=[("big.bin", big)])["files"][0]
    with RawConnection(server.address, receive_buffer=65536) as connection:
        connection.send(request("GET", f"/api/v1/files/{file['id']}/content", close=False))
        connection.pending = connection.socket.recv(1000)
        server.signal(signal.SIGTERM)
        wait_until(lambda: readiness(server) != 200, "draining has begun")
        assert connection.read_answer().body == big
    assert server.wait(15) == 0


def test_ends_cleanly_whatever_the_stores_are_doing(new_server):
    """The worker writes to the catalog while the server ends: no thread may outlive what it uses."""
    server = new_server(worker__gather="0ms")
    body, content_type = form(ANNA, [(f"{number}.bin", b"x") for number in range(10)])
    for _ in range(15):
        with RawConnection(server.address) as connection:
            connection.send(request("POST", "/api/v1/people", [("Content-Type", content_type)], body))
            assert connection.read_answer().status == 201
        server.stop()
        server.start(worker__gather="0ms")
    assert "Sanitizer" not in server.log_text()
