"""/api/v1/people and /api/v1/people/{id}: making, reading, changing and deleting records."""

import datetime

import pytest

from api_client import fields_of
from samples import ANNA, HOSTILE_NAMES, PNG, form, form_part, random_bytes, sha256


def test_creates_a_person_with_files_from_a_multipart_form(api):
    other = random_bytes(70_000, seed=1)
    made = api.create(files=[("photo.png", PNG), ("data.bin", other)])
    assert {field: made[field] for field in ANNA} == ANNA
    assert made["version"] == 1
    assert [file["name"] for file in made["files"]] == ["photo.png", "data.bin"]
    assert [file["size"] for file in made["files"]] == [len(PNG), len(other)]
    assert [file["sha256"] for file in made["files"]] == [sha256(PNG), sha256(other)]
    assert [file["media_type"] for file in made["files"]] == ["image/png", "application/octet-stream"]
    assert api.content(made["files"][0]) == PNG
    assert api.content(made["files"][1]) == other
    assert api.person(made["id"]) == made


def test_the_answer_to_a_creation_says_where_the_person_is(api):
    answer = api.call("POST", "/people", 201, json=ANNA)
    number = answer.json()["id"]
    assert answer.headers["Location"] == f"/api/v1/people/{number}"
    assert answer.headers["ETag"]


def test_creates_a_person_without_files_from_json(api):
    made = api.call("POST", "/people", 201, json=ANNA).json()
    assert made["files"] == []
    assert api.person(made["id"])["name"] == "Anna Berg"


def test_content_url_leads_to_the_bytes(api, site):
    made = api.create()
    url = made["files"][0]["content_url"]
    answer = api.session.get(url if "://" in url else site.url + url, timeout=10)
    assert answer.status_code == 200 and answer.content == PNG


def test_times_are_now_and_in_utc(api):
    made = api.create()
    stamp = datetime.datetime.fromisoformat(made["created_at"].replace("Z", "+00:00"))
    age = datetime.datetime.now(datetime.timezone.utc) - stamp
    assert abs(age) < datetime.timedelta(minutes=1)
    assert made["updated_at"] == made["created_at"]


def test_fields_may_come_after_the_files(api):
    parts = [form_part("file_name", PNG, "a.png")] + [form_part(name, str(value)) for name, value in ANNA.items()]
    body = b"".join(b"--edge\r\n" + part for part in parts) + b"--edge--\r\n"
    made = api.call("POST", "/people", 201, data=body,
                    headers={"Content-Type": "multipart/form-data; boundary=edge"}).json()
    assert made["name"] == "Anna Berg" and len(made["files"]) == 1


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_keeps_any_name_as_it_was_typed(api, name):
    made = api.create({"name": name})
    assert made["name"] == name
    assert api.person(made["id"])["name"] == name


def test_trims_what_is_typed(api):
    made = api.create({"name": "  Anna Berg\u00a0 ", "age": " 41 "})
    assert made["name"] == "Anna Berg" and made["age"] == 41


@pytest.mark.parametrize("name", ["photo.png", "Zoë 李 👩.png", "a b;c=\"d\".png", "x" * 251 + ".png", "..png"])
def test_keeps_the_names_of_files(api, name):
    body, content_type = form(ANNA, [(name.replace('"', "%22"), PNG)])
    made = api.call("POST", "/people", 201, data=body, headers={"Content-Type": content_type}).json()
    assert made["files"][0]["name"] == name


@pytest.mark.parametrize("sent, kept", [("../../etc/passwd", "passwd"), ("C:\\\\photos\\\\me.png", "me.png"),
                                        ("/absolute/path.txt", "path.txt"), ("..", "file")])
def test_file_names_lose_their_folders(api, sent, kept):
    body, content_type = form(ANNA, [(sent, PNG)])
    made = api.call("POST", "/people", 201, data=body, headers={"Content-Type": content_type}).json()
    assert made["files"][0]["name"] == kept


