"""A disk that fills up, by our own uploads or by others: deleting and cleaning up go on, a start works, /healthz says so."""

import os
import subprocess

import pytest
import requests

import dossier_process
from api_client import ApiClient
from observing import metric, wait_until, wait_until_nothing_is_owed
from samples import ANNA, form, random_bytes

QUICK = {"intake__lease": "2s", "worker__first_retry": "50ms", "worker__longest_retry": "300ms", "worker__longest_sleep": "200ms",
         "worker__erase_again_after": "200ms"}
SIZE = 64 << 20


def mount(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"NOT TESTED: a full disk. This needs root, to mount a small file system: {done.stderr.strip()}")


@pytest.fixture(params=["tmpfs", "ext4"])
def disk(request, tmp_path):
    """A file system of 64 MB of our own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "tmpfs":
        mount("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "dossier-test", str(folder))
    else:
        image = tmp_path / "image"
        with open(image, "wb") as file:
            file.truncate(SIZE)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True, capture_output=True)
        mount("mount", "-o", "loop", str(image), str(folder))
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def server(disk):
    one = dossier_process.Server(disk.parent / "server")
    one.data = disk / "data"
    one.start("--file-optional", **QUICK)
    yield one
    one.kill()


def fill(disk):
    """Takes all the room that is left, as other programs may."""
    with open(disk / "ballast", "ab", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                pass


def submit(server, size, seed=0):
    body, content_type = form({**ANNA, "name": f"Person {seed}"}, [("a.bin", random_bytes(size, seed))])
    return requests.post(server.url + "/api/v1/people", data=body, headers={"Content-Type": content_type}, timeout=30)


def fill_by_uploads(server):
    """People with files, until there is no more room."""
    people = []
    for size in (100_000, 5_000):
        while (answer := submit(server, size, len(people))).status_code == 201:
            people.append(answer.json()["id"])
        assert answer.status_code == 507, answer.text
    return people


def delete(server, person):
    return requests.delete(f"{server.url}/api/v1/people/{person}", headers={"If-Match": "*"}, timeout=30).status_code


def test_after_our_own_uploads_filled_it_everything_can_be_deleted(server, disk):
    people = fill_by_uploads(server)
    assert len(people) > 200
    health = requests.get(server.url + "/healthz", timeout=10)
    assert health.status_code == 503 and "nearly full" in health.text, health.text
    assert submit(server, 100_000).status_code == 507
    assert [delete(server, person) for person in people] == [204] * len(people)
    wait_until_nothing_is_owed(server, limit=60)
    wait_until(lambda: requests.get(server.url + "/healthz", timeout=10).status_code == 200, "healthy again")
    assert submit(server, 100_000).status_code == 201
    wait_until(lambda: (server.data / "reserve").stat().st_size == pytest.approx(SIZE / 16, rel=0.2), "the reserve is whole")
    server.stop()
    report, code = server.doctor("--read-bytes")
    assert code == 0 and report["files"] == 1, report


def test_when_others_took_the_last_byte_deleting_and_cleaning_up_go_on(server, disk):
    people = [submit(server, 20_000, number).json()["id"] for number in range(300)]
    wait_until_nothing_is_owed(server)
    fill(disk)
    assert submit(server, 10).status_code == 507
    edit = requests.patch(f"{server.url}/api/v1/people/{people[0]}", json={"name": "Changed"}, headers={"If-Match": "*"}, timeout=30)
    assert edit.status_code == 507, edit.text
    assert [delete(server, person) for person in people[:-1]] == [204] * (len(people) - 1)
    wait_until_nothing_is_owed(server, limit=60)
    done = server.command("gc")
    assert done.returncode == 0, done.stdout + done.stderr
    assert requests.get(f"{server.url}/api/v1/people/{people[-1]}", timeout=10).status_code == 200
    os.remove(disk / "ballast")
    wait_until(lambda: submit(server, 100_000).status_code == 201, "uploads are taken again")
    wait_until_nothing_is_owed(server)
    server.stop()
    report, code = server.doctor("--read-bytes")
    assert code == 0 and report["files"] == 2, report


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_start_on_a_full_disk_works_and_says_so(server, disk, end):
    people = [submit(server, 20_000, number).json()["id"] for number in range(50)]
    wait_until_nothing_is_owed(server)
    getattr(server, end)()
    fill(disk)
    done = server.command("gc")
    assert done.returncode == 0, done.stdout + done.stderr
    fill(disk)
    server.start("--file-optional", **QUICK)
    wait_until(lambda: "nearly full" in server.log_text(), "the log says so")
    assert requests.get(server.url + "/healthz", timeout=10).status_code == 503
    assert submit(server, 10).status_code == 507
    assert [delete(server, person) for person in people] == [204] * len(people)
    wait_until_nothing_is_owed(server, limit=60)
    assert metric(server, "dossier_tasks_failing") == 0
