"""Coming from the origin: what comes over, what is listed, and that a second run, or a kill, changes nothing."""

import contextlib
import json
import os
import pathlib
import pty
import sqlite3
import subprocess
import time

import pytest

from dossier_process import environment, find_binary, is_sanitized
from observing import wait_until, wait_until_nothing_is_owed
from origin import Origin
from proxy import Proxy
from samples import PDF, PNG, random_bytes

EMBEDDED = {"records": "sqlite", "objects": "folder", "catalog": "sqlite"}
TARGETS = pytest.mark.parametrize("mix", [{}, EMBEDDED], ids=["cloud", "embedded"])
LARGE = random_bytes(9 << 20)  # more than a part


@pytest.fixture
def origin(services):
    return Origin(*services)


class Target:
    """The deployment that the import fills."""

    def __init__(self, deployment, origin, mix):
        self.deployment, self.mix = deployment, mix
        self.data = deployment.folder / "node1" / "data"  # where the first node has it
        self.settings = {**deployment.settings(**mix), **origin.settings(), "data": str(self.data)}

    def run(self, *args):
        return subprocess.run([find_binary(), "import", "origin", *args], env=environment(self.settings), cwd=self.deployment.folder,
                              capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)

    def report(self, *args, code):
        done = self.run("--json", *args)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def doctor(self):
        done = self.deployment.command("doctor", "--json", "--read-bytes", data=self.data, **self.mix)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def node(self):
        return self.deployment.node(**self.mix)

    def ask(self, sql):
        if not self.mix:
            return self.deployment.sql(sql)
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/records.db?mode=ro", uri=True)) as database:
            return [[str(value) for value in row] for row in database.execute(sql)]

    def came_over(self):
        try:
            return int(self.ask("SELECT (SELECT COUNT(*) FROM person) + (SELECT COUNT(*) FROM file WHERE state = 1)")[0][0])
        except (RuntimeError, sqlite3.Error):
            return 0  # the tables are not made yet, or are being made

    def content(self):
        return [self.ask("SELECT id, name, location, age, technology, version FROM person ORDER BY id"),
                self.ask("SELECT id, person_id, object_key, name, size, media_type FROM file ORDER BY id")]


@pytest.fixture
def target(deployment, origin, mix):
    return Target(deployment, origin, mix)


def fill(origin):
    origin.add_people([
        (0, "Nobody", "Oslo", "20", "C"),
        (1, "Anna Berg", "Oslo", "41", "C++"),
        (3, "  Zoë 👩‍🚀 李小龙 ", "Köln", " 41 ", "F#"),
        (4, "Age In Words", "Oslo", "forty", "C++"),
        (5, "Too Old", "Oslo", "200", "C++"),
        (6, "Twin", "Oslo", "20", "C++"),
        (7, "Twin", "Bergen", "21", "Go"),
        (8, "", "Oslo", "30", "C++"),
        (9, "x" * 201, "Oslo", "30", "C++"),
        (10, "No Age", "Oslo", None, "C++"),
        (11, "Robert'); DROP TABLE users;--", "\"><script>", "0", "100%_\\"),
        (4000, "Last One", "Oslo", "150", "Rust")])
    origin.add_file("file-id-1", PNG, "Anna Berg")
    origin.add_file("file-id-2", LARGE, "Anna Berg")
    origin.add_file("file-id-3", PDF, "Zoë 👩‍🚀 李小龙")
    origin.add_file("file-id-4", b"", "Last One")
    origin.add_file("file-id-5", PNG, "Somebody Unknown")
    origin.add_file("file-id-6", PNG, "Twin")
    origin.add_file("file-id-7", PNG, "Age In Words")
    origin.add_file("file-id-8", PNG, None)
    origin.add_object("file-id-9", PNG)
    origin.add_item("file-id-10", "Anna Berg")
    origin.add_object("logs/access.log", b"not a file of a person's")


