"""Refusals by the API: problem documents, hostile JSON, methods that an address does not have."""

import json

import pytest

from api_client import fields_of
from samples import ANNA, PNG

JSON = {"Content-Type": "application/json"}


def test_a_problem_document_says_what_and_which_request(api):
    answer = api.call("GET", "/people/999999999", 404, headers={"X-Request-Id": "my-request.1"})
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == 404 and problem["title"] and problem["detail"] and problem["type"]
    assert "my-request.1" in json.dumps(problem) and answer.headers["X-Request-Id"] == "my-request.1"


def test_nothing_at_an_unknown_address(api):
    for path in ("/nothing", "", "/people/1/nothing", "/people/1/nothing/"):
        answer = api.call("GET", path, 404)
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method, path, allowed", [
    ("PUT", "/people/1", {"GET", "HEAD", "PATCH", "DELETE"}), ("DELETE", "/people", {"GET", "HEAD", "POST"}),
    ("POST", "/files/1", {"GET", "HEAD", "DELETE"}), ("PATCH", "/files/1/content", {"GET", "HEAD"}),
    ("PUT", "/people/1/files", {"GET", "HEAD", "POST"}), ("POST", "/catalog", {"GET", "HEAD"}), ("TRACE", "/people", {"GET", "HEAD", "POST"}),
    ("PROPFIND", "/openapi.json", {"GET", "HEAD"}),
])
def test_a_method_an_address_does_not_have_is_405_with_allow(api, method, path, allowed):
    answer = api.session.request(method, api.url + "/api/v1" + path, timeout=10)
    assert answer.status_code == 405, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {each.strip() for each in answer.headers["Allow"].split(",")} - {"OPTIONS"} == allowed


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"42", b'"text"', b"{}garbage", b"{'name': 'x'}", b'{"name": }', b"\xff\xfe\x00",
    b'{"name": "\xff"}', b'{"name": "\\ud800"}', b"[" * 100_00, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b"\x00",
    b"nan", b'{"age": NaN}',
])
def test_hostile_json_is_refused_politely(api, body):
    answer = api.session.post(api.url + "/api/v1/people", data=body, headers=JSON, timeout=10)
    assert answer.status_code == 400, answer.text
    api.contract.check("POST", answer)


@pytest.mark.parametrize("body, field", [(b'{"name": "a", "name": "b"}', "name"), (b'{"age": 1e400}', "age")])
def test_json_that_means_nothing_is_refused_by_name(api, body, field):
    problem = api.problem("POST", "/people", 422, data=body, headers=JSON)
    assert field in fields_of(problem)


@pytest.mark.parametrize("change, wrong", [
    ({"name": 5}, ["name"]), ({"name": None}, ["name"]), ({"name": ["Anna"]}, ["name"]), ({"name": {}}, ["name"]),
    ({"age": "forty"}, ["age"]), ({"age": 4.5}, ["age"]), ({"age": True}, ["age"]), ({"age": -1}, ["age"]),
    ({"age": 10**30}, ["age"]), ({"age": None, "location": ""}, ["age", "location"]),
    ({"shoe_size": 44}, ["shoe_size"]), ({"id": 7}, ["id"]),
])
def test_wrong_members_are_named(api, change, wrong):
    problem = api.problem("POST", "/people", 422, json={**ANNA, **change})
    assert fields_of(problem) == wrong


def test_every_missing_member_is_named(api):
    assert fields_of(api.problem("POST", "/people", 422, json={})) == ["age", "location", "name", "technology"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type_is_415(api, content_type):
    answer = api.session.post(api.url + "/api/v1/people", data=b"name=Anna", timeout=10,
                              headers={"Content-Type": content_type} if content_type else {"Content-Type": None})
    assert answer.status_code == 415, answer.text
    api.contract.check("POST", answer)


def test_patch_refuses_other_types_and_bodies(api):
    made = api.create()
    path = f"{api.url}/api/v1/people/{made['id']}"
    for body, content_type, status in ((b"age=1", "text/plain", 415), (b"[1]", "application/json", 400),
                                       (b"{", "application/json", 400), (b"", "application/json", 400)):
        answer = api.session.patch(path, data=body, headers={"Content-Type": content_type, "If-Match": "*"}, timeout=10)
        assert answer.status_code == status, (body, answer.text)
        api.contract.check("PATCH", answer)
    assert api.person(made["id"]) == made


def test_a_json_body_over_the_limit_is_413(api):
    made = api.create()
    large = json.dumps({**ANNA, "name": "x" * 70_000})
    for method, path in (("POST", "/people"), ("PATCH", f"/people/{made['id']}")):
        answer = api.session.request(method, api.url + "/api/v1" + path, data=large, timeout=10,
                                     headers={**JSON, "If-Match": "*"})
        assert answer.status_code == 413, answer.text
        api.contract.check(method, answer)


def test_an_error_never_shows_what_is_inside(api):
    answers = [api.session.get(api.url + "/api/v1/people/1%27", timeout=10),
               api.session.get(api.url + "/api/v1/people?cursor=%27", timeout=10),
               api.session.post(api.url + "/api/v1/people", data=b"{", headers=JSON, timeout=10)]
    for answer in answers:
        for inside in ("sqlite", "SELECT", "boost", "std::", "src/", "exception", ".cc"):
            assert inside not in answer.text, answer.text


def test_answers_with_details_are_kept_out_of_shared_caches(api):
    made = api.create()
    for path in (f"/people/{made['id']}", "/people", f"/files/{made['files'][0]['id']}"):
        control = api.call("GET", path, 200).headers["Cache-Control"]
        assert "private" in control or "no-store" in control, f"{path}: {control}"


def test_a_picture_is_no_json(api):
    api.problem("POST", "/people", 400, data=PNG, headers=JSON)
