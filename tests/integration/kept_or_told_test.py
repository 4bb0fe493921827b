"""What was sent is either kept or refused, never lost: whatever a form's parts and a body's length look like on the wire."""

import gzip
import subprocess

import pytest

from api_client import fields_of
from observing import wait_until_nothing_is_owed
from raw_http import RawConnection, exchange, request
from samples import ANNA, PDF, PNG

TYPE = ("Content-Type", "multipart/form-data; boundary=XyZ")


def part(headers, content=b""):
    return b"--XyZ\r\nContent-Disposition: form-data; " + headers.encode() + b"\r\n\r\n" + content + b"\r\n"


def details():
    return b"".join(part(f'name="{name}"', str(value).encode()) for name, value in ANNA.items())


REAL = part('name="file_name"; filename="real.png"', PNG)
END = b"--XyZ--\r\n"


@pytest.fixture(scope="module")
def relaxed(tmp_path_factory):
    """A server that requires no file: if it lost one, it would still answer 201."""
    import dossier_process
    server = dossier_process.Server(tmp_path_factory.mktemp("relaxed")).start(
        "--file-optional", "--worker-erase-again-after", "1s")
    yield server
    server.stop()


def post(server, path, body, *headers, type_header=TYPE):
    answers = exchange(server.address, request("POST", path, [type_header, *headers], body))
    assert len(answers) == 1, answers
    return answers[0]


def everybody(server):
    return b'"id":' in exchange(server.address, request("GET", "/api/v1/people"))[0].body


def make(server):
    answer = post(server, "/api/v1/people", details() + REAL + END)
    assert answer.status == 201, answer
    return answer.header("location").rsplit("/", 1)[1]


WITHOUT_A_NAME = {
    "a field's text": part('name="file_name"', b"notes.txt"),
    "a file's text": part('name="file_name"\r\nContent-Type: text/plain', b"Dear Anna,\n"),
    "a picture": part('name="photo"\r\nContent-Type: image/png', PNG),
    "nothing at all": part('name="file_name"'),
    "its name as the type's": part('name="photo"\r\nContent-Type: image/png; name="a.png"', PNG),
    "in another character set": part("name=\"file_name\"; filename*=windows-1252''na%efve.txt", b"x"),
    "in pieces": part('name="file_name"; filename*0="no"; filename*1="tes.txt"', b"x"),
    "in another field": part('name="attachment"; filename="a.txt"', b"x"),
    "in a field that is nearly ours": part('name="file_name[]"; filename="a.txt"', b"x"),
    "as text in a field that is nearly ours": part('name="files"', b"notes.txt"),
    "several within one": part('name="file_name"\r\nContent-Type: multipart/mixed; boundary=c',
                               b"--c\r\nContent-Disposition: file; filename=a.txt\r\n\r\nx\r\n--c--"),
}


@pytest.mark.parametrize("what", WITHOUT_A_NAME)
def test_a_file_without_a_name_is_never_passed_over(relaxed, what):
    number = make(relaxed)
    for path, fields in (("/", details()), ("/api/v1/people", details()), (f"/people/{number}/files", b""),
                         (f"/api/v1/people/{number}/files", b"")):
        for form in (fields + WITHOUT_A_NAME[what], WITHOUT_A_NAME[what] + fields, fields + WITHOUT_A_NAME[what] + REAL,
                     fields + REAL + WITHOUT_A_NAME[what]):
            answer = post(relaxed, path, form + END)
            assert answer.status == 422, f"{path}: {answer}"
    kept = exchange(relaxed.address, request("GET", f"/api/v1/people/{number}"))[0]
    assert kept.body.count(b'"sha256"') == 1, kept
    wait_until_nothing_is_owed(relaxed)
    report, code = relaxed.doctor()
    assert code == 0, report


@pytest.mark.parametrize("value, status", [("notes.txt", 422), ("", 303)])
@pytest.mark.parametrize("field", ["file_name", "photo"])
def test_a_plain_form_that_names_a_file_is_refused(relaxed, field, value, status):
    body = b"&".join(f"{name}={value}".encode() for name, value in {**ANNA, "technology": "C", field: value}.items())
    answer = post(relaxed, "/", body, type_header=("Content-Type", "application/x-www-form-urlencoded"))
    assert answer.status == status, answer


def test_curl_without_an_at_sign(relaxed, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("Dear Anna")
    fields = [text for name, value in ANNA.items() for text in ("-F", f"{name}={value}")]
    for file, status in (("file_name=notes.txt", 422), (f"file_name=<{notes}", 422), (f"file_name=@{notes}", 201),
                         (f"photo=@{notes};filename=naïve.txt", 201), (f"file_name=@{notes};filename=", 201)):
        done = subprocess.run(["curl", "-s", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code}", *fields, "-F", file,
                               relaxed.url + "/api/v1/people"], capture_output=True, text=True, timeout=30)
        assert done.stdout == str(status), f"{file}: {done}"


