"""Everybody's letters: the text policy (src/base/text_policy.h) as it comes through form, API, store and pages."""

import html.parser
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest
import requests

from observing import wait_until_nothing_is_owed
from samples import ANNA, form

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page(site):
    def get(path, expect=200, method="GET", kind=None, **more):
        headers = {"Accept": "text/html", **({"Content-Type": kind} if kind else {})}
        answer = requests.request(method, site.url + path, headers=headers, timeout=30, allow_redirects=False, **more)
        assert answer.status_code == expect, answer.text[:2000]
        return answer.text
    return get


def found(api, **query):
    return [each["id"] for each in api.call("GET", "/people?" + urllib.parse.urlencode(query), 200).json()["items"]]


FINDS = [
    ("Łukasz Zażółć", ["lukasz", "ŁUKASZ", "zazolc"], ["zazulc"]),
    ("Søren Ðorðe", ["soren", "dorde"], ["saren"]),
    ("Işık", ["isik", "IŞIK", "ışı"], ["isxk"]),
    ("Đặng Văn", ["dang", "đặng"], ["dong"]),
    ("Pat O’Brien", ["obrien", "o'brien", "o’brien", "o brien"], ["brian"]),
    ("Pat O Bryan", ["obryan", "o’bryan"], ["obrian"]),
    ("Obrannan", ["o'brannan", "o brannan"], ["o brunnan"]),
    ("Jean-Luc", ["jeanluc", "jean luc", "luc"], ["lucjean"]),
    ("李小龙", ["李小龙", "小龙", "龙"], ["李龙"]),
    ("김철수", ["철수"], ["수철"]),
    ("パリ子", ["パリ", "ﾊﾟﾘ"], ["バリ"]),
    ("पुणे", ["पुणे"], ["पाणी", "पण"]),
    ("محمد أحمد", ["مُحَمَّد", "احمد"], ["محمود"]),
    ("Сергей Пётр", ["сергей", "петр"], ["сергеи"]),
]


@pytest.mark.parametrize("name, typed, not_typed", FINDS, ids=[each[0] for each in FINDS])
def test_a_name_is_found_as_people_type_it(api, page, name, typed, not_typed):
    number = api.create({"name": name})["id"]
    for words in typed:
        assert number in found(api, q=words), words
        shown = page("/people?" + urllib.parse.urlencode({"q": words}))
        assert f'href="/people/{number}"' in shown and "<mark>" in shown, words
    for words in not_typed:
        assert number not in found(api, q=words), words


def test_signs_of_technologies_are_found_and_marked(api, page):
    both = api.create({"name": "Sign Writer", "technology": "HTML+CSS"})["id"]
    plus = api.create({"name": "Sign Reader", "technology": "C++"})["id"]
    node = api.create({"name": "Sign Painter", "technology": "Node.js"})["id"]
    for number, typed, marked in [(both, "css", "HTML+<mark>CSS</mark>"), (plus, "c++", "<mark>C++</mark>"),
                                  (node, "js", "Node.<mark>js</mark>"), (node, "nodejs", "<mark>Node.js</mark>")]:
        assert number in found(api, q=f"sign {typed}")
        assert marked in page("/people?" + urllib.parse.urlencode({"q": f"sign {typed}"}))
    assert plus not in found(api, q="sign c#")


def test_filters_see_spaces_signs_and_encodings_as_one(api):
    typed = "Cap’n  d\u00a0O\u0301r"
    number = api.create({"location": typed})["id"]
    assert api.person(number)["location"] == typed  # kept exactly as it was typed
    for same in ("Cap'n d Ór", " CAP’N D OR ", "cap`n\u3000d\u2003o\u0301r"):
        assert number in found(api, location=same), same


def test_an_author_is_found_however_the_name_is_spelled(new_server, new_api):
    server = new_server()
    client = new_api(server)
    spellings = ["Zoë O’Neill", "ZOE  O'NEILL", "Zoe\u0301 O`Neill"]
    files = {client.create({"name": name}, files=[("a.txt", b"a"), ("b.txt", b"b")])["id"]: name for name in spellings}
    client.create({"name": "Zoë O’Neil"})
    wait_until_nothing_is_owed(server)
    for author in [*spellings, "zoe o'neill"]:
        seen, cursor = [], None
        while True:
            more = {"cursor": cursor} if cursor else {}
            listed = client.call("GET", "/catalog?" + urllib.parse.urlencode({"author": author, "limit": 1, **more}),
                                 200).json()
            seen += [(each["person_id"], each["author"], each["name"]) for each in listed["items"]]
            cursor = listed["next_cursor"]
            if not cursor:
                break
        assert sorted(seen) == sorted((number, name, file) for number, name in files.items()
                                      for file in ("a.txt", "b.txt")), author


def test_filters_and_searches_take_as_many_characters_as_texts_have(api):
    for name in ("q", "technology", "location"):
        api.call("GET", "/people?" + urllib.parse.urlencode({name: "龙" * 200}), 200)
        refused = api.call("GET", "/people?" + urllib.parse.urlencode({name: "龙" * 201}), 422).json()
        assert refused["errors"][0]["field"] == name
    assert api.create({"location": "😀" * 200})["location"] == "😀" * 200
    assert api.call("GET", "/people?limit=５", 200)


