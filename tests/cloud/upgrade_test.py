"""Nodes of two versions on the same stores: a rolling upgrade goes one version step at a time. The next version is
another binary with one more migration (tests/cloud/next)."""

import os
import pathlib
import re
import threading

import pytest

import dossier_process
from observing import wait_until, wait_until_nothing_is_owed
from samples import PNG, random_bytes
from uploads import begin_upload

NEXT = pathlib.Path(os.environ.get("DOSSIER_NEXT_BINARY") or
                    pathlib.Path(dossier_process.find_binary()).parents[2] / "tests/cloud/next/dossier_next")

PRESENT = ["0001_records.sql", "0002_identity_letters.sql", "0003_accounts.sql"]  # the scripts of this version


@pytest.fixture
def next_binary():
    if not NEXT.exists():
        pytest.fail(f"There is no {NEXT}: ninja dossier_next builds it")
    return str(NEXT)


def start_together(deployment, binaries):
    nodes, problems = [], []

    def start(binary):
        try:
            nodes.append(deployment.node(binary=binary))
        except AssertionError as problem:
            problems.append(problem)

    starts = [threading.Thread(target=start, args=[binary]) for binary in binaries]
    for each in starts:
        each.start()
    for each in starts:
        each.join()
    assert not problems, problems
    return nodes


def migrations_run(nodes):
    """How many scripts each node that migrated ran, by its log. The log comes a moment later than the answers."""
    for node in nodes:
        wait_until(lambda: '"event":"serving"' in node.log_text(), "the log says that it serves")
    return [int(scripts) for node in nodes for scripts in re.findall('"event":"migrated","scripts":([0-9]+)', node.log_text())]


def scripts(deployment):
    return [name for name, in deployment.sql("SELECT name FROM schema_migration ORDER BY number")]


def everything(api, other, number):
    """Makes, changes and deletes a person at two nodes. Both versions must answer everything right."""
    content = random_bytes(20_000, number)
    person = api.create({"name": f"Person {number}"}, [("photo.png", PNG), ("bytes.bin", content)], key=f"key-{number}")
    assert other.create({"name": f"Person {number}"}, [("photo.png", PNG), ("bytes.bin", content)],
                        key=f"key-{number}")["id"] == person["id"]
    path = f"/people/{person['id']}"
    assert other.person(person["id"]) == api.person(person["id"])
    assert other.content(person["files"][1]) == content
    other.call("PATCH", path, 200, json={"age": 50}, headers={"If-Match": "*"})
    api.call("PATCH", path, 200, json={"name": f"Renamed {number}"}, headers={"If-Match": "*"})
    assert other.call("GET", f"/people?q=renamed {number}", 200).json()["items"][0]["age"] == 50
    if number % 2:
        other.call("DELETE", f"/files/{person['files'][0]['id']}", 204, headers={"If-Match": "*"})
        api.call("DELETE", path, 204, headers={"If-Match": "*"})
        other.call("GET", path, 404)
    return person


class Life:
    """Runs everything() at two nodes, again and again, until end()."""

    def __init__(self, one, other, first):
        self.one, self.other, self.number = one, other, first
        self.kept, self.problem, self.done = [], None, threading.Event()
        self.thread = threading.Thread(target=self._go_on)
        self.thread.start()

    def _go_on(self):
        try:
            while not self.done.is_set():
                person = everything(self.one, self.other, self.number)
                if self.number % 2 == 0:
                    self.kept.append(person["id"])
                self.number += 1
        except Exception as problem:
            self.problem = problem

    def seen(self, people):
        already = self.number
        wait_until(lambda: self.problem or self.number >= already + people, f"{people} more people come and go", limit=60)

    def end(self):
        self.done.set()
        self.thread.join()
        if self.problem:
            raise self.problem