def test_a_field_that_nobody_knows_is_named(api):
    body = [(name, (None, str(value))) for name, value in {**ANNA, "nickname": "Ann", "e-mail": "a@b"}.items()]
    body.append(("file_name", ("a.png", PNG)))
    assert fields_of(api.problem("POST", "/people", 422, files=body)) == ["e-mail", "nickname"]
    number = api.create()["id"]
    more = [("name", (None, "Other")), ("file_name", ("a.png", PNG))]
    assert fields_of(api.problem("POST", f"/people/{number}/files", 422, files=more)) == ["name"]
    assert len(api.person(number)["files"]) == 1


@pytest.mark.parametrize("before, status", [
    (b"", 201), (b"\r\n", 201), (b"\r\n\r\n", 400), (b" ", 400), (b"\xef\xbb\xbf", 400), (b"\n", 400), (b"\0", 400), (b"-", 400),
    (b"preamble\r\n", 400), (b"\r\n ", 400), (b"--XyZ", 400)])
def test_what_stands_before_the_first_boundary(api, site, before, status):
    form = REAL + part('name="file_name"; filename="second.txt"', b"second") + details() + END
    answer = post(site, "/api/v1/people", before + form)
    assert answer.status == status, answer
    if status == 201:
        assert answer.body.count(b'"sha256"') == 2, answer


@pytest.mark.parametrize("behind, status", [(b"", 201), (b"epilogue", 201), (b"\r\n", 201), (REAL + END, 400), (b"x" * 9000, 400)])
def test_what_stands_behind_the_last_boundary(site, behind, status):
    assert post(site, "/api/v1/people", details() + REAL + END + behind).status == status


@pytest.mark.parametrize("missing", [1, 2, 3, 100])
@pytest.mark.parametrize("path", ["/", "/api/v1/people"])
def test_a_body_that_is_shorter_than_it_said_is_not_kept(new_server, path, missing):
    server = new_server(intake__lease="2s", worker__erase_again_after="200ms")
    body = details() + REAL + END
    head = request("POST", path, [TYPE, ("Content-Length", str(len(body) + missing))])
    with RawConnection(server.address) as connection:
        connection.send(head + body)
        connection.socket.shutdown(1)
        assert connection.closed_within(10)
        assert b" 201 " not in connection.pending and b" 303 " not in connection.pending
    wait_until_nothing_is_owed(server)
    assert not everybody(server)


@pytest.mark.parametrize("ending", [b"", b"0", b"0\r\n", b"5\r\nab"])
def test_chunks_without_an_end_are_not_kept(new_server, ending):
    server = new_server(intake__lease="2s", worker__erase_again_after="200ms")
    body = details() + REAL + END
    head = request("POST", "/api/v1/people", [TYPE, ("Transfer-Encoding", "chunked")])
    with RawConnection(server.address) as connection:
        connection.send(head + f"{len(body):x}\r\n".encode() + body + b"\r\n" + ending)
        connection.socket.shutdown(1)
        assert connection.closed_within(10)
        assert b" 201 " not in connection.pending
    wait_until_nothing_is_owed(server)
    assert not everybody(server)


@pytest.mark.parametrize("method, path, content_type", [
    ("POST", "/", TYPE[1]), ("POST", "/api/v1/people", TYPE[1]), ("POST", "/api/v1/people", "application/json"),
    ("POST", "/people/1/files", TYPE[1]), ("POST", "/people/1/edit", "application/x-www-form-urlencoded"),
    ("POST", "/people/1/delete", "application/x-www-form-urlencoded"), ("POST", "/employee", "application/x-www-form-urlencoded"),
    ("PATCH", "/api/v1/people/1", "application/json")])
def test_a_body_with_a_content_encoding_is_refused(site, method, path, content_type):
    body = gzip.compress(b"{}")
    for encoding in ("gzip", "deflate", "br", "zstd", "identity, gzip"):
        headers = [("Content-Type", content_type), ("Content-Encoding", encoding), ("If-Match", "*")]
        answer = exchange(site.address, request(method, path, headers, body))[0]
        assert answer.status == 415 and answer.header("accept-encoding") == "identity", answer
    headers = [("Content-Type", content_type), ("Content-Encoding", "identity"), ("Content-Encoding", "gzip")]
    assert exchange(site.address, request(method, path, headers, body))[0].status == 400


def test_a_body_that_says_it_is_not_encoded_is_taken(api):
    api.call("POST", "/people", 201, json=ANNA, headers={"Content-Encoding": "identity"})