def check_report(report, imported):
    done = (0, 1) if not imported else (1, 0)
    assert report["people"] == {"seen": 12, "imported": 6 * done[0], "already": 6 * done[1], "deleted": 0}, report
    assert report["files"] == {"seen": 9, "imported": 4 * done[0], "already": 4 * done[1]}, report
    assert {(row["id"], row["why"], *(wrong["field"] for wrong in row["problems"])) for row in report["left_people"]} == {
        ("0", "wrong_details", "id"), ("4", "wrong_details", "age"), ("5", "wrong_details", "age"), ("8", "wrong_details", "name"),
        ("9", "wrong_details", "name"), ("10", "wrong_details", "age")}
    assert [row["problems"][0]["given"] for row in report["left_people"] if row["id"] == "4"] == ["forty"]
    assert [(row["key"], row["why"], row["people"]) for row in report["left_files"]] == [
        ("file-id-5", "unknown_author", []), ("file-id-6", "several_people", ["6", "7"]),
        ("file-id-7", "person_left_out", ["4"]), ("file-id-8", "no_item", []), ("file-id-9", "no_item", [])]
    assert report["left_items"] == [{"filename": "file-id-10", "author": "Anna Berg"}]
    assert report["other_objects"] == 1 and not report["complete"]


@TARGETS
def test_the_origin_comes_over_once(deployment, origin, target, new_api):
    fill(origin)
    before = origin.state()

    dry = target.report(code=1)
    check_report(dry, imported=True)
    assert not dry["applied"] and dry["bytes"] == len(PNG) + len(LARGE) + len(PDF)
    assert target.came_over() == 0 and deployment.objects() == {} and deployment.items() == {}
    if target.mix:
        assert not target.data.exists()

    report = target.report("--apply", code=1)
    check_report(report, imported=True)
    assert report["applied"] and report["bytes"] == dry["bytes"]
    checked = target.doctor()
    assert checked["files"] == checked["objects"] == checked["items"] == 4 and checked["in_progress"] == 0
    content = target.content()
    assert [row[0] for row in content[0]] == ["1", "3", "6", "7", "11", "4000"]

    check_report(target.report(code=1), imported=False)
    check_report(target.report("--apply", code=1), imported=False)
    assert target.content() == content
    assert origin.state() == before

    node = target.node()
    api = new_api(node)
    anna = api.person(1)
    assert (anna["name"], anna["age"], anna["location"], anna["technology"]) == ("Anna Berg", 41, "Oslo", "C++")
    assert {file["name"]: (file["media_type"], api.content(file)) for file in anna["files"]} == {
        "file-id-1": ("image/png", PNG), "file-id-2": ("application/octet-stream", LARGE)}
    zoe = api.person(3)
    assert zoe["name"] == "Zoë 👩‍🚀 李小龙" and zoe["age"] == 41
    assert [(file["media_type"], api.content(file)) for file in zoe["files"]] == [("application/pdf", PDF)]
    assert [api.content(file) for file in api.person(4000)["files"]] == [b""]
    assert len(api.call("GET", "/catalog?author=Zoë 👩‍🚀 李小龙", 200).json()["items"]) == 1
    assert {found["id"] for found in api.call("GET", "/people?q=twin", 200).json()["items"]} == {6, 7}
    assert api.create()["id"] == 4001


@TARGETS
def test_what_is_corrected_at_the_origin_comes_with_the_next_run_and_what_is_changed_here_stays(origin, target, new_api):
    fill(origin)
    target.report("--apply", code=1)
    node = target.node()
    api = new_api(node)
    api.call("PATCH", "/people/1", 200, json={"name": "Anna Dahl"}, headers={"If-Match": "*"})
    api.call("DELETE", "/people/4000", 204, headers={"If-Match": "*"})
    wait_until_nothing_is_owed(node)
    origin.correct(4, age="40")
    origin.correct(7, name="Other Twin")
    origin.add_file("file-id-11", PDF, "Last One")

    report = target.report("--apply", code=1)  # beside the serving process
    assert report["people"] == {"seen": 12, "imported": 1, "already": 5, "deleted": 1}
    assert report["files"] == {"seen": 10, "imported": 2, "already": 4}
    assert [row["id"] for row in report["left_people"] if row["why"] == "changed"] == ["7"]
    assert [row["key"] for row in report["left_files"] if row["why"] == "person_gone"] == ["file-id-11"]
    assert api.person(1)["name"] == "Anna Dahl" and len(api.person(1)["files"]) == 2
    assert api.person(7)["name"] == "Twin" and api.person(4)["age"] == 40
    assert [[file["name"] for file in api.person(number)["files"]] for number in (4, 6)] == [["file-id-7"], ["file-id-6"]]
    api.problem("GET", "/people/4000", 404)
    wait_until_nothing_is_owed(node)
    node.stop()
    target.doctor()