def assert_in_step(deployment, binary):
    done = dossier_process.run_command("doctor", settings=deployment.settings(), cwd=deployment.folder, binary=binary)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nodes_are_replaced_one_by_one_while_people_come_and_go(deployment, new_api, next_binary):
    first, second = deployment.node(), deployment.node()
    stays = new_api(first)
    life = Life(stays, new_api(second), 1000)
    try:
        life.seen(4)
        third = deployment.node(binary=next_binary)  # migrates while the other two serve
        life.seen(4)
    finally:
        life.end()
    second.stop()
    assert migrations_run([third]) == [1] and scripts(deployment) == [*PRESENT, "0004_next.sql"]
    kept = life.kept

    mixed = Life(stays, new_api(third), 2000)
    try:
        mixed.seen(8)
    finally:
        mixed.end()
    # The machine of a node of the old version dies in the middle of the upgrade and comes back.
    first.kill()
    first.start(settings=deployment.settings())
    wait_until(lambda: "the records are a version ahead of this node" in first.log_text(), "the log tells of the next version")
    again = Life(new_api(third), new_api(first), 3000)
    try:
        again.seen(8)
    finally:
        again.end()
    kept += mixed.kept + again.kept

    wait_until_nothing_is_owed(third)
    assert sorted(kept) == [int(number) for number, in deployment.sql("SELECT id FROM person ORDER BY id")]
    assert deployment.sql("SELECT DISTINCT nickname FROM person") == [["none"]]
    assert len(deployment.objects()) == len(deployment.items()) == 2 * len(kept)
    for binary in (None, next_binary):
        assert_in_step(deployment, binary)
    said = deployment.command("migrate", "--dry-run").stdout
    assert "applied   0004_next.sql" in said and "next version's" in said, said
    first.stop()
    assert new_api(third).person(kept[0])["name"].startswith("Renamed")


def test_each_does_the_tasks_of_the_other(deployment, new_api, next_binary):
    for owing, doing in ((None, next_binary), (next_binary, None)):
        node = deployment.node(binary=owing, worker__longest_sleep="1h", worker__first_retry="1h", variables={
            "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"})
        person = new_api(node).create()
        node.kill()
        other = deployment.node(binary=doing)
        deployment.sql("UPDATE task SET due_at = 0, lease_token = NULL")
        wait_until_nothing_is_owed(other)
        assert len(deployment.items()) == 1
        new_api(other).call("DELETE", f"/people/{person['id']}", 204, headers={"If-Match": "*"})
        wait_until_nothing_is_owed(other)
        assert deployment.items() == {} and deployment.objects() == {}
        other.stop()


def test_each_reaps_the_upload_that_died_with_a_node_of_the_other(deployment, next_binary):
    for dying, doing in ((None, next_binary), (next_binary, None)):
        doomed, other = deployment.node(binary=dying), deployment.node(binary=doing)
        line, _ = begin_upload(doomed, 20 << 20, 10 << 20)
        wait_until(lambda: deployment.aws.uploads(deployment.bucket), "parts are on their way to S3")
        doomed.kill()
        line.close()
        wait_until(lambda: not deployment.aws.uploads(deployment.bucket), "the upload's parts are gone", limit=40)
        wait_until_nothing_is_owed(other)
        assert deployment.sql("SELECT COUNT(*) FROM file") == [["0"]]
        assert deployment.objects() == {} and deployment.items() == {}
        other.stop()


def test_two_steps_are_refused_with_what_to_do(deployment, new_api, next_binary):
    newer = deployment.node(binary=next_binary)
    deployment.sql("INSERT INTO schema_migration VALUES (5, '0005_after_next.sql', REPEAT('0', 64), 0)")
    for command in (["serve", "--listen", "127.0.0.1:0"], ["migrate"], ["gc"], ["catalog", "rebuild"]):
        done = deployment.command(*command)
        assert done.returncode != 0, f"{command}\n{done.stdout}"
        assert f"newer Dossier (0005_after_next.sql; the last that this one knows is {PRESENT[-1]}" in done.stderr, done.stderr
        assert "Use that version" in done.stderr
    assert scripts(deployment)[-1] == "0005_after_next.sql"
    new_api(newer).create()


def test_five_nodes_that_start_at_once_migrate_once(deployment, new_api):
    nodes = start_together(deployment, [None] * 5)
    assert migrations_run(nodes) == [len(PRESENT)]
    assert scripts(deployment) == PRESENT
    person = new_api(nodes[0]).create()
    assert all(new_api(node).person(person["id"]) for node in nodes)


def test_nodes_of_both_versions_that_start_at_once_migrate_once(deployment, new_api, next_binary):
    nodes = start_together(deployment, [None, next_binary, None, next_binary, next_binary])
    assert sum(migrations_run(nodes)) == len(PRESENT) + 1
    assert scripts(deployment) == [*PRESENT, "0004_next.sql"]
    person = new_api(nodes[0]).create()
    assert all(new_api(node).person(person["id"]) for node in nodes)
