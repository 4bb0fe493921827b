"""doctor, gc, catalog rebuild and migrate; stopping and starting; a newer schema."""

import json
import os
import pathlib
import sqlite3
import uuid

import pytest

import dossier_process
from observing import metric, wait_until, wait_until_nothing_is_owed
from raw_http import RawConnection, request
from samples import PNG, form, random_bytes


@pytest.fixture
def filled(new_server, new_api):
    """A server with two people and three files, nothing owed."""
    server = new_server(worker__erase_again_after="100ms", worker__longest_sleep="200ms")
    api = new_api(server)
    people = [api.create({"name": "First Person"}, files=[("a.png", PNG), ("b.bin", random_bytes(5000, seed=1))]),
              api.create({"name": "Second Person"}, files=[("c.bin", random_bytes(70_000, seed=2))])]
    wait_until_nothing_is_owed(server)
    return server, api, people


def objects_of(server):
    return [path for path in pathlib.Path(server.data, "objects").rglob("*") if path.is_file() and path.name != "dossier-records"]


def object_of(server, file):
    """The path of a file's object, found by its content's length."""
    found = [path for path in objects_of(server) if path.stat().st_size == file["size"]]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("running", [True, False])
def test_doctor_says_that_all_is_in_step(filled, running):
    server, _, _ = filled
    if not running:
        server.stop()
    report, code = server.doctor("--read-bytes")
    assert code == 0 and report["in_step"] is True and report["findings"] == []
    assert (report["files"], report["objects"], report["items"]) == (3, 3, 3)
    text = server.command("doctor")
    assert text.returncode == 0 and "in step" in text.stdout


@pytest.mark.parametrize("running", [True, False])
def test_doctor_names_an_object_that_was_deleted_by_hand(filled, running):
    server, api, people = filled
    victim = object_of(server, people[1]["files"][0])
    victim.unlink()
    if not running:
        server.stop()
    report, code = server.doctor()
    assert code == 1 and report["total_findings"] == 1
    finding = report["findings"][0]
    assert finding["kind"] == "missing_object" and finding["key"] == victim.name
    assert finding["file"] == people[1]["files"][0]["id"] and finding["person"] == people[1]["id"]
    text = server.command("doctor")
    assert text.returncode == 1 and victim.name in text.stdout
    assert server.doctor("--repair")[1] == 1, "what is lost is not mended, and it says so"
    if running:
        assert api.person(people[0]["id"]) == people[0]


def test_bytes_that_are_lost_are_an_error_told_to_both_sides(filled):
    server, api, people = filled
    lost = people[1]["files"][0]
    victim = object_of(server, lost)
    victim.unlink()
    address = f"{api.url}/api/v1/files/{lost['id']}/content"
    answer = api.session.get(address, timeout=10)
    assert answer.status_code == 500 and answer.headers["Content-Type"] == "application/problem+json"
    assert "bytes are missing" in answer.json()["detail"] and "dossier doctor" in answer.json()["detail"]
    assert metric(server, "dossier_store_call_failures_total", store="objects", operation="open") == 1
    errors = wait_until(lambda: [line for line in server.log_lines() if line["level"] == "error"], "an error is logged")
    assert len(errors) == 1 and errors[0]["event"] == "file's bytes are missing"
    assert errors[0]["file"] == lost["id"] and errors[0]["object"] == victim.name
    assert "c.bin" not in server.log_text() and "Second Person" not in server.log_text()

    api.call("DELETE", f"/files/{lost['id']}", 204, headers={"If-Match": "*"})
    assert api.session.get(address, timeout=10).status_code == 404
    assert len([line for line in server.log_lines() if line["level"] == "error"]) == 1


def test_a_client_that_goes_away_is_no_failure_of_a_store(filled):
    server, _, _ = filled
    body, content_type = form({"name": "Gone"}, [("a.bin", random_bytes(900_000))])
    with RawConnection(server.address) as connection:
        connection.send(request("POST", "/api/v1/people", [("Content-Type", content_type),
                                                           ("Content-Length", str(len(body)))], close=False))
        connection.send(body[:700_000])
        wait_until(lambda: metric(server, "dossier_tasks_owed", kind="reap") == 1, "the upload goes on")
    calls = "dossier_store_call_duration_seconds_count"
    wait_until(lambda: metric(server, calls, store="objects", operation="put") == 4, "the upload is given up")
    assert metric(server, "dossier_store_call_failures_total") == 0


