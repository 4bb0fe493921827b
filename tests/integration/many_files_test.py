"""A person of many files: the first come with the person, all are listed page by page."""

import html
import re

import pytest
import requests

import dossier_process
from api_client import ApiClient, fields_of
from samples import PNG

COUNT = 130
AT_ONCE = 65


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A server, its client, and the number of a person with COUNT files; another person has one."""
    server = dossier_process.Server(tmp_path_factory.mktemp("many")).start(intake__files=AT_ONCE)
    with ApiClient(server.url) as client:
        names = [f"file-{i:03}.txt" for i in range(COUNT)]
        made = client.create(files=[(name, name.encode()) for name in names[:AT_ONCE]])
        assert made["file_count"] == AT_ONCE and len(made["files"]) == 20
        client.create(files=[("other.png", PNG)])
        added = client.call("POST", f"/people/{made['id']}/files", 201,
                            files=[("file_name", (name, name.encode())) for name in names[AT_ONCE:]]).json()
        assert added["file_count"] == COUNT
        yield server, client, made["id"], names
    server.stop()


def test_the_first_files_come_with_the_person_wherever_it_is_read(many):
    _, client, number, names = many
    person = client.person(number)
    assert [file["name"] for file in person["files"]] == names[:20]
    assert person["file_count"] == COUNT
    listed = client.call("GET", "/people", 200, params={"sort": "oldest"}).json()["items"]
    assert listed[0] == person
    assert listed[1]["file_count"] == len(listed[1]["files"]) == 1


@pytest.mark.parametrize("order", [None, "oldest", "newest"])
@pytest.mark.parametrize("limit", [None, 1, 65, 100])
def test_all_files_are_listed_once_in_either_order(many, order, limit):
    _, client, number, names = many
    found, cursor = [], None
    while True:
        parameters = {"order": order, "limit": limit, "cursor": cursor}
        page = client.call("GET", f"/people/{number}/files", 200, params=parameters).json()
        found += [file["name"] for file in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        assert len(page["items"]) == (limit or 20)
    assert found == (names[::-1] if order == "newest" else names)


def test_what_was_just_added_is_first_with_the_newest(many):
    _, client, number, names = many
    newest = client.call("GET", f"/people/{number}/files", 200, params={"order": "newest", "limit": 1}).json()
    assert client.content(newest["items"][0]) == names[-1].encode()


def test_a_cursor_brings_its_order_and_is_of_one_list(many):
    _, client, number, names = many
    first = client.call("GET", f"/people/{number}/files", 200, params={"order": "newest", "limit": 30}).json()
    cursor = first["next_cursor"]
    next_page = client.call("GET", f"/people/{number}/files", 200, params={"cursor": cursor}).json()["items"]
    assert [file["name"] for file in next_page] == names[::-1][30:50]
    for path, parameters in ((f"/people/{number}/files", {"order": "oldest", "cursor": cursor}),
                             ("/people/2/files", {"cursor": cursor})):
        assert fields_of(client.problem("GET", path, 422, params=parameters)) == ["cursor"]
    people = client.call("GET", "/people?limit=1", 200).json()["next_cursor"]
    assert fields_of(client.problem("GET", f"/people/{number}/files", 422, params={"cursor": people})) == ["cursor"]


@pytest.mark.parametrize("query, field", [
    ("order=name", "order"), ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"),
    ("cursor=", "cursor"), ("cursor=-1", "cursor"), ("cursor=0", "cursor"), ("cursor=1x", "cursor"),
    ("cursor=99999999999999999999", "cursor"), ("sort=newest", "sort"), ("order=oldest&order=newest", "order")])
def test_a_query_that_cannot_be_read_is_refused_by_name(many, query, field):
    _, client, number, _ = many
    assert fields_of(client.problem("GET", f"/people/{number}/files?{query}", 422)) == [field]


def test_nobodys_files_are_not_found(many):
    _, client, _, _ = many
    for number in ("999", "0", "x", "99999999999999999999"):
        client.problem("GET", f"/people/{number}/files", 404)


def test_a_whole_record_as_it_was_read_can_be_sent_back(many):
    _, client, number, _ = many
    for read in (lambda: client.person(number),
                 lambda: client.call("GET", "/people?sort=oldest", 200).json()["items"][0]):
        person = read()
        changed = {**person, "age": person["age"] + 1}
        answer = client.call("PATCH", f"/people/{number}", 200, json=changed,
                             headers={"If-Match": f'"{person["version"]}"'}).json()
        assert answer["age"] == person["age"] + 1 and answer["file_count"] == COUNT
    problem = client.problem("PATCH", f"/people/{number}", 422, json={"file_count": 3}, headers={"If-Match": "*"})
    assert fields_of(problem) == ["file_count"]


def links(text):
    return {re.sub(r"<[^>]*>", "", label): html.unescape(address).split("#")[0]
            for address, label in re.findall(r'<a[^>]* href="([^"]*)"[^>]*>(.*?)</a>', text)}


def files_on(text):
    return re.findall(r'download="(file-\d+\.txt)"', text)


def test_the_page_leads_to_all_files_and_stays_small(many):
    server, _, number, names = many
    for order in ("oldest", "newest"):
        address, found = f"/people/{number}", []
        if order == "newest":
            address = links(requests.get(server.url + address, timeout=30).text)["Show the newest first"]
        while address:
            page = requests.get(server.url + address, timeout=30)
            assert page.status_code == 200 and len(page.content) < 150_000
            assert f"{COUNT} files, {order} first." in page.text
            found += files_on(page.text)
            address = links(page.text).get("More files")
            assert len(files_on(page.text)) == 50 or not address
        assert found == (names[::-1] if order == "newest" else names)
    for address in (f"/people/{number}?after=x", f"/people/{number}?files=x&after=99999999999999999999"):
        assert files_on(requests.get(server.url + address, timeout=30).text) == names[:50]


def test_other_pages_count_and_show_a_few(many):
    server, _, number, names = many
    assert f"{COUNT} files" in requests.get(server.url + "/people", timeout=30).text
    assert f"and {COUNT} files?" in requests.get(f"{server.url}/people/{number}/delete", timeout=30).text
    for page in (requests.get(f"{server.url}/people/{number}/edit", timeout=30),
                 requests.post(f"{server.url}/employee", data={"employee_id": number}, timeout=30)):
        assert files_on(page.text) == names[:20]
        assert links(page.text)[f"All {COUNT} files"] == f"/people/{number}"


def test_removing_a_file_far_down_comes_back_to_where_it_was(new_server):
    server = new_server(intake__files=AT_ONCE)
    with ApiClient(server.url) as client:
        number = client.create(files=[(f"file-{i:03}.txt", b"x") for i in range(60)])["id"]
        page = requests.get(f"{server.url}/people/{number}?files=newest", timeout=30)
        page = requests.get(server.url + links(page.text)["More files"], timeout=30)
        assert files_on(page.text) == [f"file-{i:03}.txt" for i in range(9, -1, -1)]
        address = links(page.text)["Remove file-005.txt"]
        assert links(requests.get(server.url + address, timeout=30).text)["Keep the file"] == page.url.removeprefix(server.url)
        after = requests.post(server.url + address, timeout=30)
        assert "The file is removed." in after.text
        assert files_on(after.text) == [f"file-{i:03}.txt" for i in range(9, -1, -1) if i != 5]


def test_whoever_adds_to_many_sees_what_was_added(new_server):
    server = new_server(intake__files=AT_ONCE)
    with ApiClient(server.url) as client:
        number = client.create(files=[(f"file-{i:03}.txt", b"x") for i in range(50)])["id"]
        answer = requests.post(f"{server.url}/people/{number}/files", timeout=30,
                               files=[("file_name", ("file-999.txt", b"new"))])
        assert answer.url.split("/")[-1] == f"{number}?added&files=newest"
        assert files_on(answer.text)[0] == "file-999.txt" and "The files are stored." in answer.text
