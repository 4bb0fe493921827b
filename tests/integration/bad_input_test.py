"""Limits and malformed bodies: refused early, by name, and nothing kept."""

import socket

import pytest
import requests

from api_client import fields_of
from observing import wait_until_nothing_is_owed
from raw_http import RawConnection, exchange, request
from samples import ANNA, PNG, form, form_part, random_bytes


@pytest.fixture
def small(new_server):
    """A server with small limits."""
    return new_server(intake__file_size="100KiB", intake__files=3, intake__lease="2s", worker__erase_again_after="200ms")


def assert_nothing_kept(server):
    wait_until_nothing_is_owed(server)
    report, code = server.doctor()
    assert code == 0, report
    assert report["objects"] == 0 and report["files"] == 0, report


def post_head(length, content_type, path="/api/v1/people", *more):
    return ("\r\n".join([f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {content_type}",
                         f"Content-Length: {length}", *more]) + "\r\n\r\n").encode()


@pytest.mark.parametrize("path", ["/", "/api/v1/people"])
def test_a_body_that_is_too_large_is_refused_before_it_is_sent(small, path):
    with RawConnection(small.address) as connection:
        connection.send(post_head(10 * 1024**3, "multipart/form-data; boundary=x", path))
        answer = connection.read_answer()  # not a byte of the body was sent
        assert answer.status == 413, answer
        assert connection.closed_within(10) or answer.header("connection") == "close"
    assert_nothing_kept(small)


def test_a_client_that_asks_first_is_not_told_to_go_on(small):
    with RawConnection(small.address) as connection:
        connection.send(post_head(10 * 1024**3, "multipart/form-data; boundary=x", "/", "Expect: 100-continue"))
        assert connection.read_answer().status == 413


def test_a_client_that_asks_first_is_told_to_go_on_when_all_is_well(small):
    body, content_type = form(ANNA, [("a.png", PNG)])
    with RawConnection(small.address) as connection:
        connection.send(post_head(len(body), content_type, "/api/v1/people", "Expect: 100-continue"))
        assert connection.read_answer().status == 100
        connection.send(body)
        assert connection.read_answer().status == 201


def test_a_file_over_the_limit(small, new_api):
    api = new_api(small)
    api.create(files=[("fits.bin", b"x" * 100 * 1024)])
    api.create(files=[("large.bin", b"x" * (100 * 1024 + 1))], expect=413)
    api.create(files=[("a.bin", b"a"), ("large.bin", b"x" * 200 * 1024), ("b.bin", b"b")], expect=413)
    assert len(api.call("GET", "/people", 200).json()["items"]) == 1
    wait_until_nothing_is_owed(small)
    assert small.doctor()[0]["objects"] == 1


def test_a_file_over_the_limit_in_chunks_of_unknown_total(small, new_api):
    api = new_api(small)
    body, content_type = form(ANNA, [("large.bin", b"x" * 200 * 1024)])
    pieces = (body[start:start + 9000] for start in range(0, len(body), 9000))
    answer = api.session.post(api.url + "/api/v1/people", data=pieces, headers={"Content-Type": content_type}, timeout=20)
    assert answer.status_code == 413
    assert_nothing_kept(small)


def test_too_many_files(small, new_api):
    api = new_api(small)
    api.create(files=[(f"{number}.bin", b"x") for number in range(3)])
    problem = api.create(files=[(f"{number}.bin", b"x") for number in range(4)], expect=413)
    assert fields_of(problem) == ["file_name"]
    wait_until_nothing_is_owed(small)
    assert small.doctor()[0]["objects"] == 3


def test_fields_of_more_than_64_kib(small, new_api):
    api = new_api(small)
    api.create({"name": "x" * 70_000}, expect=413)
    together = [(name, (None, "y" * 20_000)) for name in ANNA]
    api.call("POST", "/people", 413, files=[*together, ("file_name", ("a.png", PNG))])
    assert_nothing_kept(small)


def test_a_refused_upload_on_a_page_keeps_what_was_typed(small):
    body, content_type = form({**ANNA, "name": "Typed Before"}, [("large.bin", b"x" * 300 * 1024)])
    answer = requests.post(small.url + "/", data=body, timeout=20,
                           headers={"Content-Type": content_type, "Accept": "text/html"})
    assert answer.status_code == 413 and "Typed Before" in answer.text


GOOD = form_part("name", "Anna Berg"), form_part("file_name", PNG, "a.png")


def mixed(*parts, boundary=b"edge"):
    return b"".join(b"--" + boundary + b"\r\n" + part for part in parts) + b"--" + boundary + b"--\r\n"


