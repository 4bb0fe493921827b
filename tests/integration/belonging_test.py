"""Files and a catalog beside records that they do not belong to; and data that goes away under a running server."""

import pathlib
import shutil
import sqlite3

import pytest
import requests

from api_client import ApiClient
from dossier_process import Server, run_command
from observing import wait_until, wait_until_nothing_is_owed
from samples import ANNA, PNG, form, random_bytes

QUICK = {"worker__first_retry": "100ms", "worker__longest_retry": "300ms", "worker__longest_sleep": "200ms", "intake__lease": "2s",
         "worker__erase_again_after": "200ms"}


def objects_of(folder):
    return {path.name for path in pathlib.Path(folder).rglob("*") if path.is_file() and len(path.name) == 32}


@pytest.fixture
def filled(new_server, new_api):
    """A server that was stopped, with some people and 30 files."""
    server = new_server(**QUICK)
    api = new_api(server)
    for number in range(10):
        api.create(files=[(f"{number}-{part}.bin", random_bytes(100, seed=number)) for part in range(3)])
    wait_until_nothing_is_owed(server)
    server.stop()
    return server


@pytest.fixture
def other(new_server, new_api):
    server = new_server(**QUICK)
    new_api(server).create()
    wait_until_nothing_is_owed(server)
    server.stop()
    return server


def as_before_there_were_marks(server):
    (server.data / "objects" / "dossier-records").unlink()
    with sqlite3.connect(server.data / "catalog.db") as catalog:
        catalog.execute("DELETE FROM records_identity")
    catalog.close()


ERASING = [["gc"], ["doctor", "--repair"], ["catalog", "rebuild"]]


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("command", ERASING)
def test_nothing_is_erased_beside_other_records(filled, other, command, marked):
    if not marked:
        as_before_there_were_marks(filled)
    before = objects_of(filled.data / "objects")
    done = run_command(*command, data=other.data, settings={"objects": f"folder:{filled.data}/objects"})
    assert done.returncode == 2 and "dossier adopt" in done.stderr, done.stdout + done.stderr
    assert objects_of(filled.data / "objects") == before
    done = run_command(*command, data=other.data, settings={"catalog": f"sqlite:{filled.data}/catalog.db"})
    assert done.returncode == 2 and "dossier adopt" in done.stderr, done.stdout + done.stderr
    report, code = filled.doctor()
    assert code == 0 and report["objects"] == report["items"] == 30, report


def test_a_server_does_not_start_beside_other_records(filled, other):
    for store in ({"objects": f"folder:{filled.data}/objects"}, {"catalog": f"sqlite:{filled.data}/catalog.db"}):
        with pytest.raises(AssertionError, match="dossier adopt"):
            other.start(settings=store)
    report, code = filled.doctor()
    assert code == 0 and report["objects"] == 30


def test_looking_beside_other_records_compares_nothing(filled, other):
    done = run_command("doctor", data=other.data, settings={"objects": f"folder:{filled.data}/objects"})
    assert done.returncode == 2 and "other records" in done.stderr, done.stdout + done.stderr
    done = run_command("gc", "--dry-run", data=other.data, settings={"objects": f"folder:{filled.data}/objects"})
    assert done.returncode == 2 and "other records" in done.stderr


def test_stores_from_before_get_their_mark_at_the_next_start(filled, new_api):
    as_before_there_were_marks(filled)
    filled.start(**{**QUICK})
    assert (filled.data / "objects" / "dossier-records").read_text().strip()
    assert len(new_api(filled).call("GET", "/people", 200).json()["items"]) == 10
    filled.stop()
    report, code = filled.doctor()
    assert code == 0 and report["strangers"] == [], report


def test_whoever_knows_gives_a_store_to_other_records_and_says_so_before_much_is_erased(filled, other):
    settings = {"objects": f"folder:{filled.data}/objects"}
    done = run_command("adopt", data=other.data, settings=settings)
    assert done.returncode == 0, done.stderr
    done = run_command("gc", data=other.data, settings=settings)
    assert done.returncode == 2 and "No record names 30 of the 30 objects" in done.stderr and "--erase-unknown" in done.stderr, done.stderr
    assert len(objects_of(filled.data / "objects")) == 30
    done = run_command("doctor", "--repair", data=other.data, settings=settings)
    assert done.returncode == 2 and "--erase-unknown" in done.stderr
    assert len(objects_of(filled.data / "objects")) == 30
    done = run_command("gc", "--erase-unknown", data=other.data, settings=settings)
    assert done.returncode == 0, done.stderr
    assert objects_of(filled.data / "objects") == set()
    with pytest.raises(AssertionError, match="dossier adopt"):
        filled.start()


def test_an_empty_folder_in_place_of_the_files_is_no_place_to_start(filled):
    shutil.move(filled.data / "objects", filled.data / "elsewhere")
    (filled.data / "objects").mkdir(mode=0o700)
    with pytest.raises(AssertionError, match="nothing that these records know"):
        filled.start()


# --- Under a running server


