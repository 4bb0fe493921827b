"""Idempotency-Key: the same request twice makes one record."""

import concurrent.futures
import json
import uuid

from api_client import fields_of
from observing import metric, wait_until
from raw_http import RawConnection
from samples import ANNA, PNG, form


def a_key():
    return uuid.uuid4().hex


def count_of(api, name):
    return len(api.call("GET", f"/people?q={name}&limit=100", 200).json()["items"])


def test_the_same_request_gets_the_first_answer_again(api):
    key, name = a_key(), "Twice" + uuid.uuid4().hex[:8]
    first = api.create({"name": name}, key=key)
    again = api.create({"name": name}, key=key)
    assert again == first
    assert count_of(api, name) == 1


def test_holds_for_json_too(api):
    key, name = a_key(), "Json" + uuid.uuid4().hex[:8]
    answers = [api.call("POST", "/people", 201, json={**ANNA, "name": name}, headers={"Idempotency-Key": key}).json()
               for _ in range(2)]
    assert answers[0] == answers[1]
    assert count_of(api, name) == 1


def test_another_body_under_the_same_key_is_refused(api):
    key = a_key()
    made = api.create(key=key)
    assert fields_of(api.create({"age": 42}, key=key, expect=422)) == ["idempotency_key"]
    api.create(files=[("photo.png", PNG + b"x")], key=key, expect=422)
    api.create(files=[("other.png", PNG)], key=key, expect=422)
    api.create(files=[("photo.png", PNG), ("more.bin", b"1")], key=key, expect=422)
    assert api.person(made["id"]) == made


def test_a_refused_request_does_not_use_its_key_up(api):
    key = a_key()
    api.create({"age": "old"}, key=key, expect=422)
    made = api.create(key=key)
    assert made["age"] == ANNA["age"]


def test_the_form_field_does_as_the_header(api):
    key = a_key()
    body, content_type = form({**ANNA, "idempotency_key": key}, [("photo.png", PNG)])
    first = api.call("POST", "/people", 201, data=body, headers={"Content-Type": content_type}).json()
    assert api.create(key=key) == first


def test_the_same_key_while_the_first_is_in_flight_is_a_conflict(new_server, new_api):
    server = new_server()
    api = new_api(server)
    key = a_key()
    body, content_type = form(ANNA, [("photo.png", PNG)])
    with RawConnection(server.address) as upload:
        upload.send(f"POST /api/v1/people HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n"
                    f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n")
        upload.send(body[:-20])
        wait_until(lambda: metric(server, "dossier_tasks_owed", kind="reap") == 1, "the upload has begun")
        answer = api.call("POST", "/people", 409, files=[("file_name", ("photo.png", PNG))],
                          headers={"Idempotency-Key": key})
        assert int(answer.headers["Retry-After"]) >= 1
        upload.send(body[-20:])
        first = upload.read_answer()
    assert first.status == 201, first
    assert api.create(key=key) == json.loads(first.body)


def test_eight_at_the_same_time_make_one_record(api, site, new_api):
    key, name = a_key(), "Crowd" + uuid.uuid4().hex[:8]
    clients = [new_api(site) for _ in range(8)]

    def submit(client):
        fields = [(field, (None, str(value))) for field, value in {**ANNA, "name": name}.items()]
        for _ in range(200):
            answer = client.session.post(client.url + "/api/v1/people", headers={"Idempotency-Key": key}, timeout=30,
                                         files=[*fields, ("file_name", ("photo.png", PNG))])
            client.contract.check("POST", answer)
            if answer.status_code != 409:
                return answer
        raise AssertionError("still 409 after 200 tries")

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(submit, clients))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count_of(api, name) == 1


def test_keys_of_different_addresses_do_not_meet(api):
    key = a_key()
    one, two = api.create(key=key), api.create()
    for person in (one, two):
        for _ in range(2):
            api.call("POST", f"/people/{person['id']}/files", 201, headers={"Idempotency-Key": key},
                     files=[("file_name", ("b.bin", b"b"))])
        assert len(api.person(person["id"])["files"]) == 2


def test_refuses_a_key_that_is_none(api):
    for key in ("x" * 256, "a\tb"):
        answer = api.session.post(api.url + "/api/v1/people", json=ANNA, headers={"Idempotency-Key": key}, timeout=10)
        assert answer.status_code == 422, answer.text
        api.contract.check("POST", answer)