@pytest.mark.parametrize("command", [["doctor"], ["doctor", "--repair"], ["gc"], ["serve", "--listen", "127.0.0.1:0"]])
def test_a_files_folder_that_is_away_is_not_made_again(filled, command):
    server, api, people = filled
    server.stop()
    objects, elsewhere = server.data / "objects", server.data / "elsewhere"
    objects.rename(elsewhere)
    done = server.command(*command, timeout=20)
    assert done.returncode not in (0, None) and str(objects) in done.stderr and "mkdir" in done.stderr, done.stderr
    assert not objects.exists()
    elsewhere.rename(objects)
    assert server.doctor()[1] == 0


def test_doctor_names_what_is_not_ours_and_leaves_it_alone(filled):
    server, _, _ = filled
    stranger = server.data / "objects" / "lost+found"
    stranger.mkdir()
    report, code = server.doctor("--repair")
    assert code == 0 and report["strangers"] == ["lost+found"]
    assert "Not ours, left alone: objects/lost+found\n" in server.command("doctor").stdout
    assert stranger.exists()


def test_doctor_says_that_what_was_erased_waits_for_its_second_time(new_server):
    server = new_server(intake__lease="1s", worker__erase_again_after="10m", worker__longest_sleep="100ms")
    body, content_type = form({"name": "Gone"}, [("a.bin", random_bytes(900_000))])
    with RawConnection(server.address) as connection:
        connection.send(request("POST", "/api/v1/people", [("Content-Type", content_type),
                                                           ("Content-Length", str(len(body)))], close=False))
        connection.send(body[:700_000])
        wait_until(lambda: metric(server, "dossier_tasks_owed", kind="reap") == 1, "the upload goes on")
    wait_until(lambda: metric(server, "dossier_tasks_owed", kind="erase") == 1, "the upload is given up")
    done = server.command("doctor")
    assert done.returncode == 0 and "In progress: 1 upload or deletion. " in done.stdout
    assert "grace period" in done.stdout


def test_doctor_sees_damage_only_when_it_reads_the_bytes(filled):
    server, _, people = filled
    victim = object_of(server, people[1]["files"][0])
    content = bytearray(victim.read_bytes())
    content[1000] ^= 1
    os.chmod(victim, 0o600)
    victim.write_bytes(content)
    assert server.doctor()[1] == 0
    report, code = server.doctor("--read-bytes")
    assert code == 1 and [each["kind"] for each in report["findings"]] == ["damaged_object"]


def test_doctor_sees_an_object_that_was_cut(filled):
    server, _, people = filled
    victim = object_of(server, people[1]["files"][0])
    os.chmod(victim, 0o600)
    os.truncate(victim, 100)
    report, code = server.doctor()
    assert code == 1 and [each["kind"] for each in report["findings"]] == ["wrong_size"]


@pytest.mark.parametrize("running", [True, False])
def test_doctor_mends_an_object_that_nobody_knows(filled, running):
    server, _, _ = filled
    key = uuid.uuid4().hex
    orphan = server.data / "objects" / key[:2] / key
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"nobody knows me")
    if not running:
        server.stop()
    report, code = server.doctor()
    assert code == 1 and [(each["kind"], each["key"]) for each in report["findings"]] == [("orphan_object", key)]
    assert orphan.exists(), "without --repair nothing is touched"
    refused = server.command("doctor", "--repair")
    assert refused.returncode == 2 and "No record names 1 of the 4 objects" in refused.stderr and orphan.exists()
    report, _ = server.doctor("--repair", "--erase-unknown")
    assert report["repaired"] == 1
    if not running:
        server.command("gc")
    wait_until(lambda: not orphan.exists(), "the orphan is erased")
    wait_until(lambda: server.doctor()[1] == 0, "in step again")
    assert len(objects_of(server)) == 3


def test_gc_dry_run_touches_nothing(filled):
    server, _, _ = filled
    server.stop()
    key = uuid.uuid4().hex
    orphan = server.data / "objects" / key[:2] / key
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"nobody knows me")
    said = server.command("gc", "--dry-run")
    assert said.returncode in (0, 1), said.stderr
    assert key in said.stdout or "1" in said.stdout
    assert orphan.exists() and len(objects_of(server)) == 4
    assert server.command("gc").returncode == 2 and orphan.exists(), "one of four is more than a tenth"
    done = server.command("gc", "--erase-unknown")
    assert done.returncode == 0, done.stderr
    wait_until(lambda: server.command("gc").returncode == 0 and not orphan.exists(), "the orphan is erased")
    assert server.doctor()[1] == 0


def test_gc_says_when_there_is_nothing_to_do(filled):
    server, _, _ = filled
    server.stop()
    for args in (["gc", "--dry-run"], ["gc"]):
        done = server.command(*args)
        assert done.returncode == 0, done.stdout + done.stderr
    assert len(objects_of(server)) == 3


