"""/api/v1/files/{id} and its content: ranges, conditions, names, and what is shown or only downloaded."""

import datetime
import email.utils
import urllib.parse

import pytest

from samples import HTML, PDF, PNG, SVG, form, ANNA, random_bytes, sha256

SIZE = 300_000
CONTENT = random_bytes(SIZE, seed=7)


@pytest.fixture
def stored(api):
    """A file of 300,000 bytes, and the path of its content."""
    file = api.create(files=[("data.bin", CONTENT)])["files"][0]
    return file, f"/files/{file['id']}/content"


def test_a_file_can_be_read_by_its_id(api):
    made = api.create()
    file = made["files"][0]
    assert api.call("GET", f"/files/{file['id']}", 200).json() == {**file, "person_id": made["id"]}


def test_content_comes_whole_with_its_digest_as_etag(api, stored):
    file, path = stored
    answer = api.call("GET", path, 200)
    assert answer.content == CONTENT
    assert answer.headers["ETag"] == f'"{sha256(CONTENT)}"' == f'"{file["sha256"]}"'
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_head_says_the_same_without_the_bytes(api, stored):
    _, path = stored
    full = api.call("GET", path, 200)
    head = api.call("HEAD", path, 200)
    assert head.content == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Content-Disposition", "Accept-Ranges",
                 "Content-Security-Policy", "Cache-Control"):
        assert head.headers.get(name) == full.headers.get(name), name


@pytest.mark.parametrize("ranges, first, last", [
    ("bytes=0-0", 0, 0), ("bytes=0-99", 0, 99), ("bytes=100-", 100, SIZE - 1), ("bytes=-1", SIZE - 1, SIZE - 1),
    ("bytes=-1000", SIZE - 1000, SIZE - 1), ("bytes=299999-", SIZE - 1, SIZE - 1), ("bytes=5-999999999", 5, SIZE - 1),
    ("bytes=-999999999", 0, SIZE - 1), ("bytes=65535-65536", 65535, 65536),
])
def test_one_range_comes_as_it_was_asked(api, stored, ranges, first, last):
    _, path = stored
    answer = api.call("GET", path, 206, headers={"Range": ranges})
    assert answer.content == CONTENT[first:last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("ranges", ["bytes=300000-", "bytes=300000-300001", "bytes=-0", "bytes=9999999999999-"])
def test_a_range_beyond_the_end_is_416(api, stored, ranges):
    _, path = stored
    answer = api.call("GET", path, 416, headers={"Range": ranges})
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize("ranges", ["bytes=", "bytes=a-b", "bytes=5-3", "lines=0-1", "bytes", "bytes=0-1,5-6",
                                    "bytes=--1", "bytes=99999999999999999999-"])
def test_what_is_no_range_or_many_is_answered_whole(api, stored, ranges):
    _, path = stored
    assert api.call("GET", path, 200, headers={"Range": ranges}).content == CONTENT


def test_if_none_match_saves_the_bytes(api, stored):
    file, path = stored
    etag = f'"{file["sha256"]}"'
    for value in (etag, "*", f'"x", {etag}', f"W/{etag}"):
        answer = api.call("GET", path, 304, headers={"If-None-Match": value})
        assert answer.headers["ETag"] == etag
    assert api.call("GET", path, 200, headers={"If-None-Match": '"other"'}).content == CONTENT
    api.call("HEAD", path, 304, headers={"If-None-Match": etag})


def test_if_range_gives_the_part_only_of_the_same_content(api, stored):
    file, path = stored
    part = api.call("GET", path, 206, headers={"Range": "bytes=0-9", "If-Range": f'"{file["sha256"]}"'})
    assert part.content == CONTENT[:10]
    for value in ('"other"', f'W/"{file["sha256"]}"', "Thu, 01 Jan 1970 00:00:00 GMT"):
        assert api.call("GET", path, 200, headers={"Range": "bytes=0-9", "If-Range": value}).content == CONTENT


def test_if_match_guards_a_download(api, stored):
    file, path = stored
    api.call("GET", path, 200, headers={"If-Match": f'"{file["sha256"]}"'})
    api.call("GET", path, 412, headers={"If-Match": '"other"'})


def test_if_modified_since(api, stored):
    file, path = stored
    modified = api.call("GET", path, 200).headers["Last-Modified"]
    since = email.utils.parsedate_to_datetime(modified)
    created = datetime.datetime.fromisoformat(file["created_at"])
    assert since == created.replace(microsecond=0)
    before = email.utils.format_datetime(since - datetime.timedelta(seconds=1), usegmt=True)
    assert api.call("GET", path, 304, headers={"If-Modified-Since": modified}).content == b""
    assert api.call("GET", path, 200, headers={"If-Modified-Since": before}).content == CONTENT
    other = {"If-Modified-Since": modified, "If-None-Match": '"other"'}
    assert api.call("GET", path, 200, headers=other).content == CONTENT  # the ETag alone decides


def test_a_download_can_be_put_together_from_ranges(api, stored):
    _, path = stored
    parts = [api.call("GET", path, 206, headers={"Range": f"bytes={start}-{min(start + 77_777, SIZE) - 1}"}).content
             for start in range(0, SIZE, 77_777)]
    assert b"".join(parts) == CONTENT


def test_a_picture_is_shown_and_with_download_saved(api):
    file = api.create()["files"][0]
    path = f"/files/{file['id']}/content"
    assert api.call("GET", path, 200).headers["Content-Disposition"].startswith("inline")
    assert api.call("GET", path + "?download", 200).headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["plain.bin", "two words.bin", "Zoë 李小龙 👩.bin", "semi;colon=\"x\".bin",
                                  "per%cent%0d%0aX-Evil: 1.bin", "apo'strophe.bin"])
