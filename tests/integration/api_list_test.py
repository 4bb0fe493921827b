"""GET /api/v1/people over 250 people: order, pages by cursor, filters, words."""

import random

import pytest

import dossier_process
from api_client import ApiClient, fields_of
from samples import ANNA, PNG

FIRST = ["Åsa", "Björn", "Çağla", "Dmitri", "Élodie", "Fatima", "Göran", "Håkon", "Ingrid", "José"]
LAST = ["Ångström", "Berg", "Lindström", "Müller", "Núñez"]
PLACES = ["Oslo", "Tromsø", "São Paulo", "Zürich"]
TECHNOLOGIES = ["C++", "Rust", "Python", "C", "Go"]
COUNT = 250


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A server with 250 people, and what was submitted, by id in order of submission."""
    server = dossier_process.Server(tmp_path_factory.mktemp("crowd")).start()
    with ApiClient(server.url) as client:
        people = [submit(client, number) for number in range(COUNT)]
        yield client, people
    server.stop()


def submit(client, number):
    pick = random.Random(number)
    details = {"name": f"{FIRST[number % 10]} {LAST[number // 10 % 5]}", "location": pick.choice(PLACES),
               "age": pick.randrange(18, 30), "technology": pick.choice(TECHNOLOGIES)}
    if number % 5 == 0:
        return client.create(details, files=[("photo.png", PNG)])
    return client.call("POST", "/people", 201, json=details).json()


def listing(client, **query):
    return client.call("GET", "/people", 200, params=query).json()


def all_pages(client, limit=37, **query):
    people, cursor, pages = [], None, 0
    while True:
        page = listing(client, limit=limit, **query, **({"cursor": cursor} if cursor else {}))
        people += page["items"]
        pages += 1
        cursor = page["next_cursor"]
        if cursor is None:
            return people, pages
        assert len(page["items"]) == limit, "a page before the last is full"
        assert pages < 1000


@pytest.mark.parametrize("limit", [1, 7, 37, 50, 100])
def test_pages_hold_everybody_once(crowd, limit):
    client, people = crowd
    found, pages = all_pages(client, limit=limit)
    assert [each["id"] for each in found] == [each["id"] for each in reversed(people)]
    assert pages == -(-COUNT // limit)


@pytest.mark.parametrize("sort, key", [("newest", lambda each: -each["id"]), ("oldest", lambda each: each["id"]),
                                       ("age", lambda each: (each["age"], each["id"]))])
def test_each_order_has_neither_gaps_nor_duplicates(crowd, sort, key):
    client, people = crowd
    found, _ = all_pages(client, sort=sort)
    assert [each["id"] for each in found] == [each["id"] for each in sorted(people, key=key)]


def test_order_by_name_ignores_case_and_accents(crowd):
    client, people = crowd
    found, _ = all_pages(client, sort="name")
    assert sorted(each["id"] for each in found) == [each["id"] for each in people]
    firsts = [each["name"].split()[0] for each in found]
    assert firsts == sorted(firsts, key=FIRST.index)
    for before, after in zip(found, found[1:]):
        if before["name"] == after["name"]:
            assert before["id"] < after["id"]


def test_items_are_whole_people(crowd):
    client, people = crowd
    items = listing(client, limit=100, sort="oldest")["items"]
    assert items == people[:100]


def test_the_default_page_is_the_newest_and_small(crowd):
    client, people = crowd
    page = listing(client)
    assert [each["id"] for each in page["items"]] == [each["id"] for each in people[::-1][:len(page["items"])]]
    assert 10 <= len(page["items"]) <= 50


def test_somebody_new_does_not_disturb_the_pages_that_follow(crowd):
    client, people = crowd
    first = listing(client, limit=100)
    made = client.call("POST", "/people", 201, json=ANNA).json()
    second = listing(client, limit=100, cursor=first["next_cursor"])
    third = listing(client, limit=100, cursor=second["next_cursor"])
    ids = [each["id"] for page in (first, second, third) for each in page["items"]]
    client.call("DELETE", f"/people/{made['id']}", 204, headers={"If-Match": "*"})
    assert ids == [each["id"] for each in reversed(people)]


@pytest.mark.parametrize("name", ["\ufdfa" * 200, "\U0001f9d9" * 200, "李" * 200, "ß" * 200, "%" * 200, "\u0390" * 200],
                         ids=lambda name: f"{ord(name[0]):x}")
def test_pages_by_name_bear_the_longest_names(new_server, new_api, name):
    """Some characters fold to many: the longest folded form is 18 times as long."""
    client = new_api(new_server())
    made = [client.call("POST", "/people", 201, json={**ANNA, "name": name}).json()["id"] for _ in range(3)]
    found, _ = all_pages(client, limit=1, sort="name")
    assert [each["id"] for each in found] == made
    assert [each["id"] for each in all_pages(client, q=name[:100])[0]] == made[::-1] or not name[0].isalnum()


@pytest.mark.parametrize("query, matches", [
    ({"technology": "Rust"}, lambda each: each["technology"] == "Rust"),
    ({"technology": "c"}, lambda each: each["technology"].startswith("C")),
    ({"technology": "pyth"}, lambda each: each["technology"] == "Python"),
    ({"technology_exact": "c"}, lambda each: each["technology"] == "C"),
    ({"technology_exact": "pyth"}, lambda each: False),
    ({"location": "são", "technology_exact": "RUST"},
     lambda each: each["location"].startswith("São") and each["technology"] == "Rust"),
    ({"location_exact": "oslo", "technology": "c"},
     lambda each: each["location"] == "Oslo" and each["technology"].startswith("C")),
    ({"location": "sao paulo"}, lambda each: each["location"] == "São Paulo"),
    ({"age_from": 25}, lambda each: each["age"] >= 25),
    ({"age_to": 20}, lambda each: each["age"] <= 20),
    ({"age_from": 20, "age_to": 20}, lambda each: each["age"] == 20),
    ({"has_files": "true"}, lambda each: each["files"]),
    ({"has_files": "false"}, lambda each: not each["files"]),
    ({"technology": "Go", "location": "Oslo", "age_from": 20, "has_files": "false"},
     lambda each: each["technology"] == "Go" and each["location"] == "Oslo" and each["age"] >= 20 and not each["files"]),
])
@pytest.mark.parametrize("sort", ["newest", "name"])
def test_filters(crowd, query, matches, sort):
    client, people = crowd
    found, _ = all_pages(client, limit=9, sort=sort, **query)
    assert sorted(each["id"] for each in found) == [each["id"] for each in people if matches(each)]


@pytest.mark.parametrize("words, matches", [
    ("ångström", lambda each: "Ångström" in each["name"]),
    ("ANGSTROM", lambda each: "Ångström" in each["name"]),
    ("angs", lambda each: "Ångström" in each["name"]),
    ("elo", lambda each: "Élodie" in each["name"]),
    ("jose nunez", lambda each: each["name"] == "José Núñez"),
    ("nunez jose", lambda each: each["name"] == "José Núñez"),
    ("sao", lambda each: each["location"] == "São Paulo"),
    ("paulo rust", lambda each: each["location"] == "São Paulo" and each["technology"] == "Rust"),
    ("pyth", lambda each: each["technology"] == "Python"),
    ("ngstrom", lambda each: False),
    ("  berg  ", lambda each: "Berg" in each["name"]),
])
def test_words_match_the_beginnings_of_words(crowd, words, matches):
    client, people = crowd
    found, _ = all_pages(client, q=words)
    assert sorted(each["id"] for each in found) == [each["id"] for each in people if matches(each)]


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "*", "---", "zzz\\", "\U0001f469"])
def test_text_without_a_word_of_anybody_finds_nobody(crowd, words):
    client, _ = crowd
    page = listing(client, q=words, limit=5)
    assert page["items"] == [] and page["next_cursor"] is None


def test_words_and_filters_and_order_together(crowd):
    client, people = crowd
    found, _ = all_pages(client, limit=3, q="berg", technology="c++", sort="age")
    expected = [each for each in people if "Berg" in each["name"] and each["technology"] == "C++"]
    assert [each["id"] for each in found] == [each["id"] for each in sorted(expected, key=lambda e: (e["age"], e["id"]))]


@pytest.mark.parametrize("query, field", [
    ({"limit": 0}, "limit"), ({"limit": 101}, "limit"), ({"limit": "ten"}, "limit"), ({"limit": -1}, "limit"),
    ({"sort": "shoe_size"}, "sort"), ({"age_from": "x"}, "age_from"), ({"age_to": "-3"}, "age_to"),
    ({"age_from": 25, "age_to": 20}, "age_to"), ({"has_files": "maybe"}, "has_files"), ({"colour": "red"}, "colour"), ({"cursor": "nonsense"}, "cursor"), ({"cursor": "AAAA"}, "cursor"),
])
def test_a_query_that_cannot_be_read_is_refused_by_name(crowd, query, field):
    client, _ = crowd
    assert fields_of(client.problem("GET", "/people", 422, params=query)) == [field]


def test_a_query_with_several_faults_names_each(crowd):
    client, _ = crowd
    problem = client.problem("GET", "/people", 422, params={"limit": 0, "sort": "x", "age_from": "y"})
    assert fields_of(problem) == ["age_from", "limit", "sort"]


def test_a_cursor_of_another_order_is_refused(crowd):
    client, _ = crowd
    cursor = listing(client, sort="age", limit=5)["next_cursor"]
    assert fields_of(client.problem("GET", "/people", 422, params={"sort": "name", "cursor": cursor})) == ["cursor"]