def test_names_sort_beside_their_neighbours(api):
    place = "Sortingen"
    for name in ("Lucas", "Łukasz", "Lundberg", "Soto", "Søren", "Sommer"):
        api.create({"name": name, "location": place})
    listed = api.call("GET", f"/people?location={place}&sort=name", 200).json()["items"]
    assert [each["name"] for each in listed] == ["Lucas", "Łukasz", "Lundberg", "Sommer", "Søren", "Soto"]


NOTHING = ["\u200b", "\ufeff", "\u3164", "\uffa0", "\u115f\u1160", "\u2800", "\u0301", "\u00ad", "\U000e0041", "\ufe0f",
           "\ufdd0", "\uffff", "\u00a0\u2003", "\u202e\u2069"]


@pytest.mark.parametrize("nothing", NOTHING, ids=[ascii(each) for each in NOTHING])
def test_what_shows_nothing_is_no_name(api, page, nothing):
    refused = api.call("POST", "/people", 422, json={**ANNA, "name": nothing, "technology": nothing}).json()
    assert {each["field"]: each["message"] for each in refused["errors"]} == {
        "name": "Enter a name", "technology": "Enter a technology"}
    body, kind = form({**ANNA, "location": nothing}, [("a.txt", b"a")])
    assert "Enter a location" in page("/", 422, method="POST", data=body, kind=kind)


def test_numbers_are_read_in_any_script(api, page):
    number = api.create()["id"]
    fullwidth = "".join(chr(0xff10 + int(digit)) for digit in str(number))
    for typed in (str(number), f"#{number}", f"no {number}", f"No. {number}", f"№{number}", f"№ {fullwidth}", fullwidth):
        listed = page("/people?" + urllib.parse.urlencode({"q": typed}))
        assert re.search(rf'No\. {number} is <a href="/people/{number}">', listed), typed
        shown = page("/employee", method="POST", data={"employee_id": typed})
        assert f'href="/people/{number}"' in shown, typed
    for age in (42.0, "42.0", "４２", "٤٢", 4.2e1):
        assert api.call("POST", "/people", 201, json={**ANNA, "age": age}).json()["age"] == 42


def test_a_file_name_has_255_characters_and_its_ending(api):
    for letter in ("a", "ü", "龙", "😀"):
        kept = api.create(files=[(letter * 251 + ".pdf", b"%PDF-1.4\n")])["files"][0]
        assert kept["name"] == letter * 251 + ".pdf"
        cut = api.create(files=[(letter * 400 + ".tar.gz", b"x")])["files"][0]
        assert cut["name"] == letter * 248 + ".tar.gz"
        answer = api.call("GET", f"/files/{cut['id']}/content?download", 200)
        assert urllib.parse.quote(cut["name"]) in answer.headers["Content-Disposition"]


class Isolated(html.parser.HTMLParser):
    """Finds where a text is shown outside of <bdi>; attributes of forms do not count."""

    FREE = {"value", "href", "data-name", "download", "action"}

    def __init__(self, page, text):
        super().__init__()
        self.text, self.open, self.wrong, self.count = text, [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag not in {"input", "img", "meta", "link", "br", "hr", "option", "path", "circle"}:
            self.open.append(tag)
        for name, value in attributes:
            if self.text in (value or "") and name not in self.FREE and f"\u2068{self.text}" not in value:
                self.wrong.append((tag, name, value))

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if self.text not in data:
            return
        self.count += 1
        if "bdi" not in self.open and f"\u2068{self.text}" not in data:
            self.wrong.append((list(self.open), data))


def test_names_are_isolated_wherever_they_stand(api, page):
    name = "\u202eשלום evil"
    person = api.create({"name": name, "location": name, "technology": name})
    number, file = person["id"], person["files"][0]["id"]
    assert person["name"] == name
    quoted = urllib.parse.quote(name)
    for path in (f"/people/{number}", f"/people/{number}/edit", f"/people/{number}/delete", f"/files/{file}/remove",
                 f"/people?technology={quoted}&location={quoted}", f"/people?q=%23{number}"):
        seen = Isolated(page(path), name)
        assert seen.count > 0 and not seen.wrong, (path, seen.wrong)
    shown = Isolated(page("/employee", method="POST", data={"employee_id": number}), name)
    assert shown.count > 0 and not shown.wrong, shown.wrong


def test_a_name_cannot_leave_its_isolation(api, page):
    number = api.create({"name": "A\u2069\u202eB"})["id"]
    assert "\u2069\u202eB" not in page(f"/people/{number}")
    assert "A\u202eB</bdi>" in page(f"/people/{number}")
    assert api.person(number)["name"] == "A\u2069\u202eB"
    number = api.create({"name": "A\u2067B"})["id"]
    assert "A\u2067B\u2069</bdi>" in page(f"/people/{number}")


def test_the_table_of_letters_is_icus():
    told = subprocess.run([sys.executable, str(ROOT / "tools/latin_letters.py"), "--check"], capture_output=True,
                          text=True, timeout=60)
    assert told.returncode == 0, told.stdout + told.stderr
