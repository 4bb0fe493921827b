"""A fifth field: one more row in the table of fields and one script (tests/fields), and it is everywhere."""

import contextlib
import html
import os
import pathlib
import re
import sqlite3

import pytest
import requests

import dossier_process
from observing import wait_until
from samples import ANNA, PNG

FIVE = pathlib.Path(os.environ.get("DOSSIER_FIVE") or
                    pathlib.Path(dossier_process.find_binary()).parents[2] / "tests/fields/dossier_five")
BO = {"name": "Bo Ek", "location": "Ulm", "age": "35", "technology": "Ada"}


def five():
    if not FIVE.exists():
        pytest.fail(f"There is no {FIVE}: ninja dossier_five builds it")
    return str(FIVE)


def submit(server, details, **more):
    answer = requests.post(server.url + "/api/v1/people", data={**details, **more}, files={"file_name": ("a.png", PNG)}, timeout=10)
    assert answer.status_code == 201, answer.text
    return answer.json()


def names(server, **asked):
    answer = requests.get(server.url + "/api/v1/people", params=asked, timeout=10)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


def page(server, path):
    answer = requests.get(server.url + path, timeout=10)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def expect_it_everywhere(server):
    """With somebody in the department of Naval Research, and somebody who was there before there were departments."""
    anna = submit(server, ANNA, department="Naval Research")
    assert anna["department"] == "Naval Research"
    before = [name for name in names(server) if name != ANNA["name"]]

    # The pages.
    assert '<label for="department">Department</label>' in page(server, "/")
    assert '<p class="hint" id="department-hint">Where they work</p>' in page(server, "/")
    assert "<dt>Department</dt><dd><bdi>Naval Research</bdi></dd>" in page(server, f"/people/{anna['id']}")
    assert 'name="department" type="text" value="Naval Research"' in page(server, f"/people/{anna['id']}/edit")
    assert "Naval Research" in page(server, f"/people/{anna['id']}/delete")
    assert "age, technology and department are in the records database" in page(server, f"/submitted/{anna['id']}")
    directory = page(server, "/people")
    assert '<th scope="col">Department</th>' in directory and "Naval Research" in directory
    assert 'placeholder="Name, place, technology or department"' in directory
    assert '<option value="department">By department</option>' in directory
    assert re.search(r'<a class="chip removable"[^>]*><span[^>]*>Remove filter: </span>.?Department: .?nav', page(server, "/people?department=nav"))

    # Lists: filters, the search, the order.
    assert names(server, department="naval re") == [ANNA["name"]]
    assert names(server, department_exact="naval research") == [ANNA["name"]]
    assert names(server, department_exact="naval") == []
    assert names(server, q="research") == [ANNA["name"]]
    assert names(server, sort="department") == [*before, ANNA["name"]], "those without come first"

    # Changes, what went wrong, the history.
    address = server.url + f"/api/v1/people/{anna['id']}"
    changed = requests.patch(address, json={"department": "Harbour"}, headers={"If-Match": "*"}, timeout=10)
    assert changed.status_code == 200 and changed.json()["department"] == "Harbour", changed.text
    assert "Changed department" in page(server, f"/people/{anna['id']}")
    wrong = requests.patch(address, json={"department": "x" * 201}, headers={"If-Match": "*"}, timeout=10)
    assert wrong.status_code == 422 and "Shorten the department to 200 characters or fewer" in wrong.text
    assert requests.patch(address, json={"department": 7}, headers={"If-Match": "*"}, timeout=10).status_code == 422
    assert names(server, q="harbour") == [ANNA["name"]] and names(server, department="naval") == []

    # The API's document.
    document = requests.get(server.url + "/api/v1/openapi.json", timeout=10).json()
    person = document["components"]["schemas"]["Person"]
    assert person["properties"]["department"]["maxLength"] == 200 and "department" in person["required"]
    asked = [one["name"] for one in document["paths"]["/api/v1/people"]["get"]["parameters"]]
    assert asked.index("department") + 1 == asked.index("department_exact")

    # It may be left out; and who sends the same again gets the same.
    key = {"Idempotency-Key": "five"}
    first = requests.post(server.url + "/api/v1/people", json={**BO, "department": "Yard"}, headers=key, timeout=10)
    again = requests.post(server.url + "/api/v1/people", json={**BO, "department": "Yard"}, headers=key, timeout=10)
    other = requests.post(server.url + "/api/v1/people", json={**BO, "department": "Dock"}, headers=key, timeout=10)
    assert first.status_code == 201 and again.json()["id"] == first.json()["id"] and other.status_code in (409, 422), other.text


def test_it_is_on_every_page_in_the_api_the_filters_and_the_search(new_server):
    server = new_server(start=False)
    server.binary = five()
    expect_it_everywhere(server.start())


def test_who_was_there_before_has_none_and_is_found_as_before(new_server):
    server = new_server()
    submit(server, BO)
    cy, key = {**BO, "name": "Cy Ito"}, {"Idempotency-Key": "kept"}
    stored = requests.post(server.url + "/api/v1/people", json=cy, headers=key, timeout=10)
    assert stored.status_code == 201
    server.stop()
    server.binary = five()
    server.start()
    again = requests.post(server.url + "/api/v1/people", json=cy, headers=key, timeout=10)
    assert again.json()["id"] == stored.json()["id"], "the fingerprint is the same as before"
    for way in ("before the index is made again", "after"):
        assert names(server, q="bo ulm") == ["Bo Ek"], way
        assert names(server, technology="ada") == ["Cy Ito", "Bo Ek"], way
        assert names(server, sort="name") == ["Bo Ek", "Cy Ito"], way
        wait_until(lambda: left_to_index(server) == 0, "the index is made again")
    assert requests.get(server.url + "/api/v1/people/1", timeout=10).json()["department"] == ""
    assert "<dt>Department</dt>" not in page(server, "/people/1")


def left_to_index(server):
    """People whom the index has by another table of fields, or not as they are now."""
    with contextlib.closing(sqlite3.connect(f"file:{server.data}/records.db?mode=ro", uri=True)) as records:
        (others,) = records.execute("SELECT COUNT(*) FROM search_entry WHERE policy < 1000000").fetchone()
        (waiting,) = records.execute("SELECT COUNT(*) FROM person WHERE pending = 1").fetchone()
    return others + waiting
