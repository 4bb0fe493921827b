"""A client written for the origin: the same paths and field names, with curl."""

import re
import subprocess

import pytest

from samples import PNG


@pytest.fixture
def curl(site, tmp_path):
    """curl ARGS PATH against the server: (status, headers as text, body)."""
    (tmp_path / "photo.png").write_bytes(PNG)
    (tmp_path / "notes.txt").write_text("notes\n")

    def run(path, *args):
        done = subprocess.run(["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "30", "-D", "head",
                               "-o", "body", "-w", "%{http_code}", *args, site.url + path],
                              cwd=tmp_path, capture_output=True, text=True, timeout=40)
        assert done.returncode == 0, done.stderr
        return int(done.stdout), (tmp_path / "head").read_text(), (tmp_path / "body").read_bytes()

    return run


DETAILS = ["-F", "name=Anna Berg", "-F", "location=Oslo", "-F", "age=41", "-F", "technology=C++"]


def submit(curl, *more):
    status, head, _ = curl("/", *DETAILS, *more)
    assert status == 303, head
    return re.search(r"(?im)^location: (\S*?/?submitted/(\d+))\s*$", head)


def test_submits_and_is_led_to_the_success_page(curl):
    place = submit(curl, "-F", "file_name=@photo.png")
    status, _, body = curl(place.group(1))
    assert status == 200
    text = body.decode()
    assert place.group(2) in text and f"/people/{place.group(2)}" in text


def test_following_the_redirect_works_without_any_thought(curl):
    status, _, body = curl("/", "-L", *DETAILS, "-F", "file_name=@photo.png")
    assert status == 200 and b"Stored as no." in body


def test_looks_an_employee_up_by_number(curl):
    number = submit(curl, "-F", "file_name=@photo.png").group(2)
    for form in (["-d", f"employee_id={number}"], ["-F", f"employee_id={number}"]):
        status, _, body = curl("/employee", *form)
        text = body.decode()
        assert status == 200
        for shown in ("Anna Berg", "Oslo", "41", "C++", "photo.png"):
            assert shown in text, shown
        assert re.search(r'<img[^>]+src="/api/v1/files/\d+/content', text), "the photo is shown"


def test_says_that_there_is_no_such_employee(curl):
    status, _, body = curl("/employee", "-d", "employee_id=999999999")
    assert status == 404 and b"999999999" in body and b"<form" in body


@pytest.mark.parametrize("nonsense", ["abc", "", "-1", "0", "1.5", "1 OR 1=1", "<b>"])
def test_says_what_an_id_looks_like(curl, nonsense):
    status, _, body = curl("/employee", "--data-urlencode", f"employee_id={nonsense}")
    assert status == 422 and b"whole number" in body
    assert b"<b>" not in body


def test_two_files_under_the_same_field_name(curl, api):
    number = submit(curl, "-F", "file_name=@photo.png", "-F", "file_name=@notes.txt").group(2)
    assert [file["name"] for file in api.person(number)["files"]] == ["photo.png", "notes.txt"]


def test_two_with_the_same_file_name_do_not_overwrite_each_other(curl, api, tmp_path):
    first = submit(curl, "-F", "file_name=@photo.png").group(2)
    (tmp_path / "photo.png").write_bytes(b"another photo")
    second = submit(curl, "-F", "file_name=@photo.png").group(2)
    assert api.content(api.person(first)["files"][0]) == PNG
    assert api.content(api.person(second)["files"][0]) == b"another photo"


def test_a_file_is_required(curl):
    status, _, body = curl("/", *DETAILS)
    assert status == 422 and b"Error:" in body


def test_a_large_upload_that_waits_for_100_continue(curl, api, tmp_path):
    (tmp_path / "large.bin").write_bytes(b"x" * 3_000_000)
    number = submit(curl, "-H", "Expect: 100-continue", "-F", "file_name=@large.bin").group(2)
    assert api.person(number)["files"][0]["size"] == 3_000_000


def test_a_chunked_upload(curl, api):
    number = submit(curl, "-H", "Transfer-Encoding: chunked", "-F", "file_name=@photo.png").group(2)
    assert api.content(api.person(number)["files"][0]) == PNG


def test_the_form_and_the_look_up_are_pages(curl):
    for path, field in (("/", 'name="file_name"'), ("/employee", 'name="employee_id"')):
        status, _, body = curl(path)
        assert status == 200 and field in body.decode()
