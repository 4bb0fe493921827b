"""tools/cloud, as the README promises it: the test runs the commands that it prints, word by word."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys

import pytest
import requests

from dossier_process import REPOSITORY, environment
from observing import wait_until


class Tour:
    def __init__(self):
        # A session of its own, as in a terminal; the tests find its processes by that session.
        self.process = subprocess.Popen([sys.executable, "-B", REPOSITORY / "tools/cloud", "--prepared", "--port", "0"],
                                        stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL, start_new_session=True)
        lines = iter(self.process.stdout.readline, "")
        said = []
        for line in lines:
            said.append(line.rstrip("\n"))
            if line.startswith("Logs:"):
                break
        assert said and said[-1].startswith("Logs:"), "it did not start"
        self.folder = pathlib.Path(said[-1].split()[1]).parent
        self.commands = [line.strip() for line in said if line.startswith("  ")]

    def command(self, *words, after=0):
        """The printed command that has all these words; `after`: how many others with them come before it."""
        found = [each for each in self.commands if all(word in each for word in words)]
        assert len(found) > after, f"{words} in\n" + "\n".join(self.commands)
        return found[after]

    def _shell(self, command):
        return ["bash", "-c", f"{self.command('. /')}\n{command}"]

    def begin(self, command):
        return subprocess.Popen(self._shell(command), cwd=REPOSITORY, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run(self, command):
        done = subprocess.run(self._shell(command), cwd=REPOSITORY, env=environment(), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def left(self):
        """The processes of its session that still run."""
        found = []
        for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rpartition(")")[2].split()
            except OSError:  # the process ended meanwhile
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.append(int(status.parent.name))
        return found

    def end(self):
        for left in self.left():
            os.kill(left, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def tour():
    one = Tour()
    yield one
    one.end()


def uploads(tour):
    said = tour.run(tour.command("list-multipart-uploads"))
    return json.loads(said).get("Uploads", []) if said.strip() else []


def test_what_it_prints_can_be_done(tour):
    first = tour.command("http://", "(process")
    other = tour.command("http://", "(process", after=1)
    assert "303 See Other" in tour.run(tour.command("curl -i"))
    assert json.loads(tour.run(tour.command("/api/v1/people/1")))["name"] == "Anna Berg"

    assert "Anna Berg" in tour.run(tour.command("mariadb"))
    keys = [each["Key"] for each in json.loads(tour.run(tour.command("list-objects-v2")))["Contents"]]
    key = next(each for each in keys if not each.endswith("dossier-records"))  # that one is the mark
    assert "AES256" in tour.run(tour.command("head-object").replace("KEY", key))
    wait_until(lambda: "Anna Berg" in tour.run(tour.command("get-item").replace("KEY", key)), "the item is there")
    assert "in step" in tour.run(tour.command("dossier doctor"))

    tour.run(tour.command("head -c"))
    upload = tour.begin(tour.command("--limit-rate"))
    wait_until(lambda: uploads(tour), "an upload is listed", limit=40, pause=0.5)
    tour.run(tour.command("kill -9"))
    assert upload.wait(30) != 0, "curl was cut off"
    assert not pathlib.Path(f"/proc/{first.rpartition('process ')[2].rstrip(')')}/cmdline").read_bytes(), "it is dead"
    wait_until(lambda: not uploads(tour), "no upload is listed", limit=60, pause=0.5)
    owed = tour.command("tasks_owed")
    wait_until(lambda: 'dossier_tasks_owed{kind="reap"} 0' in tour.run(owed), "no reap is owed", limit=60, pause=0.5)
    assert requests.get(other.split()[0] + "api/v1/people").json()["items"][0]["name"] == "Anna Berg"

    tour.process.send_signal(signal.SIGINT)
    assert tour.process.wait(60) == 0
    assert tour.left() == [] and not tour.folder.exists()


def test_it_ends_by_ctrl_c_where_a_shell_started_it_in_the_background():
    """Such a shell has its children ignore SIGINT, and so do their children."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        one = Tour()
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        one.process.send_signal(signal.SIGINT)
        assert one.process.wait(60) == 0
        assert one.left() == [] and not one.folder.exists()
    finally:
        one.end()


def test_nothing_is_left_when_it_is_killed(tour):
    assert len(tour.left()) >= 5  # itself, MariaDB, moto, two nodes
    tour.process.kill()
    wait_until(lambda: tour.left() == [], "all processes end with it")
