"""Accounts, as somebody attacks them: rights that should have ended, proxies, what strangers are shown, memory, secrets."""

import re
import time

import requests

from accounts import PASSWORD, Visitor, add_user, user
from raw_http import RawConnection
from samples import ANNA, form


def held(server, path, cookie, body):
    """A request whose body has begun."""
    one = RawConnection(server.address, timeout=30)
    one.send((f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: {server.url}\r\nCookie: dossier={cookie}\r\n"
              f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body[:5]}").encode())
    return one


def test_a_request_that_is_held_open_loses_the_right_of_its_account(closed):
    admin = Visitor(closed).signed_in("admin")
    add_user(closed, "second", "admin")
    body = "name=mallory&role=admin"
    one = held(closed, "/accounts", admin.session.cookies["dossier"], body)
    user(closed, "disable", "admin")
    time.sleep(4)
    one.send(body[5:].encode())
    answer = one.read_answer()
    assert answer.status == 403 and b"lost the right" in answer.body
    assert "mallory" not in user(closed, "list")


def test_a_first_account_that_comes_too_late_is_refused(new_server):
    server = new_server()
    body = "name=mallory&password=" + PASSWORD.replace(" ", "+")
    one = held(server, "/accounts", "", body)
    add_user(server, "anna", "admin")
    one.send(body[5:].encode())
    assert one.read_answer().status in (403, 409)
    assert "mallory" not in user(server, "list")


def test_the_first_account_is_added_on_this_machine_only(new_server):
    server = new_server(public_url="https://dossier.example")
    answer = requests.post(server.url + "/accounts", data={"name": "Eve", "password": PASSWORD}, timeout=30,
                           headers={"Host": "dossier.example", "X-Forwarded-For": "203.0.113.9"}, allow_redirects=False)
    assert answer.status_code == 403 and "dossier user add" in answer.text
    assert "nobody has to sign in" in user(server, "list")
    assert any("whoever the proxy lets through" in line["event"] for line in server.log_lines())


def test_who_passes_a_proxy_is_not_on_this_machine(closed):
    nobody = Visitor(closed)
    assert nobody("GET", "/metrics").status_code == 200
    for headers in ({"X-Forwarded-For": "203.0.113.9"}, {"X-Real-IP": "203.0.113.9"}, {"Via": "1.1 proxy"}, {"Forwarded": "for=203.0.113.9"},
                    {"Host": "evil.example"}):
        assert nobody("GET", "/metrics", headers=headers).status_code in (303, 401), headers


def test_nobody_sees_what_others_wrote(closed):
    editor = Visitor(closed).signed_in("editor")
    body, content_type = form({**ANNA, "technology": "Project NIGHTFALL"}, [("a.txt", b"a")])
    assert editor("POST", "/", data=body, headers={"Content-Type": content_type}).status_code == 303
    assert "NIGHTFALL" in editor("GET", "/").text
    for visitor in (Visitor(closed), Visitor(closed).signed_in("intake")):
        assert "NIGHTFALL" not in visitor("GET", "/").text
        assert "NIGHTFALL" not in visitor("POST", "/", data={"name": "x"}).text


def test_long_names_cost_nothing(closed):
    def resident():
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{closed.process.pid}/status").read()).group(1))
    visitor = Visitor(closed)
    visitor.sign_in("\ufdfa" * 7_000)
    before = resident()
    for number in range(40):
        assert visitor.sign_in(f"{number}" + "\ufdfa" * 7_000).status_code in (422, 429)
    assert resident() - before < 15_000, "KiB"


def test_no_secret_is_stored_as_it_is(closed):
    visitor = Visitor(closed)
    secret = re.match(r"dossier=([\w-]+);", visitor.sign_in("editor").headers["Set-Cookie"]).group(1)
    closed.stop()
    stored = b"".join(path.read_bytes() for path in closed.data.rglob("*") if path.is_file())
    assert secret.encode() not in stored and PASSWORD.encode() not in stored and b"$argon2id$" in stored
