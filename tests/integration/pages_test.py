"""The pages as they come over HTTP: statuses, what was typed, escaping, policies, caching, weight."""

import gzip
import html
import html.parser
import re

import pytest
import requests

from observing import wait_until_nothing_is_owed
from samples import ANNA, HOSTILE_NAMES, PNG, form

PAGES = ["/", "/employee", "/people", "/catalog", "/accounts", "/received?no=1", "/welcome", "/api", "/nothing-here"]


@pytest.fixture
def browser(site):
    """A session that sends the headers that browsers send."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Accept"] = "text/html,application/xhtml+xml"
        yield lambda method, path, **more: session.request(
            method, site.url + path, timeout=30, **{"allow_redirects": False, **more})


class Elements(html.parser.HTMLParser):
    """All tags of a page with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def all(self, tag, **wanted):
        return [each for name, each in self.found
                if name == tag and all(each.get(key) == value for key, value in wanted.items())]


def submit(browser, fields=None, files=(("photo.png", PNG),), path="/"):
    body, content_type = form({**ANNA, **(fields or {})}, files)
    return browser("POST", path, data=body, headers={"Content-Type": content_type})


def number_of(answer):
    assert answer.status_code == 303, answer.text[:2000]
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def test_a_person_from_the_form_to_the_end(browser, api):
    number = number_of(submit(browser))
    record = browser("GET", f"/people/{number}")
    assert record.status_code == 200 and "Anna Berg" in record.text and "photo.png" in record.text
    version = Elements(browser("GET", f"/people/{number}/edit").text).all("input", name="version")[0]["value"]
    saved = browser("POST", f"/people/{number}/edit", data={**ANNA, "name": "Anna Dahl", "version": version})
    assert saved.status_code == 303
    assert api.person(number)["name"] == "Anna Dahl"

    body, content_type = form({}, [("more.txt", b"more\n")])
    added = browser("POST", f"/people/{number}/files", data=body, headers={"Content-Type": content_type})
    assert added.status_code == 303
    files = api.person(number)["files"]
    assert [file["name"] for file in files] == ["photo.png", "more.txt"]

    asked = browser("GET", f"/files/{files[1]['id']}/remove")
    assert asked.status_code == 200 and "more.txt" in asked.text
    assert browser("POST", f"/files/{files[1]['id']}/remove").status_code == 303
    assert [file["name"] for file in api.person(number)["files"]] == ["photo.png"]

    asked = browser("GET", f"/people/{number}/delete")
    assert asked.status_code == 200 and "Anna Dahl" in asked.text and "1 file" in asked.text
    version = Elements(asked.text).all("input", name="version")[0]["value"]
    assert browser("POST", f"/people/{number}/delete", data={"version": version}).status_code == 303
    assert browser("GET", f"/people/{number}").status_code == 404
    api.problem("GET", f"/people/{number}", 404)


def test_errors_keep_what_was_typed_and_name_every_field(browser):
    answer = submit(browser, {"name": "Kept \"Name\" & <b>", "location": "", "age": "old", "technology": "Kept C++"}, [])
    assert answer.status_code == 422
    page = Elements(answer.text)
    assert page.all("input", name="name")[0]["value"] == "Kept \"Name\" & <b>"
    assert page.all("input", name="age")[0]["value"] == "old"
    assert page.all("input", name="technology")[0]["value"] == "Kept C++"
    assert re.search(r"<title>\s*Error:", answer.text)
    for field in ("location", "age"):
        assert page.all("input", name=field)[0].get("aria-invalid") == "true"
        assert page.all("a", href=f"#{field}"), f"the summary leads to {field}"
    assert not page.all("input", name="name")[0].get("aria-invalid")


def test_an_edit_of_an_old_version_keeps_what_was_typed(browser, api):
    number = number_of(submit(browser))
    api.call("PATCH", f"/people/{number}", 200, json={"age": 50}, headers={"If-Match": "*"})
    answer = browser("POST", f"/people/{number}/edit", data={**ANNA, "location": "Typed Town", "version": "1"})
    assert answer.status_code == 412
    assert "Typed Town" in answer.text
    assert api.person(number)["location"] == "Oslo"


