"""Health, metrics, request ids, the log, TLS."""

import os
import re
import ssl
import subprocess
import uuid

import pytest
import requests

from api_client import ApiClient
from dossier_process import Server, environment, find_binary
from accounts import Visitor, with_accounts
from observing import metric, read_metrics, wait_until, wait_until_nothing_is_owed
from raw_http import RawConnection, exchange, request
from samples import ANNA, PNG, form


def get(server, path, **more):
    return requests.get(server.url + path, timeout=10, **more)


def test_livez_and_readyz_say_ok(site):
    for path in ("/livez", "/readyz"):
        answer = get(site, path)
        assert (answer.status_code, answer.text) == (200, "ok\n")
        assert answer.headers["Cache-Control"] == "no-store"


def test_healthz_tells_of_each_store(site):
    answer = get(site, "/healthz")
    assert answer.status_code == 200
    health = answer.json()
    assert health["status"] == "ok"
    assert {store["store"] for store in health["stores"]} == {"records", "objects", "catalog"}
    assert all(store["healthy"] for store in health["stores"])


def test_healthz_tells_of_a_store_that_is_away_while_livez_goes_on(new_server):
    server = new_server()
    objects = server.data / "objects"
    objects.rename(server.data / "elsewhere")
    try:
        answer = get(server, "/healthz")
        assert answer.status_code == 503
        assert [store["store"] for store in answer.json()["stores"] if not store["healthy"]] == ["objects"]
        assert str(server.data) not in answer.text
        assert get(server, "/livez").status_code == 200 and get(server, "/readyz").status_code == 200
    finally:
        if not objects.exists():
            (server.data / "elsewhere").rename(objects)
    wait_until(lambda: get(server, "/healthz").status_code == 200, "healthy again")


def test_while_the_files_are_away_details_are_served_and_nothing_is_lost(new_server, new_api):
    server = new_server(worker__erase_again_after="100ms", worker__first_retry="100ms", worker__longest_retry="300ms",
                        worker__longest_sleep="200ms", intake__lease="2s")
    api = new_api(server)
    kept, deleted = api.create(), api.create()
    wait_until_nothing_is_owed(server)
    objects = server.data / "objects"
    objects.rename(server.data / "elsewhere")
    try:
        assert api.person(kept["id"]) == kept
        answer = api.call("GET", f"/files/{kept['files'][0]['id']}/content", 503)
        assert int(answer.headers["Retry-After"]) >= 1
        api.create(expect=503)
        api.call("DELETE", f"/people/{deleted['id']}", 204, headers={"If-Match": "*"})
        wait_until(lambda: metric(server, "dossier_tasks_failing") >= 1, "the erase cannot be done now")
        assert not objects.exists(), "an empty folder in its place would look like lost files"
    finally:
        (server.data / "elsewhere").rename(objects)
    assert api.content(kept["files"][0]) == PNG
    api.create()
    wait_until_nothing_is_owed(server)
    report, code = server.doctor("--read-bytes")
    assert code == 0 and report["objects"] == 2, report


def test_metrics_are_in_the_text_format(site, api):
    api.create()
    answer = get(site, "/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", answer.text, re.M))
    for line in answer.text.splitlines():
        assert not line or re.fullmatch(r'(# (HELP|TYPE) .*|[a-zA-Z_:][\w:]*(\{.*\})? [-+\w.]+)', line), line
    for name in ("dossier_http_request_duration_seconds", "dossier_store_call_duration_seconds", "dossier_tasks_owed",
                 "dossier_tasks_oldest_overdue_seconds", "dossier_http_request_body_bytes_total",
                 "dossier_http_response_body_bytes_total", "dossier_store_call_failures_total", "dossier_http_connections"):
        assert name in types, name


def test_metrics_count_requests_and_bytes_by_route(new_server, new_api):
    server = new_server()
    api = new_api(server)
    made = api.create(files=[("a.bin", b"x" * 100_000)])
    for _ in range(3):
        api.person(made["id"])
    api.content(made["files"][0])
    name = "dossier_http_request_duration_seconds_count"
    wait_until(lambda: metric(server, name, route="/api/v1/people/{id}", method="GET") == 3, "three look-ups counted")
    assert metric(server, "dossier_http_request_body_bytes_total", route="/api/v1/people") >= 100_000
    assert metric(server, "dossier_http_response_body_bytes_total", route="/api/v1/files/{file_id}/content") == 100_000
    for store in ("records", "objects", "catalog"):
        wait_until(lambda: metric(server, "dossier_store_call_duration_seconds_count", store=store), f"a call of {store}")


def test_addresses_that_nobody_knows_make_no_series(new_server):
    server = new_server()

    def series_of_requests():  # those of the stores come by themselves, as the worker goes around
        return {each for each in read_metrics(server) if each[0].startswith("dossier_http_")}

    def ask(number):
        requests.request(f"METHOD{number}", f"{server.url}/nothing-{number}?x={number}", timeout=10)

    ask(0)
    # A request is counted after it was answered, the reading of the metrics among them.
    wait_until(lambda: {("route", "other"), ("route", "/metrics")} <= {each for _, labels in series_of_requests()
                                                                      for each in labels}, "both are counted")
    before = series_of_requests()
    for number in range(1, 50):
        ask(number)
    assert series_of_requests() == before
    assert "nothing-1" not in get(server, "/metrics").text and "METHOD1" not in get(server, "/metrics").text


