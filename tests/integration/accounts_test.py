"""Accounts: who may do what, from the first account on. Every route with every role, and with nobody."""

import re
import time

import pytest
import requests

from accounts import PASSWORD, ROLES, Visitor, add_user, user, wait_until_closed, with_accounts
from dossier_process import run_command
from samples import ANNA, PNG, form

# What each kind of route answers to those who may not use it, and who may: by role, "nobody" is without an account.
KINDS = {
    "anyone": {"nobody", *ROLES},
    "submitter": {"intake", "editor", "admin"},
    "viewer": {"viewer", "editor", "admin"},
    "editor": {"editor", "admin"},
    "admin": {"admin"},
    "account": set(ROLES),
    "operator": {"nobody", *ROLES},  # from this machine
    "founder": {"nobody", *ROLES},  # the pages themselves ask for the set-up link
}


def routes():
    lines = run_command("routes").stdout.splitlines()
    assert len(lines) > 40
    return [line.split() for line in lines]


@pytest.mark.parametrize("public_intake", ["yes", "no"])
def test_every_route_with_every_role(new_server, public_intake):
    """Whoever may not is refused before anything is done: 401 or a way to sign in without an account, 403 with one."""
    closed = with_accounts(new_server(intake__public=public_intake))
    visitors = {"nobody": Visitor(closed)}
    for role in ROLES:
        visitors[role] = Visitor(closed).signed_in(role)
    for kind, method, pattern in routes():
        path = re.sub(r"\{secret\}", "x" * 43, pattern)
        path = re.sub(r"\{digest\}/\{name\}", "x/y.css", path)
        path = re.sub(r"\{\w+\}", "999", path)
        for name, visitor in visitors.items():
            if pattern == "/sign-out":
                continue  # it would end the session of those who come after
            answer = visitor(method, path, data=b"" if method in ("POST", "PATCH") else None)
            refused = answer.status_code in (401, 403) or (
                answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in?next="))
            may = name in KINDS[kind] or (kind == "submitter" and public_intake == "yes")
            assert refused != may, f"{name} {method} {path} ({kind}): {answer.status_code} {answer.headers.get('Location')}"
            if refused and name != "nobody":
                assert answer.status_code == 403
            if refused and name == "nobody" and path.startswith("/api/"):
                assert answer.status_code == 401 and answer.headers["WWW-Authenticate"]


def test_without_public_intake_the_form_asks_to_sign_in(new_server):
    server = new_server(intake__public="no")
    add_user(server, "anna", "admin")
    nobody = Visitor(server)
    wait_until_closed(nobody)
    assert nobody("GET", "/").status_code == 303
    assert nobody("POST", "/", data=b"").status_code == 401
    assert Visitor(server).signed_in("anna")("GET", "/").status_code == 200
    server.stop()
    # The log names the route of what was refused, too. Signing in leads to it once more.
    assert {line["status"] for line in server.log_lines() if line.get("route") == "/"} == {200, 303, 401}


def test_wrong_names_and_passwords_get_the_same_answer_and_slow_down(closed):
    visitor = Visitor(closed)
    unknown, wrong = visitor.sign_in("nobody-of-that-name"), visitor.sign_in("admin", "wrong password of mine")
    assert unknown.status_code == wrong.status_code == 422
    message = "The name or the password is wrong."
    assert message in unknown.text and message in wrong.text
    statuses = [visitor.sign_in("admin", "wrong again and again").status_code for _ in range(6)]
    assert 429 in statuses, statuses
    slowed = visitor.sign_in("admin")
    assert slowed.status_code == 429 and int(slowed.headers["Retry-After"]) >= 1
    # Another account is not held up.
    assert visitor.sign_in("editor").status_code == 303


def test_a_session_ends_with_its_account(closed):
    admin, editor = Visitor(closed).signed_in("admin"), Visitor(closed).signed_in("editor")
    assert editor("GET", "/people").status_code == 200
    page = admin("GET", "/accounts").text
    number = re.search(r'action="/accounts/(\d+)">\s*<select name="role" aria-label="Role of editor"', page).group(1)
    assert admin("POST", f"/accounts/{number}", data={"do": "role", "role": "viewer"}).status_code == 200
    assert editor("GET", "/people").status_code == 200 and editor("GET", "/people/1/edit").status_code == 403
    assert admin("POST", f"/accounts/{number}", data={"do": "disable"}).status_code == 200
    assert editor("GET", "/people").status_code == 303
    assert Visitor(closed).sign_in("editor").status_code == 422


def test_the_last_admin_stays(closed):
    admin = Visitor(closed).signed_in("admin")
    number = re.search(r'action="/accounts/(\d+)">\s*<select name="role" aria-label="Role of admin"', admin("GET", "/accounts").text).group(1)
    for change in ({"do": "disable"}, {"do": "remove"}, {"do": "role", "role": "viewer"}):
        answer = admin("POST", f"/accounts/{number}", data=change)
        assert answer.status_code == 409 and "Make another account an admin first" in answer.text, change
    assert "Make another account" in user(closed, "remove", "admin", expect=1)


def test_a_link_sets_a_password_once(closed):
    admin = Visitor(closed).signed_in("admin")
    page = admin("POST", "/accounts", data={"name": "Bo", "role": "viewer"})
    assert page.status_code == 200
    link = re.search(r'id="link">(http[^<]+)<', page.text).group(1)
    secret = link.rsplit("/", 1)[1]
    bo = Visitor(closed)
    followed = bo("GET", link.removeprefix(closed.url))
    assert followed.status_code == 303 and followed.headers["Location"] == "/welcome"
    assert "Bo" in bo("GET", "/welcome").text
    short = bo("POST", "/welcome", data={"password": "short"})
    assert short.status_code == 422 and "at least 15" in short.text
    assert bo("POST", "/welcome", data={"password": PASSWORD}).status_code == 303
    assert bo("GET", "/people").status_code == 200
    again = Visitor(closed)
    again("GET", link.removeprefix(closed.url))
    assert again("GET", "/welcome").status_code == 410
    assert again("POST", "/welcome", data={"password": PASSWORD}).status_code == 410
    assert secret not in closed.log_text() and PASSWORD not in closed.log_text()


def test_the_own_password_and_the_own_sessions(closed):
    here, there = Visitor(closed).signed_in("editor"), Visitor(closed).signed_in("editor")
    wrong = here("POST", "/account/password", data={"current": "not this one", "password": "amber lantern on nine hills"})
    assert wrong.status_code == 422
    assert here("POST", "/account/password", data={"current": PASSWORD, "password": "passwordpassword"}).status_code == 422
    changed = here("POST", "/account/password", data={"current": PASSWORD, "password": "amber lantern on nine hills"})
    assert changed.status_code == 303 and here("GET", "/account").status_code == 200
    assert there("GET", "/people").status_code == 303
    third = Visitor(closed).signed_in("editor", "amber lantern on nine hills")
    assert here("GET", "/account").text.count("Last seen".lower()) >= 2
    assert here("POST", "/account/sessions", data={"session": "others"}).status_code == 303
    assert third("GET", "/people").status_code == 303 and here("GET", "/people").status_code == 200
    out = here("POST", "/sign-out")
    assert out.status_code == 303 and "Clear-Site-Data" in out.headers
    assert here("GET", "/people").status_code == 303


def test_the_cookie_and_where_it_may_come_from(closed):
    visitor = Visitor(closed)
    answer = visitor.sign_in("editor")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert len(re.match(r"dossier=([\w-]+);", cookie).group(1)) == 43
    # A browser that has a cookie says where a change comes from; without that it is refused.
    bare = visitor.session.post(closed.url + "/people/1/delete", data={"version": "1"}, timeout=30, allow_redirects=False)
    assert bare.status_code == 403
    assert visitor("POST", "/people/1/delete", data={"version": "1"}, headers={"Origin": "http://evil.example"}).status_code == 403
    # Another site may link here, but not load pages or pictures from here.
    framed = visitor("GET", "/people", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"})
    assert framed.status_code == 403
    linked = visitor("GET", "/people", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})
    assert linked.status_code == 200


def test_after_signing_in_one_is_where_one_wanted_to_be(closed):
    visitor = Visitor(closed)
    led = visitor("GET", "/people?q=anna&sort=name")
    assert led.headers["Location"] == "/sign-in?next=%2Fpeople%3Fq%3Danna%26sort%3Dname"
    page = visitor("GET", led.headers["Location"])
    wanted = re.search(r'name="next" value="([^"]+)"', page.text).group(1).replace("&amp;", "&")
    answer = visitor("POST", "/sign-in", data={"name": "viewer", "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == "/people?q=anna&sort=name"
    for evil in ("//evil.example/", "https://evil.example/", "/\\evil.example", "\r\nX: y"):
        answer = Visitor(closed)("POST", "/sign-in", data={"name": "viewer", "password": PASSWORD, "next": evil})
        assert answer.status_code == 303 and answer.headers["Location"] == "/", evil


def test_the_first_account_from_the_page(new_server):
    server = new_server()
    visitor = Visitor(server)
    assert "Add an account" in visitor("GET", "/people").text
    assert visitor("GET", "/accounts").status_code == 200
    weak = visitor("POST", "/accounts", data={"name": "Anna", "password": "qwertyuiopasdfgh"})
    assert weak.status_code == 422 and "harder to guess" in weak.text
    assert visitor("POST", "/accounts", data={"name": "Anna", "password": PASSWORD}).headers["Location"] == "/accounts"
    assert visitor("GET", "/accounts").status_code == 200  # and is signed in
    nobody = Visitor(server)
    wait_until_closed(nobody)
    assert nobody("POST", "/accounts", data={"name": "Eve", "password": PASSWORD}).status_code == 401


def test_other_machines_only_with_an_account(new_server):
    server = new_server(start=False)
    with pytest.raises(AssertionError, match="dossier user add NAME --role admin"):
        server.start(listen="0.0.0.0:0")
    assert not (server.data / "records.db").exists()
    add_user(server, "anna", "admin")
    server.process = None
    server.start(listen="0.0.0.0:0")
    visitor = Visitor(server)
    assert visitor("GET", "/people").status_code == 303
    assert visitor.signed_in("anna")("GET", "/people").status_code == 200


def test_the_command(new_server):
    server = new_server()
    assert "nobody has to sign in" in user(server, "list")
    assert "Choose a password of at least 15" in user(server, "add", "Anna", "--role", "admin", "--password-stdin", expect=1, password="short")
    assert "harder to guess" in user(server, "add", "Anna", "--role", "admin", "--password-stdin", expect=1, password="Dossier-Password-123")
    assert "A role is" in user(server, "add", "Anna", "--role", "king", "--password-stdin", expect=2, password=PASSWORD)
    assert "The first account is an admin" in user(server, "add", "Bo", "--role", "viewer", "--link", expect=1)
    user(server, "add", "Ånna Berg", "--role", "admin", "--password-stdin", password=PASSWORD)
    assert "has this name" in user(server, "add", "anna berg", "--role", "viewer", "--password-stdin", expect=1, password=PASSWORD)
    assert "There is no terminal" in user(server, "add", "Bo", "--role", "viewer", expect=1)
    link = user(server, "add", "Bo", "--role", "viewer", "--link").split()[-1]
    visitor = Visitor(server)
    wait_until_closed(visitor)
    visitor("GET", "/welcome/" + link.rsplit("/", 1)[1])
    assert visitor("POST", "/welcome", data={"password": PASSWORD}).status_code == 303
    assert visitor("GET", "/people").status_code == 200
    user(server, "end-sessions", "Bo")
    for _ in range(60):
        if visitor("GET", "/people").status_code == 303:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the session lasted")
    user(server, "disable", "Bo")
    assert Visitor(server).sign_in("Bo").status_code == 422
    user(server, "enable", "bo")
    user(server, "reset", "Bo", "--password-stdin", password="amber lantern on nine hills")
    assert Visitor(server).sign_in("Bo", "amber lantern on nine hills").status_code == 303
    listed = user(server, "list")
    assert re.search(r"viewer +\S+Z +Bo", listed) and re.search(r"admin +never signed in +Ånna Berg", listed)
    user(server, "remove", "Bo")
    assert "no account of that name" in user(server, "disable", "Bo", expect=1)


def test_a_program_signs_in_with_a_token(closed):
    editor = Visitor(closed).signed_in("editor")
    page = editor("POST", "/account/tokens", data={"token": "nightly report", "role": "viewer", "days": "30"})
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    token = re.search(r'id="token-secret">([\w-]{43})<', page.text).group(1)
    assert token not in editor("GET", "/account").text
    headers = {"Authorization": "Bearer " + token}
    with requests.Session() as program:
        program.trust_env = False

        def ask(method, path, **more):
            return program.request(method, closed.url + path, timeout=30, allow_redirects=False, **{"headers": headers, **more})
        assert ask("GET", "/api/v1/people/1").json()["name"] == "Anna Berg"
        refused = ask("DELETE", "/api/v1/people/1", headers={**headers, "If-Match": "*"})
        assert refused.status_code == 403 and "This token may not" in refused.json()["detail"]
        assert ask("GET", "/account").status_code == 403 and ask("GET", "/accounts").status_code == 403
        wrong = ask("GET", "/api/v1/people/1", headers={"Authorization": "Bearer " + "x" * 43})
        assert wrong.status_code == 401 and "invalid_token" in wrong.headers["WWW-Authenticate"]
        assert "last used" in editor("GET", "/account").text
        # What an editor's token changes needs no Origin: no browser sends it by itself.
        page = editor("POST", "/account/tokens", data={"token": "writer", "role": "editor", "days": "1"})
        writer = {"Authorization": "Bearer " + re.search(r'id="token-secret">([\w-]{43})<', page.text).group(1)}
        changed = ask("PATCH", "/api/v1/people/1", json={"location": "Bergen"}, headers={**writer, "If-Match": "*"})
        assert changed.status_code == 200
        number = re.search(r'name="end" value="(\d+)"', page.text).group(1)
        assert editor("POST", "/account/tokens", data={"end": number}).status_code == 303
        assert ask("PATCH", "/api/v1/people/1", json={"location": "Oslo"}, headers={**writer, "If-Match": "*"}).status_code == 401
        user(closed, "disable", "editor")
        for _ in range(60):
            if ask("GET", "/api/v1/people/1").status_code == 401:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the token of a disabled account lasted")
    assert token not in closed.log_text()
    for wrong in ({"token": "", "days": "30"}, {"token": "x", "days": "0"}, {"token": "x", "days": "9999999999999"}):
        answer = Visitor(closed).signed_in("admin")("POST", "/account/tokens", data={"role": "viewer", **wrong})
        assert answer.status_code == 422, wrong