@pytest.mark.parametrize("range_header, status", [("bytes=0-", 416), ("bytes=0-0", 416), ("bytes=-0", 416), ("bytes=5-9", 416),
                                                  ("bytes=-5", 200), ("bytes=-1", 200), ("bytes=0-0,-1", 200)])
def test_ranges_of_an_empty_file(api, range_header, status):
    file = api.create(files=[("empty.txt", b"")])["files"][0]
    answer = api.call("GET", f"/files/{file['id']}/content", status, headers={"Range": range_header})
    if status == 416:
        assert answer.headers["Content-Range"] == "bytes */0"
    else:
        assert answer.content == b"" and "Content-Range" not in answer.headers


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n", b"\r\n", b"\r\n\r\n", b"\xef\xbb\xbf\r\n", b" \t\n"])
def test_a_pdf_is_one_behind_what_some_writers_put_before_it(api, before):
    file = api.create(files=[("a.pdf", before + PDF)])["files"][0]
    assert file["media_type"] == "application/pdf"
    assert api.content(file) == before + PDF


@pytest.mark.parametrize("tag", ["1", 'W/"1"', "'1'", '"1', "ETag", '"1" "2"'])
def test_an_if_match_that_is_no_etag_says_what_one_looks_like(api, tag):
    made = api.create()
    for path in (f"/people/{made['id']}", f"/files/{made['files'][0]['id']}"):
        problem = api.problem("DELETE", path, 412, headers={"If-Match": tag})
        assert 'If-Match: "' in problem["detail"], problem
    assert "quotes" in problem["detail"] or "weak" in problem["detail"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("path, there", [("/people/", "/people"), ("/people/?q=a%20b", "/people?q=a%20b"), ("/api/v1/people/", "/api/v1/people"),
                                         ("/employee/", "/employee"), ("/catalog//", "/catalog"), ("/people/7/edit/", "/people/7/edit")])
def test_a_slash_at_the_end_leads_to_the_address_without(site, method, path, there):
    with RawConnection(site.address) as connection:
        connection.send(request(method, path))
        answer = connection.read_answer(head_only=True)
        assert answer.status == 308 and answer.header("location") == there, answer


def test_a_form_that_is_sent_to_an_address_with_a_slash_arrives(site):
    fields = [text for name, value in ANNA.items() for text in ("-F", f"{name}={value}")]
    done = subprocess.run(["curl", "-s", "--noproxy", "*", "-L", "-o", "/dev/null", "-w", "%{http_code}", *fields, "-F", "file_name=@/etc/hostname",
                           site.url + "/api/v1/people/"], capture_output=True, text=True, timeout=30)
    assert done.stdout == "201", done


def test_utf_8_in_an_address(api, site):
    made = api.create({"name": "Åsa Ørnulf李"})
    for query in ("q=Åsa", "q=%C3%85sa+Ørnulf李", "location=Oslo&q=ørnulf李"):
        answer = exchange(site.address, b"GET /api/v1/people?" + query.encode() + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")[0]
        assert answer.status == 200 and f'"id":{made["id"]},'.encode() in answer.body, answer
    for target, status in (("/ö".encode(), 404), (b"/\xff", 400), (b"/people?q=\xe9", 400), (b"/people?q=\xc3", 400)):
        answer = exchange(site.address, b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")[0]
        assert answer.status == status, f"{target}: {answer}"


def test_the_whole_record_that_was_read_may_be_sent_back(api):
    made = api.create()
    changed = api.call("PATCH", f"/people/{made['id']}", 200, json={**made, "location": "Bergen"}, headers={"If-Match": '"1"'}).json()
    assert changed == {**made, "location": "Bergen", "version": 2, "updated_at": changed["updated_at"]}
    for member, value in (("id", made["id"] + 1), ("version", 7), ("files", []), ("created_at", "2020-01-01T00:00:00Z"),
                          ("files", [{**made["files"][0], "name": "other.png"}])):
        problem = api.problem("PATCH", f"/people/{made['id']}", 422, json={**changed, member: value, "age": 1}, headers={"If-Match": '"2"'})
        assert fields_of(problem) == [member]
    assert api.person(made["id"]) == changed


@pytest.mark.parametrize("q", ["x" * 201, "李" * 201, "x" * 7000, "a " * 32 + "a", "a b " * 1500])
def test_a_search_beyond_the_limit_says_so(api, site, q):
    assert fields_of(api.problem("GET", "/people", 422, params={"q": q})) == ["q"]
    answer = api.session.get(site.url + "/people", params={"q": q}, timeout=30)
    assert answer.status_code == 422 and 'href="#q"' in answer.text


def test_a_search_at_the_limit_is_one(api):
    for q in ("x" * 200, "李" * 200, "a " * 32):
        api.call("GET", "/people", 200, params={"q": q})