class Held:
    """An origin whose stores send so many bytes and then nothing, so that an import from it is never done when it is killed."""

    def __init__(self, origin, target):
        self.target = target
        self.records, self.objects = Proxy(origin.database.port), Proxy(origin.aws.port)
        self.environment = {
            **environment({**target.settings, "from.records": origin.settings()["from.records"].replace(
                f":{origin.database.port}/", f":{self.records.port}/")}),
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self.objects.port}"}

    def kill_at(self, store, bytes_, milestone):
        """Kills an import when so many people and files came over, or no more can come."""
        with getattr(self, store).misbehaving("holding", bytes_) as proxy:
            process = subprocess.Popen([find_binary(), "import", "origin", "--apply"], env=self.environment,
                                       cwd=self.target.deployment.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            try:
                wait_until(lambda: process.poll() is not None or proxy.held.is_set() or self.target.came_over() >= milestone,
                           f"{milestone} come over", limit=60)
            finally:
                process.kill()
                output, _ = process.communicate()
            assert process.returncode == -9, output

    def end(self):
        self.records.end()
        self.objects.end()


@TARGETS
def test_killed_again_and_again_it_comes_over_whole_and_once(origin, target):
    people, files, size = 600, 60, 300_000
    # People are read 500 at a time: only the second read is long.
    origin.add_people([(number, f"Person {number}", "Oslo" if number <= 500 else "x" * 200, "41", "C++" if number <= 500 else "y" * 200)
                       for number in range(1, people + 1)])
    for number in range(1, files + 1):
        origin.add_file(f"file-id-{number}", random_bytes(size, number), f"Person {number % 20 + 1}")
    held, all_of_them = Held(origin, target), people + files
    for store, bytes_, milestone in (("records", 45_000, 1), ("records", 45_000, 200), ("records", 45_000, all_of_them),
                                     ("objects", size, all_of_them), ("objects", 15 * size, all_of_them),
                                     ("objects", 25 * size, all_of_them)):
        held.kill_at(store, bytes_, milestone)
    held.end()
    assert 500 < target.came_over() < all_of_them, "it was killed on the way"
    report = target.report("--apply", code=0)
    assert report["complete"] and report["people"]["imported"] + report["people"]["already"] == people
    assert report["files"]["imported"] + report["files"]["already"] == files
    assert target.ask("SELECT COUNT(*), MAX(id), SUM(file_count) FROM person") == [[str(people), str(people), str(files)]]
    again = target.report("--apply", code=0)
    assert (again["people"]["imported"], again["files"]["imported"], again["files"]["already"]) == (0, 0, files)

    deadline = time.monotonic() + 60  # what the kills left is erased when its lease ends, and a second time a while later
    while target.ask("SELECT COUNT(*) FROM file WHERE state <> 1") != [["0"]]:
        assert time.monotonic() < deadline, "what was cut off is not cleaned up"
        target.deployment.command("gc", data=target.data, **target.mix)
    checked = target.doctor()
    assert checked["files"] == checked["objects"] == checked["items"] == files


@TARGETS
def test_a_number_that_somebody_has_here_is_left_to_them(origin, target, new_api):
    node = target.node()
    api = new_api(node)
    native = api.create({"name": "Was Here"})
    origin.add_people([(1, "Anna Berg", "Oslo", "41", "C++"), (2, "Bo", "Oslo", "41", "C++")])
    origin.add_file("file-id-1", PNG, "Anna Berg")
    for run in ([], ["--apply"]):
        report = target.report(*run, code=1)
        assert [(row["id"], row["why"]) for row in report["left_people"]] == [("1", "number_taken")]
        assert [row["why"] for row in report["left_files"]] == ["person_left_out"]
        assert report["people"]["imported"] == 1
    assert api.person(native["id"])["name"] == "Was Here" and api.person(2)["name"] == "Bo"


@pytest.mark.parametrize("mix", [EMBEDDED], ids=["embedded"])
def test_what_cannot_be_read_is_named_and_nothing_is_made(deployment, origin, target, mix):
    for wrong, words in [({"from.records": ""}, "--from-records mysql://"), ({"from.objects": "s3://no-such-bucket-here"}, "no-such-bucket-here"),
                         ({"from.catalog": "dynamodb://NoSuchTable"}, "NoSuchTable"), ({"from.records_password": "wrong"}, origin.schema)]:
        one = Target(deployment, origin, mix)
        one.settings.update(wrong)
        done = one.run()
        assert done.returncode == 2 and words in done.stderr, done.stdout + done.stderr
        assert "what-the-origin-uses" not in done.stdout + done.stderr
    assert not target.data.exists()


@pytest.mark.parametrize("mix", [EMBEDDED], ids=["embedded"])
def test_the_report_is_for_people_and_safe_for_their_terminal(origin, target, mix):
    fill(origin)
    origin.add_people([(12, "Evil\x1b[2J", "Oslo", "41", "C++")])
    done = target.run()
    assert done.returncode == 1 and "\x1b" not in done.stdout
    for line in ["no. 4  age \"forty\": Enter an age between 0 and 150, as a whole number.", "\"file-id-6\"", "no. 6, 7",
                 "People: 13 at the origin, 6 to bring over, 0 before.", "Files: 9 at the origin, 4 to bring over, 0 before.",
                 "Nothing was changed. --apply brings it over."]:
        assert line in done.stdout, done.stdout


@TARGETS
def test_memory_does_not_grow_with_the_files(origin, target):
    origin.add_people([(1, "Anna Berg", "Oslo", "41", "C++")])
    for number in range(4):  # as many as are copied at once
        origin.add_file(f"file-id-{number}", random_bytes(24 << 20, number), "Anna Berg")
    process = subprocess.Popen([find_binary(), "import", "origin", "--apply"], env=environment(target.settings),
                               stdout=subprocess.DEVNULL, cwd=target.deployment.folder)
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(OSError, StopIteration):  # the process may end meanwhile
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
            peak = next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmHWM"))
        time.sleep(0.01)
    assert process.returncode == 0 and target.came_over() == 5 and peak > 0
    print(f"peak: {peak} MiB")
    assert is_sanitized() or peak <= 64, f"{peak} MiB"


@pytest.mark.parametrize("mix", [EMBEDDED], ids=["embedded"])
def test_a_terminal_shows_how_far_it_is(origin, target):
    fill(origin)
    ours, terminal = pty.openpty()
    try:
        done = subprocess.run([find_binary(), "import", "origin", "--json"], env=environment(target.settings), cwd=target.deployment.folder,
                              stdout=subprocess.PIPE, stderr=terminal, timeout=60, stdin=subprocess.DEVNULL)
        os.set_blocking(ours, False)
        shown = []

        def read_on():  # the output arrives a moment later, and in pieces
            with contextlib.suppress(BlockingIOError):
                shown.append(os.read(ours, 65536).decode())
            return "".join(shown)

        wait_until(lambda: "People 1 of 12, files 0 of 0" in read_on() and "".join(shown).endswith("\r\x1b[K"), "it is shown, and wiped")
    finally:
        os.close(ours)
        os.close(terminal)
    assert done.returncode == 1 and json.loads(done.stdout)["files"]["seen"] == 9