def submit(server, files=True):
    body, content_type = form(ANNA, [("a.png", PNG)] if files else [])
    return requests.post(server.url + "/api/v1/people", data=body, headers={"Content-Type": content_type}, timeout=20)


def removed(data):
    shutil.rmtree(data)


def renamed(data):
    data.rename(data.with_name("elsewhere"))


def copied_back(data):
    data.rename(data.with_name("elsewhere"))
    shutil.copytree(data.with_name("elsewhere"), data)


def emptied(data):
    data.rename(data.with_name("elsewhere"))
    data.mkdir(mode=0o700)


def database_removed(data):
    (data / "records.db").unlink()


def database_copied_back(data):
    shutil.copy(data / "records.db", data / "copy")
    (data / "copy").rename(data / "records.db")


def log_removed(data):
    (data / "records.db-wal").unlink()


def index_removed(data):
    (data / "records.db-shm").unlink()


@pytest.mark.parametrize("happening", [removed, renamed, copied_back, emptied, database_removed, database_copied_back, log_removed,
                                       index_removed])
def test_what_goes_away_under_a_server_is_noticed_before_the_next_yes(new_server, new_api, happening):
    server = new_server("--file-optional", **QUICK)
    kept = new_api(server).create()
    happening(server.data)
    for files in (True, False, False):
        answer = submit(server, files)
        assert answer.status_code == 503, (answer.status_code, answer.text)
    path = f"{server.url}/api/v1/people/{kept['id']}"
    assert requests.delete(path, headers={"If-Match": "*"}, timeout=20).status_code == 503
    assert requests.patch(path, json={"name": "Changed"}, headers={"If-Match": "*"}, timeout=20).status_code == 503
    assert requests.delete(f"{server.url}/api/v1/files/{kept['files'][0]['id']}", headers={"If-Match": "*"}, timeout=20).status_code == 503
    health = requests.get(server.url + "/healthz", timeout=10)
    assert health.status_code == 503
    said = {store["store"]: store for store in health.json()["stores"]}
    assert not said["records"]["healthy"] and "removed or replaced" in health.text, health.text
    assert str(server.data) not in health.text
    told = [line for line in server.log_lines() if line["event"].startswith("a file of the database was removed") and
            "records.db" in line["file"]]
    assert len(told) == 1, told
    server.kill()


def test_a_folder_that_comes_back_is_written_again(new_server, new_api):
    server = new_server(**QUICK)
    api = new_api(server)
    kept = api.create()
    wait_until_nothing_is_owed(server)
    server.data.rename(server.data.with_name("elsewhere"))
    assert submit(server).status_code == 503
    server.data.with_name("elsewhere").rename(server.data)
    assert submit(server).status_code == 201
    wait_until_nothing_is_owed(server)
    assert api.person(kept["id"]) == kept
    server.stop()
    report, code = server.doctor("--read-bytes")
    assert code == 0, report


def test_a_removed_log_loses_nothing_that_was_acknowledged(new_server, new_api):
    server = new_server(**QUICK)
    people = [new_api(server).create() for _ in range(5)]
    wait_until_nothing_is_owed(server)
    (server.data / "records.db-wal").unlink()
    assert submit(server).status_code == 503
    server.kill()
    server.start(**QUICK)
    assert [new_api(server).person(each["id"])["id"] for each in people] == [each["id"] for each in people]
    assert submit(server).status_code == 201


def test_the_catalogs_database_and_the_files_are_watched_too(new_server, new_api):
    server = new_server(**QUICK)
    kept = new_api(server).create()
    wait_until_nothing_is_owed(server)
    (server.data / "objects").rename(server.data / "elsewhere")
    (server.data / "objects").mkdir()
    assert submit(server).status_code == 503
    assert requests.delete(f"{server.url}/api/v1/people/{kept['id']}", headers={"If-Match": "*"}, timeout=20).status_code == 204
    wait_until(lambda: "task failed" in server.log_text(), "erasing is refused in another folder")
    (server.data / "objects").rmdir()
    (server.data / "elsewhere").rename(server.data / "objects")
    wait_until_nothing_is_owed(server)
    assert objects_of(server.data / "objects") == set()
    (server.data / "catalog.db").unlink()
    health = requests.get(server.url + "/healthz", timeout=10).json()
    assert [store["store"] for store in health["stores"] if not store["healthy"]] == ["catalog"]
    server.kill()


def test_folders_of_files_that_somebody_tidied_up_are_made_again(new_server, new_api):
    server = new_server(**QUICK)
    api = new_api(server)
    many = [(f"{number}.bin", b"%d" % number) for number in range(20)]
    for _ in range(40):  # so many files that nearly all of the 256 folders are made
        person = api.create(files=many)
        api.call("DELETE", f"/people/{person['id']}", 204, headers={"If-Match": "*"})
    wait_until_nothing_is_owed(server)
    for folder in (server.data / "objects").iterdir():
        if folder.is_dir():
            folder.rmdir()
    for _ in range(10):
        api.create(files=many)