def test_every_wrong_field_is_named_at_once(api):
    problem = api.problem("POST", "/people", 422,
                          files=[("name", (None, " ")), ("age", (None, "151")), ("technology", (None, "a\x01b"))])
    assert fields_of(problem) == ["age", "file_name", "location", "name", "technology"]
    assert all(error["message"] for error in problem["errors"])


@pytest.mark.parametrize("age", ["-1", "151", "4.5", "1e2", "0x10", "", "forty", "٤x", "99999999999999999999"])
def test_refuses_an_age_that_is_no_whole_number_from_0_to_150(api, age):
    problem = api.problem("POST", "/people", 422, files=[
        *((name, (None, str(value))) for name, value in {**ANNA, "age": age}.items()), ("file_name", ("a.png", PNG))])
    assert fields_of(problem) == ["age"]


@pytest.mark.parametrize("age", [0, 150])
def test_takes_the_ages_at_the_edges(api, age):
    assert api.create({"age": age})["age"] == age


@pytest.mark.parametrize("value", ["a\u0000b", "a\nb", "a\u0085b", "a\u001bb", "x" * 201])
def test_refuses_control_characters_and_long_texts(api, value):
    problem = api.problem("POST", "/people", 422, json={**ANNA, "location": value})
    assert fields_of(problem) == ["location"]


def test_counts_characters_and_not_bytes(api):
    assert api.create({"name": "李" * 200})["name"] == "李" * 200


def test_refuses_invalid_utf8_in_a_form(api):
    body, content_type = form({**ANNA, "name": b"Anna \xff\xfe"}, [("a.png", PNG)])
    problem = api.problem("POST", "/people", 422, data=body, headers={"Content-Type": content_type})
    assert fields_of(problem) == ["name"]


def test_a_refused_submission_leaves_nothing(api):
    before = api.call("GET", "/people?limit=1", 200).json()["items"]
    api.problem("POST", "/people", 422, files=[("name", (None, "Nobody")), ("file_name", ("a.png", PNG))])
    assert api.call("GET", "/people?limit=1", 200).json()["items"] == before


def test_a_person_that_is_not_there(api):
    assert api.problem("GET", "/people/999999999", 404)["status"] == 404
    api.problem("PATCH", "/people/999999999", 404, json={"age": 1}, headers={"If-Match": "*"})
    api.problem("DELETE", "/people/999999999", 404, headers={"If-Match": "*"})
    api.problem("POST", "/people/999999999/files", 404, files=[("file_name", ("a.png", PNG))])


@pytest.mark.parametrize("number, status", [("0", 404), ("-1", 404), ("abc", 404), ("1.5", 404), ("%201", 404),
                                            ("99999999999999999999999", 404), ("1%00", 400)])
