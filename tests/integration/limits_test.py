"""Limits on what would grow without end (a person's files, remembered keys), and a catalog that is behind."""

import sqlite3

from observing import wait_until, wait_until_nothing_is_owed
from samples import ANNA, PNG, form


def add_files(api, person, count):
    body, content_type = form({}, [(f"{number}.txt", b"%d" % number) for number in range(count)])
    return api.session.post(f"{api.url}/api/v1/people/{person['id']}/files", data=body, timeout=20,
                            headers={"Content-Type": content_type})


def test_a_person_has_no_more_files_than_the_limit(new_server, new_api):
    server = new_server(intake__files_of_person=5, worker__erase_again_after="200ms", worker__longest_sleep="200ms")
    api = new_api(server)
    person = api.create(files=[(f"{number}.txt", b"%d" % number) for number in range(4)])
    refused = add_files(api, person, 2)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"] == [{"field": "file_name", "message": "There are 4 files already: choose 1 or fewer, or remove some first"}]
    api.contract.check("POST", refused)
    assert add_files(api, person, 1).status_code == 201
    assert "remove some first" in add_files(api, person, 1).text
    body, content_type = form(ANNA, [(f"{number}.txt", b"x") for number in range(6)])
    refused = api.session.post(api.url + "/api/v1/people", data=body, headers={"Content-Type": content_type}, timeout=20)
    assert refused.status_code == 422 and "5 files or fewer" in refused.text
    wait_until_nothing_is_owed(server)
    report, code = server.doctor()
    assert code == 0 and report["objects"] == 5, report


def test_who_has_more_than_the_limit_keeps_them_and_adds_none(new_server, new_api):
    server = new_server()
    person = new_api(server).create(files=[(f"{number}.txt", b"%d" % number) for number in range(4)])
    server.stop()
    server.start(intake__files_of_person=2)
    api = new_api(server)
    assert len(api.person(person["id"])["files"]) == 4
    assert add_files(api, person, 1).status_code == 422
    api.call("PATCH", f"/people/{person['id']}", 200, json={"name": "Anna Dahl"}, headers={"If-Match": "*"})


def test_keys_are_forgotten_as_fast_as_they_come(new_server, new_api):
    server = new_server("--file-optional", worker__forget_keys_after="2s", worker__longest_sleep="200ms")
    api = new_api(server)
    for number in range(2100):
        api.create(files=[], key=f"key-{number}")

    def remembered():
        with sqlite3.connect(f"file:{server.data}/records.db?mode=ro", uri=True) as records:
            return records.execute("SELECT COUNT(*) FROM idempotency_key").fetchone()[0]

    wait_until(lambda: remembered() == 0, "all keys are forgotten")


def test_what_was_deleted_is_not_in_the_catalog_from_then_on(new_server, new_api):
    # The worker waits so long that the catalog does not follow while the test runs.
    server = new_server(worker__gather="1h")
    api = new_api(server)
    kept, gone = api.create(files=[("a.png", PNG)]), api.create(files=[("b.png", PNG)])
    server.stop()
    server.start()
    wait_until_nothing_is_owed(server)
    server.stop()
    server.start(worker__gather="1h")
    api = new_api(server)

    def names():
        return [item["name"] for item in api.call("GET", "/catalog", 200, params={"author": ANNA["name"]}).json()["items"]]

    assert sorted(names()) == ["a.png", "b.png"]
    api.call("DELETE", f"/people/{gone['id']}", 204, headers={"If-Match": "*"})
    assert names() == ["a.png"]
    assert "b.png" not in api.session.get(f"{api.url}/catalog?author=Anna+Berg", timeout=10).text
    api.call("PATCH", f"/people/{kept['id']}", 200, json={"name": "Anna Dahl"}, headers={"If-Match": "*"})
    assert names() == []