TOO_LARGE = {"a header that never ends", "a thousand parts"}
MALFORMED = {
    "no end": (mixed(*GOOD)[:-10], "multipart/form-data; boundary=edge"),
    "cut within a file": (mixed(*GOOD)[:-40], "multipart/form-data; boundary=edge"),
    "no boundary in the type": (mixed(*GOOD), "multipart/form-data"),
    "an empty boundary": (mixed(*GOOD), "multipart/form-data; boundary="),
    "a boundary too long": (mixed(*GOOD, boundary=b"e" * 71), "multipart/form-data; boundary=" + "e" * 71),
    "another boundary": (mixed(*GOOD), "multipart/form-data; boundary=other"),
    "no parts at all": (b"", "multipart/form-data; boundary=edge"),
    "garbage": (random_bytes(5000, seed=2), "multipart/form-data; boundary=edge"),
    "a part without disposition": (mixed(b"Content-Type: text/plain\r\n\r\nx\r\n"), "multipart/form-data; boundary=edge"),
    "a part without a name": (mixed(b"Content-Disposition: form-data\r\n\r\nx\r\n"), "multipart/form-data; boundary=edge"),
    "a disposition of another kind": (mixed(b'Content-Disposition: attachment; name="a"\r\n\r\nx\r\n'),
                                      "multipart/form-data; boundary=edge"),
    "an unclosed quote": (mixed(b'Content-Disposition: form-data; name="a\r\n\r\nx\r\n'),
                          "multipart/form-data; boundary=edge"),
    "a header that never ends": (b"--edge\r\nContent-Disposition: form-data; name=\"" + b"a" * 100_000,
                                 "multipart/form-data; boundary=edge"),
    "bare line feeds": (mixed(*GOOD).replace(b"\r\n", b"\n"), "multipart/form-data; boundary=edge"),
    "a thousand parts": (mixed(*[form_part(f"f{number}", "x") for number in range(1000)]),
                         "multipart/form-data; boundary=edge"),
    "a NUL in a header": (mixed(b'Content-Disposition: form-data; name="a\0b"\r\n\r\nx\r\n'),
                          "multipart/form-data; boundary=edge"),
}


@pytest.mark.parametrize("what", MALFORMED)
@pytest.mark.parametrize("path", ["/", "/api/v1/people"])
def test_a_malformed_form_is_refused_and_nothing_kept(site, api, what, path):
    body, content_type = MALFORMED[what]
    before = api.call("GET", "/people?limit=1", 200).json()["items"]
    answers = exchange(site.address, request("POST", path, [("Content-Type", content_type)], body)
                       if body else post_head(0, content_type, path, "Connection: close"))
    assert [answer.status for answer in answers] == [413 if what in TOO_LARGE else 400], (what, answers)
    assert api.call("GET", "/people?limit=1", 200).json()["items"] == before


def test_multipart_within_a_field_is_its_text(api):
    inner = b"--i--"
    part = b'Content-Disposition: form-data; name="name"\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n' + inner + b"\r\n"
    details = [form_part(name, str(value)) for name, value in ANNA.items() if name != "name"]
    made = api.call("POST", "/people", 201, data=mixed(part, *details, form_part("file_name", PNG, "a.png")),
                    headers={"Content-Type": "multipart/form-data; boundary=edge"}).json()
    assert made["name"] == inner.decode()


@pytest.mark.parametrize("step", [1, 2, 7, 61])
def test_a_form_may_arrive_in_any_pieces(site, step):
    body, content_type = form(ANNA, [("tricky.bin", b"\r\n--b\r\n-\r\n--" + PNG[:40] + b"\r\n--")], boundary="bound")
    with RawConnection(site.address) as connection:
        connection.send(post_head(len(body), content_type))
        for start in range(0, len(body), step):
            connection.send(body[start:start + step])
        assert connection.read_answer().status == 201


def test_contents_that_look_like_boundaries_survive(api):
    for content in (b"x--edge", b"\r\n--edg", b"\r\n--edgE--\r\n", b"\r\n-", b"\r", b"-" + b"--edge--" * 1000, b"\n--edge", b"\r\r\n--edg\r\n"):
        body = mixed(*[form_part(name, str(value)) for name, value in ANNA.items()],
                     form_part("file_name", content, "a.bin"))
        made = api.call("POST", "/people", 201, data=body,
                        headers={"Content-Type": "multipart/form-data; boundary=edge"}).json()
        assert api.content(made["files"][0]) == content


def test_a_key_that_comes_after_the_files_is_refused(api):
    """If it were ignored, a second try would make a second record."""
    details = [form_part(name, str(value)) for name, value in ANNA.items()]
    body = mixed(*details, form_part("file_name", PNG, "a.png"), form_part("idempotency_key", "late-key-1"))
    problem = api.problem("POST", "/people", 422, data=body, headers={"Content-Type": "multipart/form-data; boundary=edge"})
    assert fields_of(problem) == ["idempotency_key"]


def test_a_client_that_breaks_off_leaves_nothing(small):
    body, content_type = form(ANNA, [("a.bin", b"x" * 90_000)])
    for cut in (50, 2_000, 60_000, len(body) - 3):
        with RawConnection(small.address) as connection:
            connection.send(post_head(len(body), content_type) + body[:cut])
            connection.socket.shutdown(socket.SHUT_WR)
            connection.closed_within(10)
    assert_nothing_kept(small)


@pytest.mark.parametrize("path", ["/", "/people/{}/files", "/employee"])
def test_for_a_client_that_broke_off_no_error_page_is_made(small, new_api, path):
    number = new_api(small).create()["id"]
    body, content_type = form(ANNA, [("a.bin", b"x" * 90_000)])
    with RawConnection(small.address) as connection:
        connection.send(post_head(len(body), content_type, path.format(number)) + body[:2_000])
        connection.socket.shutdown(socket.SHUT_WR)
        answer = connection.read_answer()
    assert (answer.status, answer.body) == (400, b"")