def test_an_id_that_is_none(api, number, status):
    answer = api.session.get(f"{api.url}/api/v1/people/{number}", timeout=10)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_the_etag_is_the_version(api):
    made = api.create()
    answer = api.call("GET", f"/people/{made['id']}", 200)
    assert answer.headers["ETag"].strip('W/"') == str(made["version"])
    again = api.call("GET", f"/people/{made['id']}", 304, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.content == b"" and again.headers["ETag"] == answer.headers["ETag"]


def test_an_edit_changes_only_what_it_names(api):
    made = api.create()
    answer = api.call("PATCH", f"/people/{made['id']}", 200, json={"age": 42}, headers={"If-Match": '"1"'})
    changed = answer.json()
    assert changed == {**made, "age": 42, "version": 2, "updated_at": changed["updated_at"]}
    assert answer.headers["ETag"] == '"2"'
    assert api.person(made["id"]) == changed


def test_an_edit_needs_if_match(api):
    made = api.create()
    api.problem("PATCH", f"/people/{made['id']}", 428, json={"age": 42})
    api.problem("DELETE", f"/people/{made['id']}", 428)
    assert api.person(made["id"]) == made


def test_an_edit_of_another_version_is_refused(api):
    made = api.create()
    path = f"/people/{made['id']}"
    for etag in ['"2"', '"99"', 'W/"1"', '"x"', '""']:
        api.problem("PATCH", path, 412, json={"age": 42}, headers={"If-Match": etag})
        api.problem("DELETE", path, 412, headers={"If-Match": etag})
    assert api.person(made["id"]) == made


def test_if_match_takes_a_star_and_a_list(api):
    made = api.create()
    path = f"/people/{made['id']}"
    assert api.call("PATCH", path, 200, json={"age": 1}, headers={"If-Match": "*"}).json()["version"] == 2
    assert api.call("PATCH", path, 200, json={"age": 2}, headers={"If-Match": '"7", "2"'}).json()["version"] == 3


def test_of_two_editors_who_read_the_same_version_one_wins(api):
    made = api.create()
    path = f"/people/{made['id']}"
    api.call("PATCH", path, 200, json={"name": "First"}, headers={"If-Match": '"1"'})
    api.problem("PATCH", path, 412, json={"name": "Second"}, headers={"If-Match": '"1"'})
    assert api.person(made["id"])["name"] == "First"


def test_an_edit_names_every_wrong_field(api):
    made = api.create()
    problem = api.problem("PATCH", f"/people/{made['id']}", 422, json={"name": "", "age": 200},
                          headers={"If-Match": "*"})
    assert fields_of(problem) == ["age", "name"]
    assert api.person(made["id"]) == made


def test_a_deleted_person_is_gone_with_all_files(api):
    made = api.create(files=[("a.png", PNG), ("b.bin", b"b")])
    path = f"/people/{made['id']}"
    api.call("DELETE", path, 204, headers={"If-Match": '"1"'})
    api.problem("GET", path, 404)
    api.problem("DELETE", path, 404, headers={"If-Match": "*"})
    for file in made["files"]:
        api.problem("GET", f"/files/{file['id']}", 404)
        api.problem("GET", f"/files/{file['id']}/content", 404)
    assert made["id"] not in [each["id"] for each in api.call("GET", "/people?limit=100", 200).json()["items"]]


def test_numbers_are_never_used_twice(api):
    first = api.create()
    api.call("DELETE", f"/people/{first['id']}", 204, headers={"If-Match": "*"})
    assert api.create()["id"] > first["id"]


def test_adds_files_to_a_person(api):
    made = api.create()
    answer = api.call("POST", f"/people/{made['id']}/files", 201,
                      files=[("file_name", ("b.bin", b"bb")), ("file_name", ("c.bin", b"ccc"))])
    now = api.person(made["id"])
    assert [file["name"] for file in now["files"]] == ["photo.png", "b.bin", "c.bin"]
    assert now["version"] > made["version"]
    assert answer.headers.get("ETag", f'"{now["version"]}"') == f'"{now["version"]}"'
    assert api.content(now["files"][2]) == b"ccc"


def test_adding_no_file_is_an_error_that_names_the_field(api):
    made = api.create()
    problem = api.problem("POST", f"/people/{made['id']}/files", 422, files=[("file_name", (None, ""))])
    assert fields_of(problem) == ["file_name"]
    assert api.person(made["id"]) == made


def test_removes_one_file(api):
    made = api.create(files=[("a.png", PNG), ("b.bin", b"b")])
    gone, kept = made["files"]
    api.call("DELETE", f"/files/{gone['id']}", 204, headers={"If-Match": "*"})
    api.problem("GET", f"/files/{gone['id']}", 404)
    api.problem("GET", f"/files/{gone['id']}/content", 404)
    now = api.person(made["id"])
    assert [file["id"] for file in now["files"]] == [kept["id"]]
    assert now["version"] > made["version"]
    assert api.content(kept) == b"b"


def test_an_empty_file_is_a_file(api):
    made = api.create(files=[("empty.bin", b"")])
    assert made["files"][0]["size"] == 0
    assert made["files"][0]["sha256"] == sha256(b"")
    assert api.content(made["files"][0]) == b""


def test_an_empty_file_input_counts_as_none(api):
    body, content_type = form(ANNA, [("", b""), ("a.png", PNG)])
    made = api.call("POST", "/people", 201, data=body, headers={"Content-Type": content_type}).json()
    assert [file["name"] for file in made["files"]] == ["a.png"]