def test_a_sane_request_id_comes_back_and_others_are_replaced(site):
    assert get(site, "/livez", headers={"X-Request-Id": "abc-123.X_y"}).headers["X-Request-Id"] == "abc-123.X_y"
    ids = {get(site, "/livez").headers["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5 and all(re.fullmatch(r"[A-Za-z0-9._-]{8,64}", each) for each in ids)
    for odd in ("a b", "<script>", "x" * 65, "a\"b", ""):
        assert get(site, "/livez", headers={"X-Request-Id": odd}).headers["X-Request-Id"] != odd


def test_every_kind_of_answer_has_a_request_id(site):
    for data in (request("GET", "/"), request("GET", "/nothing"), request("PUT", "/"), b"nonsense\r\n\r\n",
                 request("GET", "/", host="evil.example")):
        assert exchange(site.address, data)[0].header("x-request-id"), data


# --- The log

def test_the_log_is_json_when_it_goes_to_no_terminal(new_server):
    server = new_server()
    get(server, "/api/v1/people/999999999", headers={"X-Request-Id": "find-me-in-the-log"})
    server.stop()
    lines = server.log_lines()  # each line is JSON, or this fails
    assert all({"time", "level", "event"} <= set(line) for line in lines)
    found = [line for line in lines if "find-me-in-the-log" in line.values()]
    assert found and "/api/v1/people/{id}" in found[0].values() and 404 in found[0].values(), lines


def test_the_log_is_for_people_on_a_terminal(tmp_path):
    server = Server(tmp_path)
    master, terminal = os.openpty()
    process = subprocess.Popen([find_binary(), "serve", "--listen", "127.0.0.1:0", "--data", str(server.data)],
                               env=environment(), stdout=subprocess.PIPE, stderr=terminal, stdin=subprocess.DEVNULL)
    try:
        assert b"http://127.0.0.1:" in process.stdout.readline()
    finally:
        process.terminate()
        process.wait(20)
        os.close(terminal)
    said = b""
    try:
        while more := os.read(master, 65536):
            said += more
    except OSError:
        pass  # the terminal is closed, and all was read
    os.close(master)
    process.stdout.close()
    assert b"serving" in said and b"stopped" in said and b"{" not in said, said


@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_log_never_holds_what_people_typed(new_server, new_api, level):
    """Types a different mark in each place where something can be typed, then looks for all of them in the log."""
    server = new_server(log__level=level, worker__erase_again_after="200ms")
    marks = {}

    def mark(place):
        marks[place] = "mark" + uuid.uuid4().hex
        return marks[place]

    api = new_api(server)
    details = {field: mark(field) for field in ("name", "location", "technology")} | {"age": 33}
    made = api.create(details, files=[(mark("file name") + ".txt", mark("content").encode())], key=mark("key"))
    api.create({"name": mark("name beside an error"), "age": mark("age")}, expect=422)
    api.create({"location": mark("location of another key")}, key=marks["key"], expect=422)
    path = f"/people/{made['id']}"
    api.call("PATCH", path, 200, json={"name": mark("new name")}, headers={"If-Match": "*"})
    api.call("PATCH", path, 412, json={"name": mark("stale name")}, headers={"If-Match": f'"{mark("etag")}"'})
    for query in ("q", "technology", "location", "sort", "cursor", "author", "unknown"):
        get(server, "/api/v1/people", params={query: mark(f"api query {query}")})
        get(server, "/people", params={query: mark(f"page query {query}")})
        get(server, "/catalog", params={query: mark(f"catalog query {query}")})
    get(server, "/api/v1/catalog", params={"author": mark("author")})
    requests.post(server.url + "/employee", data={"employee_id": mark("employee id")}, timeout=10)
    for header in ("User-Agent", "Referer", "Cookie", "Authorization", "X-Forwarded-For", "Accept", "Range", "Origin",
                   "If-None-Match", "Content-Type", "Expect", "X-" + uuid.uuid4().hex):
        requests.post(server.url + "/", headers={header: mark(f"header {header}")}, timeout=10)
    get(server, "/" + mark("path"))
    get(server, "/people/" + mark("person path"))
    requests.request(mark("method"), server.url + "/", timeout=10)
    exchange(server.address, request("GET", "/", host=mark("host") + ".example"))
    exchange(server.address, f"GET /{mark('malformed')} HTTP/1.1\r\nHost: localhost\r\n{mark('broken')}\r\n\r\n".encode())
    for broken in (b'{"name": "' + mark("broken json").encode(), b"[" + mark("json garbage").encode()):
        requests.post(server.url + "/api/v1/people", data=broken, headers={"Content-Type": "application/json"}, timeout=10)
    body, content_type = form({mark("field name"): mark("unknown field")}, [])
    requests.post(server.url + "/", data=body[:-8], headers={"Content-Type": content_type}, timeout=10)
    api.call("DELETE", path, 204, headers={"If-Match": "*"})
    wait_until_nothing_is_owed(server)
    server.stop()
    log = server.log_text().lower()
    assert log.count("\n") > 30
    told = [place for place, text in marks.items() if text.lower() in log]
    assert not told, f"the log tells: {told}\n" + "\n".join(
        line for line in log.splitlines() if any(marks[place].lower() in line for place in told))[:3000]


# --- TLS

@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", "key.pem", "-out", "certificate.pem", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def secure(new_server, certificate):
    return new_server(scheme="https", tls__certificate_file=certificate / "certificate.pem",
                      tls__key_file=certificate / "key.pem")


def test_serves_over_tls(secure, certificate):
    with ApiClient(secure.url, verify=str(certificate / "certificate.pem")) as api:
        content = b"over tls " * 300_000
        made = api.create(files=[("a.bin", content)])
        assert api.content(made["files"][0]) == content
        page = api.session.get(secure.url + "/", timeout=10)
        assert page.status_code == 200 and "max-age" in page.headers["Strict-Transport-Security"]


def test_a_change_over_tls_compares_its_origin_with_https(secure, certificate):
    for origin, status in ((secure.url, (200, 404)), (secure.url.replace("https", "http"), (403,))):
        answer = requests.post(secure.url + "/employee", data={"employee_id": "1"}, headers={"Origin": origin}, timeout=10,
                               verify=str(certificate / "certificate.pem"))
        assert answer.status_code in status


def test_old_tls_is_refused(secure):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        RawConnection(secure.address, tls=context)


@pytest.mark.parametrize("suites, works", [("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256", True),
                                           ("ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-CHACHA20-POLY1305", True),
                                           ("ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES128-SHA", False),
                                           ("AES256-GCM-SHA384:AES128-SHA256", False),
                                           ("DHE-RSA-AES256-GCM-SHA384", False)])
def test_tls_12_has_suites_with_forward_secrecy_and_aead_only(secure, suites, works):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suites + ":@SECLEVEL=0")
    if not works:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            RawConnection(secure.address, tls=context)
        return
    with RawConnection(secure.address, tls=context) as client:
        assert client.socket.cipher()[0] in suites


def test_who_speaks_no_tls_or_only_half_of_it_harms_nobody(secure, certificate):
    with RawConnection(secure.address, timeout=5) as plain:
        plain.send(request("GET", "/livez"))
        assert plain.closed_within(5)
        assert b" 200 " not in plain.pending
    for _ in range(10):
        with RawConnection(secure.address) as half:
            half.send(b"\x16\x03\x01\x02\x00\x01")
    answer = requests.get(secure.url + "/livez", timeout=10, verify=str(certificate / "certificate.pem"))
    assert answer.status_code == 200


def test_a_certificate_that_cannot_be_read_is_explained(new_server, tmp_path):
    (tmp_path / "nonsense.pem").write_text("nonsense")
    for file in (tmp_path / "missing.pem", tmp_path / "nonsense.pem"):
        server = new_server(start=False)
        with pytest.raises(AssertionError) as failed:
            server.start(tls__certificate_file=file, tls__key_file=file)
        assert file.name in str(failed.value)


def test_a_picture_submitted_over_a_kept_connection_does_not_block_health(site, api):
    body, content_type = form(ANNA, [("a.png", PNG)])
    head = request("POST", "/", [("Content-Type", content_type), ("Content-Length", str(len(body)))], close=False)
    with RawConnection(site.address) as upload:
        upload.send(head + body[:30])
        assert get(site, "/healthz").status_code == 200
        upload.send(body[30:])
        assert upload.read_answer().status == 303


def test_operators_may_have_a_listener_of_their_own(new_server):
    server = with_accounts(new_server(start=False).start(operations__listen="127.0.0.1:0"))
    where = re.search(r"http://127\.0\.0\.1:\d+", server.lines.get(timeout=20)).group(0)
    for path in ("/metrics", "/healthz", "/livez", "/readyz"):
        for headers in ({}, {"Host": "node-7.internal:9000"}):
            assert requests.get(where + path, headers=headers, timeout=10).status_code == 200, path
    assert metric(server, "dossier_http_connections", at=where) >= 0
    for path in ("/", "/people", "/api/v1/people", "/sign-in", "/accounts"):
        assert requests.get(where + path, timeout=10, allow_redirects=False).status_code == 404, path
    admin = Visitor(server).signed_in("admin")
    for path in ("/metrics", "/healthz"):
        assert admin("GET", path).status_code == 404
        assert get(server, path).status_code == 404
    assert "/metrics" not in admin("GET", "/").text
    assert get(server, "/readyz").status_code == 200
    server.stop()
    assert server.expected_exit == 0
