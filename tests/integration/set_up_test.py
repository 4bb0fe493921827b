"""The set-up link, with which the first account of a server elsewhere is added."""

import re
import subprocess

import pytest

from accounts import PASSWORD, Visitor, add_user
from dossier_process import environment, find_binary, run_command

TOKEN = "0123456789abcdef0123456789abcdef"


def started(new_server, *args, **more):
    return new_server(*args, listen="0.0.0.0:0", settings={"set_up.token": TOKEN}, **more)


def set_up(visitor, name="Anna", password=PASSWORD):
    return visitor("POST", "/set-up", data={"name": name, "password": password})


def followed(server, token=TOKEN):
    visitor = Visitor(server)
    answer = visitor("GET", f"/set-up/{token}")
    assert answer.status_code == 303 and answer.headers["Location"] == "/set-up"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    return visitor


def test_before_it_is_set_up_a_server_serves_set_up_and_probes_and_nothing_else(new_server):
    server = started(new_server)
    visitor = Visitor(server)
    for path in ("/livez", "/readyz"):
        assert visitor("GET", path).status_code == 200, path
    for path in ("/", "/people", "/api/v1/people", "/catalog", "/sign-in", "/account", "/accounts", "/api", "/api/v1/openapi.json",
                 "/received", "/welcome"):
        answer = visitor("GET", path)
        assert answer.status_code == 503 and "not set up yet" in answer.text, path
    assert visitor("POST", "/accounts", data={"name": "eve", "password": PASSWORD}).status_code == 503
    assert visitor("POST", "/sign-in", data={"name": "eve", "password": PASSWORD}).status_code == 503
    page = visitor("GET", "/set-up")
    assert page.status_code == 403 and "Open the set-up link" in page.text and "<form" not in page.text


def test_the_link_adds_the_first_account_once(new_server):
    server = started(new_server)
    visitor, other = followed(server), followed(server)
    page = visitor("GET", "/set-up")
    assert page.status_code == 200 and 'name="password"' in page.text and page.headers["Cache-Control"] == "no-store"
    refused = set_up(visitor, password="short")
    assert refused.status_code == 422 and "15 characters" in refused.text
    assert set_up(visitor).status_code == 303
    assert visitor("GET", "/accounts").status_code == 200, "an admin is signed in"

    late = set_up(other, "Eve")
    assert late.status_code == 410 and "Dossier is set up" in late.text and "dossier user reset" in late.text
    again = followed(server)
    assert again("GET", "/set-up").status_code == 410
    assert Visitor(server)("GET", "/").status_code == 200, "the form is there"
    server.stop()
    server.start(listen="0.0.0.0:0", settings={"set_up.token": TOKEN})
    assert followed(server)("GET", "/set-up").status_code == 410
    log = server.log_text()
    assert TOKEN not in log and PASSWORD not in log and '"security":"set_up"' in log


@pytest.mark.parametrize("token", ["wrong" * 8, TOKEN[:-1], TOKEN + "0", "x" * 500, "%3Cscript%3E"])
def test_another_token_is_not_accepted(new_server, token):
    server = started(new_server)
    visitor = followed(server, token)
    assert visitor("GET", "/set-up").status_code == 403
    refused = set_up(visitor)
    assert refused.status_code == 403 and "Open the set-up link" in refused.text
    assert set_up(Visitor(server)).status_code == 403


def test_another_site_cannot_set_up(new_server):
    server = started(new_server)
    visitor = followed(server)
    assert visitor("POST", "/set-up", data={"name": "eve", "password": PASSWORD}, headers={"Origin": "https://evil.example"}).status_code == 403


def test_the_half_hour_counts_from_the_first_start_with_the_token(new_server):
    server = started(new_server)
    server.stop()
    subprocess.run(["python3", "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
                    "c.execute('UPDATE set_up_link SET noted_at = noted_at - 1800001'); c.commit()",
                    str(server.data / "records.db")], check=True, timeout=60)
    server.start(listen="0.0.0.0:0", settings={"set_up.token": TOKEN})
    visitor = followed(server)
    page = visitor("GET", "/set-up")
    assert page.status_code == 410 and "another value" in page.text
    assert set_up(visitor).status_code == 410
    server.stop()
    server.start(listen="0.0.0.0:0", settings={"set_up.token": TOKEN[::-1]})
    assert set_up(followed(server, TOKEN[::-1])).status_code == 303


def test_a_link_may_be_made_and_printed(new_server):
    server = new_server("--print-set-up-link", listen="0.0.0.0:0")
    line = server.lines.get(timeout=20)
    link = re.search(r"http://0\.0\.0\.0:\d+/set-up/([0-9a-f]{40})\n", line)
    assert link, line
    visitor = followed(server, link.group(1))
    assert set_up(visitor).status_code == 303
    assert link.group(1) not in server.log_text()


def test_accounts_from_the_command_line_close_set_up(new_server):
    server = started(new_server)
    add_user(server, "admin", "admin")
    visitor = followed(server)
    assert set_up(visitor).status_code == 410
    assert Visitor(server).sign_in("admin").status_code == 303


@pytest.mark.parametrize("token", ["short", "x" * 201, "with space" * 3, "slash/" * 5])
def test_a_token_that_could_be_guessed_is_refused_and_not_shown(tmp_path, token):
    done = run_command("serve", "--listen", "0.0.0.0:0", data=tmp_path / "data", settings={"set_up.token": token})
    assert done.returncode != 0 and "openssl rand" in done.stderr and token not in done.stderr


def test_a_token_is_no_argument(tmp_path):
    done = subprocess.run([find_binary(), "serve", "--set-up-token", TOKEN, "--data", str(tmp_path / "data")], env=environment(),
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "reference only" in done.stderr


def test_without_a_link_a_server_for_others_says_how_to_get_one(tmp_path):
    done = run_command("serve", "--listen", "0.0.0.0:0", data=tmp_path / "data")
    assert done.returncode == 1 and "--print-set-up-link" in done.stderr and "dossier user add" in done.stderr