def test_the_name_of_a_download_survives_any_characters(api, name):
    sent = urllib.parse.quote(name, safe="")
    body, content_type = form(ANNA, [("PLACEHOLDER", b"\x00\x01")])
    body = body.replace(b'filename="PLACEHOLDER"', b"filename*=UTF-8''" + sent.encode())
    file = api.call("POST", "/people", 201, data=body, headers={"Content-Type": content_type}).json()["files"][0]
    assert file["name"] == name
    value = api.call("GET", f"/files/{file['id']}/content", 200).headers["Content-Disposition"]
    assert value.startswith("attachment")
    assert value.isascii() and "\r" not in value and "\n" not in value
    if "filename*=" in value:
        extended = value.split("filename*=")[1].split(";")[0]
        assert extended.upper().startswith("UTF-8''")
        assert urllib.parse.unquote(extended[7:]) == name
    else:
        assert name == "plain.bin" and 'filename="plain.bin"' in value


def test_a_download_is_named_without_what_turns_its_direction(api):
    file = api.create(files=[("photo\u202egnp.exe", b"MZ\x90\0")])["files"][0]
    assert file["name"] == "photo\u202egnp.exe"
    assert api.call("GET", f"/files/{file['id']}/content", 200).headers["Content-Disposition"] == \
        "attachment; filename=\"photognp.exe\"; filename*=UTF-8''photognp.exe"


@pytest.mark.parametrize("name, content, media_type", [
    ("a.png", PNG, "image/png"), ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 20, "image/jpeg"),
    ("a.gif", b"GIF89a" + b"\0" * 20, "image/gif"), ("a.pdf", PDF, "application/pdf"), ("a.txt", b"hello\n", "text/plain"),
    ("a.webp", b"RIFF\x20\0\0\0WEBPVP8 " + b"\0" * 20, "image/webp"),
    ("png.html", PNG, "image/png"),
])
def test_safe_types_are_known_by_their_signature(api, name, content, media_type):
    file = api.create(files=[(name, content)])["files"][0]
    assert file["media_type"] == media_type
    answer = api.call("GET", f"/files/{file['id']}/content", 200)
    assert answer.headers["Content-Type"].split(";")[0] == media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("content", [HTML, SVG, b"\n\t " + HTML, b"\xef\xbb\xbf" + SVG, b"<?xml version='1.0'?>" + SVG,
                                     b"GIF" + HTML, b"MZ\x90\0", b"\x7fELF\x02\x01", b"text " + HTML, b"<b>bold</b>"])
@pytest.mark.parametrize("declared", ["image/png", "text/html", "image/svg+xml"])
def test_html_and_svg_that_pose_as_pictures_are_downloaded_and_never_shown(api, site, content, declared):
    files = [*((name, (None, str(value))) for name, value in ANNA.items()), ("file_name", ("me.png", content, declared))]
    file = api.call("POST", "/people", 201, files=files).json()["files"][0]
    assert file["media_type"] == "application/octet-stream"
    answer = api.call("GET", f"/files/{file['id']}/content", 200)
    assert answer.content == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_content_is_not_for_shared_caches(api, stored):
    _, path = stored
    control = api.call("GET", path, 200).headers["Cache-Control"]
    assert "private" in control or "no-store" in control


def test_a_file_that_is_not_there(api):
    for path in ("/files/999999999", "/files/999999999/content"):
        api.problem("GET", path, 404)
    api.problem("DELETE", "/files/999999999", 404, headers={"If-Match": "*"})


def test_five_megabytes_in_and_out(api):
    big = random_bytes(5_000_000, seed=3)
    made = api.create(files=[("big.bin", big)])
    assert api.content(made["files"][0]) == big
    assert made["files"][0]["sha256"] == sha256(big)