def test_the_hidden_key_makes_a_double_click_one_record(browser):
    page = Elements(browser("GET", "/").text)
    key = page.all("input", name="idempotency_key", type="hidden")[0]["value"]
    assert len(key) >= 16
    answers = [submit(browser, {"idempotency_key": key}) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    fresh = Elements(browser("GET", "/").text).all("input", name="idempotency_key")[0]["value"]
    assert fresh != key


@pytest.mark.parametrize("text", HOSTILE_NAMES)
def test_hostile_text_is_shown_as_text_everywhere(browser, text):
    number = number_of(submit(browser, {"name": text, "location": text, "technology": text},
                              [(text.replace('"', "%22").replace("/", "_"), PNG)]))
    paths = [f"/people/{number}", f"/people/{number}/edit", f"/people/{number}/delete", f"/submitted/{number}", "/people",
             "/", "/catalog?author=" + requests.utils.quote(text), "/people?q=" + requests.utils.quote(text),
             "/people?technology=" + requests.utils.quote(text)]
    shown = [browser("GET", path) for path in paths] + [browser("POST", "/employee", data={"employee_id": str(number)})]
    refused = [browser("POST", "/employee", data={"employee_id": text}), submit(browser, {"name": text, "age": text}, [])]
    assert {answer.status_code for answer in shown} == {200} and {answer.status_code for answer in refused} == {422}
    for answer in shown + refused:
        page = Elements(answer.text)
        assert "alert(1)" not in "".join(script_texts(answer.text)), answer.url
        assert not page.all("img", src="x"), answer.url
        for tag, attributes in page.found:
            assert not [name for name in attributes if name.startswith("on")], (answer.url, tag, attributes)
            for name in ("href", "src", "action"):
                assert not (attributes.get(name) or "").lower().strip().startswith("javascript:"), answer.url
    shown = browser("GET", f"/people/{number}").text
    assert text in html.unescape(shown)


def test_names_that_turn_the_direction_of_text_turn_nothing_beside_them(browser, site):
    who, file = "\u202eanna", "photo\u202egnp.exe"
    number = number_of(submit(browser, {"name": who}, [(file, PNG)]))
    wait_until_nothing_is_owed(site)  # the catalog follows
    removal = re.search(r"/files/\d+/remove", browser("GET", f"/people/{number}").text)[0]
    for path in (f"/people/{number}", removal, f"/catalog?author={who}"):
        text = browser("GET", path).text
        assert "<bdi>photognp.exe</bdi>" in text and file not in text, path
    for path in (f"/people/{number}/delete", f"/submitted/{number}", removal):
        assert f"<bdi>{who}</bdi>" in browser("GET", path).text, path


def script_texts(text):
    return re.findall(r"<script\b[^>]*>(.*?)</script>", text, re.S | re.I)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_script_or_style_in_it_and_the_policy_forbids_them(browser, path):
    answer = browser("GET", path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy and "base-uri" in policy and "form-action 'self'" in policy
    page = Elements(answer.text)
    assert "".join(script_texts(answer.text)).strip() == ""
    assert not page.all("style")
    assert not [attributes for _, attributes in page.found if "style" in attributes]
    for tag, name in (("script", "src"), ("link", "href"), ("img", "src")):
        for attributes in page.all(tag):
            assert attributes[name].startswith("/"), f"third party: {attributes}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_their_language_and_have_one_heading(browser, path):
    page = Elements(browser("GET", path).text)
    assert page.all("html")[0].get("lang") == "en"
    assert len(page.all("h1")) == 1
    assert page.all("main") and page.all("meta", name="viewport")


def static_addresses(browser):
    page = Elements(browser("GET", "/").text)
    return ([each["href"] for each in page.all("link") if each["href"].startswith("/static/")]
            + [each["src"] for each in page.all("script")])


def test_static_files_are_kept_for_ever_under_an_address_with_their_digest(browser):
    addresses = static_addresses(browser)
    assert any(address.endswith(".css") for address in addresses) and any(address.endswith(".js") for address in addresses)
    for address in addresses:
        answer = browser("GET", address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"] and "max-age=31536000" in answer.headers["Cache-Control"]
        assert "public" in answer.headers["Cache-Control"]
        kind = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[address.rsplit(".", 1)[1]]
        assert answer.headers["Content-Type"].split(";")[0] == kind
        if "ETag" in answer.headers:
            assert browser("GET", address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name, status", [("nothing.css", 404), ("a/nothing.css", 404), ("a/b/c", 404), ("", 404),
                                          ("..%2fsecret", 400)])
def test_there_is_nothing_else_under_static(browser, name, status):
    assert browser("GET", "/static/" + name).status_code == status


def test_pages_are_light_and_compressed(browser):
    for path, limit in [("/", 14_000), ("/people", 14_000), *((each, 10_000) for each in static_addresses(browser))]:
        answer = browser("GET", path, headers={"Accept-Encoding": "gzip"}, stream=True)
        sent = answer.raw.read(decode_content=False)
        if len(sent) < 1024 and "Content-Encoding" not in answer.headers:
            continue  # small enough to be sent as it is
        assert answer.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in answer.headers["Vary"], path
        assert len(sent) <= limit, f"{path}: {len(sent)} bytes"
        assert len(gzip.decompress(sent)) > len(sent)


@pytest.mark.parametrize("encoding", ["identity", "gzip;q=0", "br", ""])
def test_only_who_asks_for_gzip_gets_it(browser, encoding):
    answer = browser("GET", "/", headers={"Accept-Encoding": encoding})
    assert "Content-Encoding" not in answer.headers and "<html" in answer.text


def test_pictures_are_not_compressed_again(browser, api):
    file = api.create(files=[("a.png", PNG)])["files"][0]
    answer = browser("GET", f"/api/v1/files/{file['id']}/content", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers and answer.content == PNG


def test_an_error_page_says_what_to_do_and_the_request_id(browser):
    answer = browser("GET", "/people/999999999", headers={"X-Request-Id": "page-404"})
    assert answer.status_code == 404 and answer.headers["Content-Type"].startswith("text/html")
    assert "page-404" in answer.text and 'href="/people"' in answer.text


def test_pages_never_say_what_only_programmers_understand(browser):
    answers = [browser("GET", "/nothing"), browser("GET", "/people/999999999"), submit(browser, {"age": "x"}, [])]
    for answer in answers:
        words = re.sub(r"<[^>]+>", " ", answer.text)
        words = words.replace(answer.headers["X-Request-Id"], "")  # its digits may happen to be 422
        for word in ("multipart", "422", "HTTP", "exception", "null", "undefined"):
            assert word not in words, f"{answer.url}: {word}"


def test_a_program_that_asks_for_json_gets_a_problem_from_a_page_address(site):
    answer = requests.get(site.url + "/nothing", headers={"Accept": "application/json"}, timeout=10)
    assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/employee", "/people", "/catalog", "/livez"])
def test_head_is_get_without_the_body(browser, path):
    head, full = browser("HEAD", path), browser("GET", path)
    assert head.status_code == full.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Type"] == full.headers["Content-Type"]


@pytest.mark.parametrize("method, path", [("POST", "/people"), ("PUT", "/"), ("DELETE", "/people/1"), ("POST", "/catalog")])
def test_a_method_a_page_does_not_have(browser, method, path):
    answer = browser(method, path)
    assert answer.status_code == 405 and answer.headers["Allow"]
    assert answer.headers["Content-Type"].startswith("text/html")


def test_the_directory_keeps_its_query_and_leads_on(browser, api):
    name = "Dirk Directory"
    for number in range(23):
        api.call("POST", "/people", 201, json={**ANNA, "name": f"{name} {number}", "technology": "Ada 95"})
    found = browser("GET", "/people?q=directory&technology=ada+95")
    page = Elements(found.text)
    assert page.all("input", name="q")[-1]["value"] == "directory"
    assert page.all("input", name="technology")[0]["value"] == "ada 95"
    older = [each["href"] for each in page.all("a") if "cursor=" in (each.get("href") or "")]
    assert older and all("q=directory" in each and "technology=ada" in each for each in older)
    second = browser("GET", older[-1])
    assert second.status_code == 200
    numbers = {int(each) for text in (found.text, second.text) for each in re.findall(r"/people/(\d+)", text)}
    assert len(numbers) >= 23


def test_the_directory_says_what_to_do_when_nobody_matches(browser):
    answer = browser("GET", "/people?q=nobodyatallhasthisname")
    assert answer.status_code == 200 and "nobodyatallhasthisname" in answer.text and 'href="/people"' in answer.text


@pytest.mark.parametrize("typed", ["*", "---", "!?"])
def test_a_search_without_a_letter_or_digit_finds_nobody_and_says_why(browser, api, typed):
    api.create()
    answer = browser("GET", "/people?q=" + requests.utils.quote(typed))
    assert answer.status_code == 200 and not Elements(answer.text).all("table")
    assert "The search has no letter or digit." in answer.text and typed in answer.text
    blank = browser("GET", "/people?q=%20")
    assert Elements(blank.text).all("table") and "no letter or digit" not in blank.text


def test_the_directory_bears_any_query(browser):
    for query, status in (("limit=x", 200), ("age_from=x&age_to=-1", 422), ("cursor=zzz", 200), ("sort=shoe", 200),
                          ("q=%25%27%22", 200), ("q=%ff", 400), ("has_files=perhaps", 200), ("x=y", 200),
                          ("q=" + "a" * 3000, 422)):
        answer = browser("GET", "/people?" + query)
        assert answer.status_code == status, f"{query}: {answer.status_code}"
        assert "<h1" in answer.text
