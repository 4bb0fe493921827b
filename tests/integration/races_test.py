"""Several clients on the same record at the same time."""

import concurrent.futures
import random

import pytest

from observing import wait_until_nothing_is_owed
from raw_http import RawConnection, request
from samples import PNG, random_bytes, sha256


def at_once(count, work):
    """work(number) in as many threads; the answers in order."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return [each.result(60) for each in [pool.submit(work, number) for number in range(count)]]


@pytest.fixture
def crowd(new_server, new_api):
    """A server of its own with eight clients."""
    server = new_server(worker__erase_again_after="100ms", worker__longest_sleep="200ms", intake__lease="2s")
    return server, [new_api(server) for _ in range(8)]


def send(api, method, path, **more):
    answer = api.session.request(method, api.url + "/api/v1" + path, timeout=30, **more)
    api.contract.check(method, answer)
    return answer


def test_of_eight_edits_of_one_version_one_wins(crowd):
    _, clients = crowd
    person = clients[0].create()
    for version in range(1, 6):
        # An edit to the value that is there already changes nothing, so each must differ from the last winner's.
        answers = at_once(8, lambda number: send(clients[number], "PATCH", f"/people/{person['id']}",
                                                 json={"age": 10 * version + number}, headers={"If-Match": f'"{version}"'}))
        assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
        winner = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
        now = clients[0].person(person["id"])
        assert (now["age"], now["version"]) == (10 * version + winner, version + 1)


def test_edits_that_go_ahead_whatever_it_is_now_all_count(crowd):
    _, clients = crowd
    person = clients[0].create()
    answers = at_once(8, lambda number: send(clients[number], "PATCH", f"/people/{person['id']}", json={"age": 100 + number},
                                             headers={"If-Match": "*"}))
    done = [answer for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 409} and done
    assert clients[0].person(person["id"])["version"] == 1 + len(done)


def test_files_that_are_added_at_the_same_time_are_all_kept(crowd):
    server, clients = crowd
    person = clients[0].create()
    contents = [random_bytes(50_000, seed=number) for number in range(8)]
    answers = at_once(8, lambda number: send(clients[number], "POST", f"/people/{person['id']}/files",
                                             files=[("file_name", (f"{number}.bin", contents[number]))]))
    assert [answer.status_code for answer in answers] == [201] * 8
    now = clients[0].person(person["id"])
    assert now["version"] == 9
    assert {file["sha256"] for file in now["files"]} == {sha256(PNG), *map(sha256, contents)}


def test_one_delete_of_eight_finds_somebody(crowd):
    server, clients = crowd
    person = clients[0].create()
    answers = at_once(8, lambda number: send(clients[number], "DELETE", f"/people/{person['id']}", headers={"If-Match": "*"}))
    assert sorted(answer.status_code for answer in answers) == [204] + [404] * 7


def test_files_for_somebody_who_is_being_deleted_leave_nothing(crowd):
    """Whichever comes first, nothing is left of the person or the files."""
    server, clients = crowd

    def work(number):
        if number == 0:
            return send(clients[0], "DELETE", f"/people/{person['id']}", headers={"If-Match": "*"})
        return send(clients[number], "POST", f"/people/{person['id']}/files",
                    files=[("file_name", ("late.bin", random_bytes(random.randrange(200_000))))])

    for _ in range(10):
        person = clients[0].create()
        answers = at_once(5, work)
        assert answers[0].status_code == 204
        assert {answer.status_code for answer in answers[1:]} <= {201, 404}, [answer.text for answer in answers]
        assert send(clients[0], "GET", f"/people/{person['id']}").status_code == 404
    wait_until_nothing_is_owed(server)
    report, code = server.doctor()
    assert code == 0 and report["objects"] == report["items"] == 0, report


def test_a_download_of_a_file_that_is_deleted_meanwhile_is_whole_or_breaks_off(crowd):
    server, clients = crowd
    content = random_bytes(8_000_000, seed=6)
    file = clients[0].create(files=[("big.bin", content)])["files"][0]
    with RawConnection(server.address, receive_buffer=65536) as reader:
        reader.send(request("GET", f"/api/v1/files/{file['id']}/content"))
        reader.pending = reader.socket.recv(1000)
        clients[0].call("DELETE", f"/files/{file['id']}", 204, headers={"If-Match": "*"})
        wait_until_nothing_is_owed(server)
        try:
            assert reader.read_answer().body == content
        except EOFError:
            pass  # the answer ended early, which the client sees: it never gets wrong bytes
    assert server.doctor()[0]["objects"] == 0


def test_everything_at_once_on_a_few_people_stays_in_step(crowd):
    server, clients = crowd
    people = [clients[0].create({"name": f"Shared {number}"}) for number in range(4)]

    def work(number):
        pick = random.Random(number)
        statuses = set()
        for _ in range(40):
            path = f"/people/{pick.choice(people)['id']}"
            what = pick.randrange(5)
            if what == 0:
                answer = send(clients[number], "PATCH", path, json={"name": f"Name {number}"}, headers={"If-Match": "*"})
            elif what == 1:
                answer = send(clients[number], "POST", path + "/files", files=[("file_name", ("x.bin", pick.randbytes(999)))])
            elif what == 2:
                answer = send(clients[number], "GET", path)
                files = answer.json()["files"] if answer.status_code == 200 else []
                if files:
                    answer = send(clients[number], "DELETE", f"/files/{pick.choice(files)['id']}", headers={"If-Match": "*"})
            elif what == 3:
                answer = send(clients[number], "GET", "/people?q=name")
            else:
                answer = send(clients[number], "GET", path)
            statuses.add(answer.status_code)
        return statuses

    statuses = set().union(*at_once(8, work))
    assert statuses <= {200, 201, 204, 404, 409}, statuses
    now = [clients[0].person(person["id"]) for person in people]
    wait_until_nothing_is_owed(server)
    report, code = server.doctor("--read-bytes")
    assert code == 0, report
    assert report["objects"] == report["items"] == sum(len(person["files"]) for person in now)
    for person in now:
        items = clients[0].call("GET", "/catalog", 200, params={"author": person["name"], "limit": 100}).json()["items"]
        assert {file["id"] for file in person["files"]} <= {item["file_id"] for item in items}
