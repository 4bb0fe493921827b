"""GET /api/v1/catalog?author=: files by author, as the metadata catalog has them."""

import uuid

from api_client import fields_of
from observing import wait_until
from samples import PNG, sha256


def unique(name):
    return f"{name} {uuid.uuid4().hex[:10]}"


def items_of(api, author, **query):
    return api.call("GET", "/catalog", 200, params={"author": author, **query}).json()


def wait_for_items(api, author, count):
    """Waits for the items: index tasks run after the answer."""
    return wait_until(lambda: len(page["items"]) == count and page if (page := items_of(api, author)) else None,
                      f"{count} items of {author}")["items"]


def test_a_submission_is_indexed_under_its_author(api):
    author = unique("Zoë Indexed")
    made = api.create({"name": author}, files=[("photo.png", PNG), ("b.bin", b"bb")])
    items = wait_for_items(api, author, 2)
    assert {item["name"] for item in items} == {"photo.png", "b.bin"}
    assert {item["author"] for item in items} == {author}
    assert {item["person_id"] for item in items} == {made["id"]}
    assert {item["file_id"] for item in items} == {file["id"] for file in made["files"]}
    photo = next(item for item in items if item["name"] == "photo.png")
    assert (photo["sha256"], photo["size"], photo["media_type"]) == (sha256(PNG), len(PNG), "image/png")


def test_the_catalog_follows_a_rename(api):
    before, after = unique("Before"), unique("After")
    made = api.create({"name": before}, files=[("a.png", PNG), ("b.png", PNG)])
    wait_for_items(api, before, 2)
    api.call("PATCH", f"/people/{made['id']}", 200, json={"name": after}, headers={"If-Match": '"1"'})
    wait_for_items(api, after, 2)
    wait_for_items(api, before, 0)


def test_the_catalog_follows_deletes(api):
    author = unique("Deleted")
    made = api.create({"name": author}, files=[("a.png", PNG), ("b.png", PNG)])
    wait_for_items(api, author, 2)
    api.call("DELETE", f"/files/{made['files'][0]['id']}", 204, headers={"If-Match": "*"})
    assert wait_for_items(api, author, 1)[0]["file_id"] == made["files"][1]["id"]
    api.call("DELETE", f"/people/{made['id']}", 204, headers={"If-Match": "*"})
    wait_for_items(api, author, 0)


def test_only_this_author_however_it_is_spelled(api):
    author = unique("Exact")
    api.create({"name": author})
    wait_for_items(api, author, 1)
    assert len(items_of(api, author.upper())["items"]) == 1
    assert items_of(api, author[:-1])["items"] == []
    assert items_of(api, author + "%")["items"] == []


def test_pages_of_an_author_hold_each_file_once(api):
    author = unique("Prolific")
    made = api.create({"name": author}, files=[(f"{number}.bin", bytes([number])) for number in range(11)])
    wait_for_items(api, author, 11)
    seen, cursor = [], None
    while True:
        page = items_of(api, author, limit=4, **({"cursor": cursor} if cursor else {}))
        seen += [item["file_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(file["id"] for file in made["files"])


def test_needs_an_author(api):
    assert fields_of(api.problem("GET", "/catalog", 422)) == ["author"]
    assert fields_of(api.problem("GET", "/catalog?author=", 422)) == ["author"]
    assert fields_of(api.problem("GET", "/catalog?author=%ff%fe", 422)) == ["author"]
    assert fields_of(api.problem("GET", "/catalog?author=x&limit=0", 422)) == ["limit"]