def test_the_catalog_can_be_made_again(filled, new_api):
    server, api, people = filled
    before = api.call("GET", "/catalog", 200, params={"author": "First Person"}).json()
    assert len(before["items"]) == 2
    server.stop()
    removed = [path.unlink() for path in server.data.glob("catalog.db*")]
    assert removed
    report, code = server.doctor()
    assert code == 1 and {each["kind"] for each in report["findings"]} == {"missing_item"}
    done = server.command("catalog", "rebuild")
    assert done.returncode == 0, done.stdout + done.stderr
    server.start()
    api = new_api(server)
    wait_until(lambda: api.call("GET", "/catalog", 200, params={"author": "First Person"}).json() == before,
               "the catalog is what it was")
    wait_until_nothing_is_owed(server)
    assert server.doctor()[1] == 0


def test_a_lost_catalog_does_not_hide_people(filled, new_api):
    server, _, people = filled
    server.stop()
    for path in server.data.glob("catalog.db*"):
        path.unlink()
    server.start()
    api = new_api(server)
    assert api.person(people[0]["id"]) == people[0]
    assert api.content(people[0]["files"][0]) == PNG


def test_start_stop_start_keeps_everything(filled, new_api):
    server, _, people = filled
    for _ in range(3):
        server.stop()
        server.start()
        api = new_api(server)
        assert [api.person(each["id"]) for each in people] == people
        assert api.content(people[1]["files"][0]) == random_bytes(70_000, seed=2)
    assert server.doctor("--read-bytes")[1] == 0


@pytest.mark.parametrize("database", ["records.db", "catalog.db"])
def test_a_newer_schema_is_refused(filled, database):
    server, _, _ = filled
    server.stop()
    path = server.data / database
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO schema_migration (number, name, digest, applied_at) VALUES (9999, '9999_later.sql', ?, 0)",
                           ("0" * 64,))
    connection.close()
    done = server.command("serve", "--listen", "127.0.0.1:0", timeout=20)
    assert done.returncode != 0 and "newer" in done.stderr, done.stderr
    assert server.command("doctor").returncode not in (0, 1), "doctor does not touch it either"


def test_a_changed_migration_is_refused(filled):
    server, _, _ = filled
    server.stop()
    with sqlite3.connect(server.data / "records.db") as connection:
        connection.execute("UPDATE schema_migration SET digest = ?", ("0" * 64,))
    connection.close()
    done = server.command("serve", "--listen", "127.0.0.1:0", timeout=20)
    assert done.returncode != 0 and "igration" in done.stderr, done.stderr


def test_migrate_can_be_asked_first(tmp_path, new_server):
    server = new_server(start=False)
    asked = server.command("migrate", "--dry-run")
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert not (server.data / "records.db").exists()
    done = server.command("migrate")
    assert done.returncode == 0 and (server.data / "records.db").exists(), done.stderr
    assert server.command("migrate").returncode == 0
    server.start()


def test_doctor_without_data_explains(tmp_path):
    done = dossier_process.run_command("doctor", data=tmp_path / "nothing-here")
    assert done.returncode not in (0, 1) and "nothing-here" in done.stderr, done.stdout + done.stderr
    assert not (tmp_path / "nothing-here").exists()


def test_data_is_for_its_owner_alone(filled):
    server, _, _ = filled
    assert server.data.stat().st_mode & 0o077 == 0, oct(server.data.stat().st_mode)


def test_what_is_made_in_a_folder_for_everybody_is_for_its_owner_alone(new_server, new_api):
    server = new_server(start=False)
    server.data.mkdir(parents=True)
    server.data.chmod(0o755)
    server.start()
    new_api(server).create(files=[("a.png", PNG)])
    wait_until_nothing_is_owed(server)
    made = list(server.data.rglob("*"))
    assert {"records.db", "records.db-wal", "catalog.db", "lock", "objects"} <= {path.name for path in made}
    modes = {str(path.relative_to(server.data)): path.stat().st_mode & 0o777 for path in made}
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


def test_the_names_of_files_are_never_names_on_disk(filled):
    server, _, _ = filled
    names = {path.name for path in server.data.rglob("*")}
    assert not names & {"a.png", "b.bin", "c.bin"}
    assert all(len(path.name) == 32 for path in objects_of(server))


def test_a_report_is_json_to_the_last_byte(filled):
    server, _, _ = filled
    done = server.command("doctor", "--json")
    assert json.loads(done.stdout)["in_step"] is True
