"""What a submitter without an account gets: a receipt that shows what they sent, and nothing of what came later."""

import re
import sqlite3

import pytest
import requests

from accounts import Visitor, with_accounts
from observing import wait_until
from samples import ANNA, PNG, form

SECRET = {**ANNA, "name": "Secret Person"}


def submit(visitor, details=None, headers=None, path="/"):
    body, content_type = form(details or SECRET, [("my letter.png", PNG)])
    return visitor("POST", path, data=body, headers={"Content-Type": content_type, **(headers or {})})


def receipt_of(visitor):
    answer = submit(visitor)
    assert answer.status_code == 303 and re.fullmatch(r"/receipts/[0-9a-f]{64}", answer.headers["Location"]), answer.headers
    return answer.headers["Location"]


def test_a_receipt_shows_what_was_stored_to_whoever_has_its_link(closed):
    link = receipt_of(Visitor(closed))
    page = Visitor(closed)("GET", link)
    assert page.status_code == 200 and "Stored as no. 2" in page.text
    assert "Secret Person" in page.text and "my letter.png" in page.text and "Oslo" in page.text
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "/people/2" not in page.text and "/files/" not in page.text
    nobody = Visitor(closed)
    assert nobody("GET", "/people/2").status_code == 303 and nobody("GET", "/api/v1/people/2").status_code == 401
    assert link.rsplit("/", 1)[1] not in closed.log_text()


@pytest.mark.parametrize("secret", ["0" * 64, "x", "0" * 63, "%00", "' OR 1=1 --", "x" * 2000])
def test_a_receipt_cannot_be_guessed(closed, secret):
    receipt_of(Visitor(closed))
    answer = Visitor(closed)("GET", "/receipts/" + secret)
    assert answer.status_code in (400, 404, 410) and "Secret" not in answer.text


@pytest.mark.parametrize("change", ["edit", "add a file", "remove a file", "delete"])
def test_what_the_people_here_did_since_is_not_shown(closed, change):
    link = receipt_of(Visitor(closed))
    editor = Visitor(closed).signed_in("editor")
    if change == "edit":
        assert editor("PATCH", "/api/v1/people/2", json={"name": "Other Name"}, headers={"If-Match": "*"}).status_code == 200
    elif change == "add a file":
        body, content_type = form({}, [("assessment.png", PNG)])
        assert editor("POST", "/people/2/files", data=body, headers={"Content-Type": content_type}).status_code == 303
    elif change == "remove a file":
        assert editor("POST", f"/files/{editor('GET', '/api/v1/people/2/files').json()['items'][0]['id']}/remove").status_code == 303
    else:
        assert editor("DELETE", "/api/v1/people/2", headers={"If-Match": "*"}).status_code == 204
    page = Visitor(closed)("GET", link)
    assert page.status_code == 200 and "Stored as no. 2" in page.text and "changed or deleted this record since" in page.text
    for word in ("Secret", "Other", "assessment", "my letter"):
        assert word not in page.text


def test_a_receipt_ends(new_server):
    server = with_accounts(new_server(intake__receipt="1d", worker__forget_keys_after="4s"))
    link = receipt_of(Visitor(server))
    with sqlite3.connect(server.data / "records.db", timeout=20) as database:
        database.execute("UPDATE receipt SET ends_at = ends_at - 86400000")
    page = Visitor(server)("GET", link)
    assert page.status_code == 410 and "not valid" in page.text and "Secret" not in page.text

    def left():
        with sqlite3.connect(server.data / "records.db", timeout=20) as database:
            return database.execute("SELECT COUNT(*) FROM receipt").fetchone()[0]

    wait_until(lambda: left() == 0, "it is forgotten", 30)


def test_receipts_may_be_off(new_server):
    server = with_accounts(new_server(intake__receipt="0s"))
    answer = submit(Visitor(server))
    assert answer.headers["Location"] == "/received?no=2"
    page = Visitor(server)("GET", answer.headers["Location"])
    assert page.status_code == 200 and "no. 2" in page.text and "Secret" not in page.text


def test_who_may_read_gets_the_record_and_who_may_only_submit_a_receipt(closed):
    assert submit(Visitor(closed).signed_in("editor")).headers["Location"] == "/submitted/2"
    intake = Visitor(closed).signed_in("intake")
    link = receipt_of(intake)
    assert intake("GET", link).status_code == 200 and intake("GET", "/people/3").status_code == 403


def test_a_program_that_may_only_submit_gets_a_link_and_later_changes_stay_hidden(closed):
    def send():
        body, content_type = form(SECRET, [("my letter.png", PNG)])
        with requests.Session() as program:
            program.trust_env = False
            return program.post(closed.url + "/api/v1/people", data=body, timeout=30,
                                headers={"Content-Type": content_type, "Idempotency-Key": "mine"})

    first = send()
    assert first.status_code == 201 and first.json()["name"] == "Secret Person"
    link = re.fullmatch(r'<(/receipts/[0-9a-f]{64})>; rel="describedby"', first.headers["Link"]).group(1)
    assert "Secret Person" in Visitor(closed)("GET", link).text
    assert send().json() == first.json()
    editor = Visitor(closed).signed_in("editor")
    assert editor("PATCH", "/api/v1/people/2", json={"location": "Hidden Place"}, headers={"If-Match": "*"}).status_code == 200
    again = send()
    assert again.status_code == 201 and again.json() == {"id": 2} and "Hidden" not in again.text
    assert "ETag" not in again.headers or again.headers["ETag"] != first.headers["ETag"]


def test_without_accounts_everybody_sees_the_record_as_before(new_server):
    server = new_server()
    assert submit(Visitor(server)).headers["Location"] == "/submitted/1"
    with requests.Session() as program:
        program.trust_env = False
        body, content_type = form(SECRET, [("my letter.png", PNG)])
        assert "Link" not in program.post(server.url + "/api/v1/people", data=body, headers={"Content-Type": content_type}, timeout=30).headers
