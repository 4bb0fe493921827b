"""A full disk: 507, nothing half there, reads go on, and it recovers by itself."""

import os
import pathlib
import subprocess

import pytest

import dossier_process
from api_client import ApiClient
from observing import wait_until, wait_until_nothing_is_owed
from samples import ANNA, PNG, form, random_bytes


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 8 MB of our own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "dossier-test", str(disk)], capture_output=True,
                             text=True)
    if mounted.returncode != 0:
        pytest.skip(f"NOT TESTED: a full disk. This needs root, to mount a small file system: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def cramped(tiny_disk):
    server = dossier_process.Server(tiny_disk.parent / "server")
    server.data = tiny_disk / "data"
    server.start(intake__lease="2s", worker__first_retry="50ms", worker__longest_retry="300ms", worker__longest_sleep="200ms",
                 worker__erase_again_after="200ms")
    yield server
    server.stop()


def fill(disk):
    """Takes all the room that is left."""
    ballast = disk / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    return ballast


def objects_of(server):
    folder = server.data / "objects"
    return {str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*") if path.is_file() and path.name != "dossier-records"}


def test_a_full_disk_is_507_and_reads_go_on(cramped, tiny_disk):
    with ApiClient(cramped.url) as api:
        kept = api.create(files=[("kept.bin", random_bytes(100_000, seed=1))])
        wait_until_nothing_is_owed(cramped)
        before = objects_of(cramped)

        problem = api.create(files=[("large.bin", random_bytes(12_000_000, seed=2))], expect=507)
        assert problem["detail"]
        assert api.content(kept["files"][0]) == random_bytes(100_000, seed=1)

        ballast = fill(tiny_disk)
        for _ in range(3):
            body, content_type = form(ANNA, [("a.bin", random_bytes(50_000))])
            answer = api.session.post(cramped.url + "/api/v1/people", data=body, headers={"Content-Type": content_type},
                                      timeout=20)
            assert answer.status_code == 507, answer.text
            api.contract.check("POST", answer)
        assert api.person(kept["id"]) == kept
        assert api.content(kept["files"][0]) == random_bytes(100_000, seed=1)
        assert len(api.call("GET", "/people", 200).json()["items"]) == 1
        assert api.session.get(cramped.url + "/livez", timeout=5).status_code == 200

        os.remove(ballast)
        made = wait_until(lambda: try_to_create(api), "submitting works again")
        wait_until_nothing_is_owed(cramped)
        report, code = cramped.doctor("--read-bytes")
        assert code == 0, report
        assert report["files"] == report["objects"] == 2
        assert len(objects_of(cramped) - before) == 1
        assert api.person(made["id"]) == made


def try_to_create(api):
    body, content_type = form(ANNA, [("a.png", PNG)])
    answer = api.session.post(api.url + "/api/v1/people", data=body, headers={"Content-Type": content_type}, timeout=20)
    return answer.json() if answer.status_code == 201 else None


def test_a_full_disk_on_the_page_says_so_and_keeps_what_was_typed(cramped, tiny_disk):
    with ApiClient(cramped.url) as api:
        ballast = fill(tiny_disk)
        body, content_type = form({**ANNA, "name": "Typed Before"}, [("a.bin", random_bytes(50_000))])
        answer = api.session.post(cramped.url + "/", data=body, timeout=20,
                                  headers={"Content-Type": content_type, "Accept": "text/html"})
        assert answer.status_code == 507 and "Typed Before" in answer.text
        os.remove(ballast)


def test_edits_and_deletes_on_a_full_disk_do_not_lie(cramped, tiny_disk):
    with ApiClient(cramped.url) as api:
        kept = api.create()
        wait_until_nothing_is_owed(cramped)
        ballast = fill(tiny_disk)
        path = f"{cramped.url}/api/v1/people/{kept['id']}"
        edit = api.session.patch(path, json={"name": "Changed"}, headers={"If-Match": "*"}, timeout=20)
        assert edit.status_code in (200, 507), edit.text
        now = api.person(kept["id"])
        assert now["name"] == ("Changed" if edit.status_code == 200 else ANNA["name"])
        gone = api.session.delete(path, headers={"If-Match": "*"}, timeout=20)
        assert gone.status_code in (204, 507), gone.text
        assert api.session.get(path, timeout=5).status_code == (404 if gone.status_code == 204 else 200)
        os.remove(ballast)
