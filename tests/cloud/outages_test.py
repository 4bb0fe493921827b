"""A store that is away or misbehaves: what needs it is refused in bounded time, all else goes on, and it recovers by
itself."""

import os
import time

import pytest
import requests

from observing import metric, wait_until, wait_until_nothing_is_owed
from proxy import Proxy, http_answer
from samples import ANNA, PNG, random_bytes

BOUND = 60  # seconds; for an answer of any kind
SLOW_DOWN = http_answer("503 Slow Down", "<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>x</Message></Error>")
BROKEN = http_answer("500 Internal Server Error", "<?xml version='1.0'?><Error><Code>InternalError</Code></Error>")
THROTTLED = http_answer("400 Bad Request", '{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}',
                        "application/x-amz-json-1.0")


class Between:
    """Proxies in front of each store, and a node that knows only them."""

    def __init__(self, deployment):
        self.records = Proxy(deployment.database.port)
        self.objects, self.catalog = Proxy(deployment.aws.port), Proxy(deployment.aws.port)
        host, port = "127.0.0.1", self.records.port
        # Long enough for a slow database, so that no upload loses its lease.
        self.node = deployment.node(records_host=f"{host}:{port}", intake__lease="10s", variables={
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self.objects.port}",
            "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{self.catalog.port}"})

    def end(self):
        for proxy in (self.records, self.objects, self.catalog):
            proxy.end()


@pytest.fixture
def between(deployment):
    one = Between(deployment)
    yield one
    one.end()


def submit(node, content=PNG):
    started = time.monotonic()
    answer = requests.post(node.url + "/api/v1/people", files={"file_name": ("photo.png", content)}, data=ANNA,
                           timeout=BOUND + 30)
    return answer, time.monotonic() - started


def assert_taken_or_told_to_come_back(node, content=PNG):
    answer, took = submit(node, content)
    assert answer.status_code in (201, 503), answer.text
    assert answer.status_code == 201 or "Retry-After" in answer.headers, answer.headers
    assert took < BOUND, f"{answer.status_code} after {took:.0f} s"
    return answer.status_code == 201


def health(node):
    return {store["store"]: store["healthy"] for store in requests.get(node.url + "/healthz", timeout=20).json()["stores"]}


def assert_ready(node):
    assert requests.get(node.url + "/readyz", timeout=5).status_code == 200


def assert_recovers(deployment, node, taken, refused=0):
    """All is in step, with the people who were acknowledged; one told to come back may be there too, and wholly."""
    wait_until(lambda: all(health(node).values()), "all stores are healthy again", limit=60)
    answer, _ = submit(node)
    assert answer.status_code == 201, answer.text
    wait_until_nothing_is_owed(node, limit=90)
    people = int(deployment.sql("SELECT COUNT(*) FROM person")[0][0])
    assert taken + 1 <= people <= taken + refused + 1
    assert len(deployment.objects()) == len(deployment.items()) == people
    assert deployment.aws.uploads(deployment.bucket) == []
    report = deployment.command("doctor")
    assert report.returncode == 0, report.stdout + report.stderr


@pytest.mark.parametrize("mode", ["refusing", "stalled"])
def test_without_s3_people_are_found_and_submissions_told_to_come_back(deployment, between, new_api, mode):
    api = new_api(between.node)
    person = api.create()
    wait_until_nothing_is_owed(between.node)
    with between.objects.misbehaving(mode):
        assert not assert_taken_or_told_to_come_back(between.node)
        assert api.person(person["id"])["id"] == person["id"]
        assert len(api.call("GET", "/people?q=anna", 200).json()["items"]) == 1
        assert health(between.node) == {"records": True, "objects": False, "catalog": True}
        assert_ready(between.node)
    assert_recovers(deployment, between.node, 1)


@pytest.mark.parametrize("mode", ["refusing", "stalled"])
def test_without_dynamodb_nobody_waits(deployment, between, new_api, mode):
    api = new_api(between.node)
    with between.catalog.misbehaving(mode):
        started = time.monotonic()
        people = [api.create() for _ in range(5)]
        assert time.monotonic() - started < 10, "the catalog delays submissions"
        assert api.person(people[0]["id"]) and api.content(people[0]["files"][0]) == PNG
        assert metric(between.node, "dossier_tasks_owed", kind="index") == 5
        wait_until(lambda: (metric(between.node, "dossier_tasks_oldest_overdue_seconds") or 0) > 1, "the oldest one's age shows")
        assert health(between.node) == {"records": True, "objects": True, "catalog": False}
        assert_ready(between.node)
    assert_recovers(deployment, between.node, 5)


@pytest.mark.parametrize("mode", ["refusing", "stalled"])
def test_without_mysql_all_is_told_to_come_back_and_nothing_hangs(deployment, between, new_api, mode):
    new_api(between.node).create()
    with between.records.misbehaving(mode):
        assert not assert_taken_or_told_to_come_back(between.node)
        answer = requests.get(between.node.url + "/api/v1/people/1", timeout=BOUND)
        assert answer.status_code == 503 and "Retry-After" in answer.headers
        assert not health(between.node)["records"]
        assert_ready(between.node)
    assert_recovers(deployment, between.node, 1)


@pytest.mark.parametrize("store, mode, argument", [
    ("records", "slow", 0.05), ("records", "cutting", 3000), ("records", "cutting", 20),
    ("objects", "slow", 0.2), ("objects", "cutting", 100), ("objects", "answering", SLOW_DOWN), ("objects", "answering", BROKEN),
    ("catalog", "slow", 0.2), ("catalog", "cutting", 100), ("catalog", "answering", THROTTLED)])
def test_whatever_a_store_does_a_submission_is_taken_or_told_to_come_back(deployment, between, store, mode, argument):
    taken = 0
    with getattr(between, store).misbehaving(mode, argument):
        for content in [PNG, random_bytes(9 << 20), PNG]:
            taken += assert_taken_or_told_to_come_back(between.node, content)
        assert_ready(between.node)
    assert_recovers(deployment, between.node, taken, refused=3 - taken)


def test_the_database_s_password_changes_while_it_runs(deployment, between):
    assert submit(between.node)[0].status_code == 201
    database, before = deployment.database, deployment.database.password
    try:
        database.change_password("second-password-of-the-tests")
        deployment.aws.put_parameters(f"127.0.0.1:{database.port}", database.password)
        between.records.reset_all()
        assert submit(between.node)[0].status_code == 201
    finally:
        database.change_password(before)
        deployment.aws.put_parameters(f"127.0.0.1:{database.port}", before)
