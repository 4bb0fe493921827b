"""A store is away or misbehaves: requests that need it are refused in bounded time and told to come back, /healthz names
it, all else goes on, and the node recovers by itself."""

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from observing import metric, wait_until, wait_until_nothing_is_owed
from proxy import Proxy, http_answer
from samples import ANNA, PNG, random_bytes

# The time limits in the code, in seconds.
CONNECT, NETWORK = 4, 15  # mysql.connect_limit (for the greeting, and for the log-in) and mysql.network_limit
TRANSACTION = 12 + 1      # src/stores/sql/mysql/mysql_settings.h: the time for attempts to begin, and the last pause
FIRST_BYTE, STALL = 15, 10  # src/aws/transport/transport.h
PAUSES = 1 + 2            # src/aws/retry.h: between at most three attempts, none of which begins after 30 seconds
MARGIN = 10               # for a busy machine

AT_ONCE = MARGIN
RECORDS_CUT = TRANSACTION + MARGIN
RECORDS_SILENT = TRANSACTION + 2 * CONNECT + 2 * CONNECT + MARGIN  # the last attempt, then one to give the upload up
RECORDS_IN_FLIGHT = NETWORK + TRANSACTION + 2 * CONNECT + MARGIN   # waiting for an answer, then giving the upload up
OBJECTS_CUT = PAUSES + MARGIN
OBJECTS_SILENT = 2 * FIRST_BYTE + PAUSES + MARGIN
OBJECTS_FROZEN = 3 * STALL + PAUSES + MARGIN

XML, JSON = "application/xml", "application/x-amz-json-1.0"
S3_ANSWERS = {
    "500": http_answer("500 Internal Server Error", "<?xml version='1.0'?><Error><Code>InternalError</Code></Error>", XML),
    "503": http_answer("503 Service Unavailable", "<?xml version='1.0'?><Error><Code>ServiceUnavailable</Code></Error>", XML),
    "SlowDown": http_answer("503 Slow Down", "<?xml version='1.0'?><Error><Code>SlowDown</Code></Error>", XML)}
DYNAMODB_ANSWERS = {
    "500": http_answer("500 Internal Server Error", '{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}', JSON),
    "503": http_answer("503 Service Unavailable", "", JSON),
    "throttled": http_answer(
        "400 Bad Request", '{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}', JSON)}
PICTURE, LARGE = PNG, random_bytes(9 << 20)  # sent with one PUT; sent in two parts
HALF_WAY = 3_000_000  # bytes: in the middle of the first part


@dataclasses.dataclass
class Fault:
    mode: str
    argument: object = None
    cut: bool = True     # False: open connections stay open, and the next call meets the fault
    bound: int = AT_ONCE  # for the answer to a submission, in seconds
    taken: bool = False   # the submission is late, but is accepted


class Between:
    """A proxy in front of each store, and a node that reaches the stores only through the proxies."""

    def __init__(self, deployment):
        self.records = Proxy(deployment.database.port)
        self.objects, self.catalog = Proxy(deployment.aws.port), Proxy(deployment.aws.port)
        host, port = "127.0.0.1", self.records.port
        # The lease is long enough for a slow database, so that no upload loses it.
        self.node = deployment.node(records_host=f"{host}:{port}", intake__lease="10s", variables={
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self.objects.port}",
            "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{self.catalog.port}"})

    def suffering(self, store, fault):
        return getattr(self, store).misbehaving(fault.mode, fault.argument, fault.cut)

    def end(self):
        self.node.stop()  # while it can still reach its stores
        for proxy in (self.records, self.objects, self.catalog):
            proxy.end()


@pytest.fixture
def between(deployment):
    one = Between(deployment)
    yield one
    one.end()


def submit(node, content=PICTURE):
    started = time.monotonic()
    answer = requests.post(node.url + "/api/v1/people", files={"file_name": ("photo.png", content)}, data=ANNA, timeout=120)
    return answer, time.monotonic() - started


def is_taken(node, bound, content=PICTURE):
    """Whether a submission is accepted. Otherwise it must be told to come back; both within the bound."""
    answer, took = submit(node, content)
    assert answer.status_code in (201, 503), answer.text
    assert answer.status_code == 201 or "Retry-After" in answer.headers, answer.headers
    assert took < bound, f"{answer.status_code} after {took:.0f} s"
    return answer.status_code == 201


def assert_found(api, person):
    """A look-up and a search find the person, without waiting."""
    started = time.monotonic()
    assert api.person(person["id"])["id"] == person["id"]
    assert person["id"] in [found["id"] for found in api.call("GET", "/people?q=anna", 200).json()["items"]]
    assert time.monotonic() - started < AT_ONCE


def health(node):
    return {store["store"]: store["healthy"] for store in requests.get(node.url + "/healthz", timeout=20).json()["stores"]}


def assert_named(node, *sick):
    """/healthz names these stores and no other; the node itself is ready."""
    expected = {store: store not in sick for store in ("records", "objects", "catalog")}
    wait_until(lambda: health(node) == expected, f"/healthz names {sick or 'nothing'}")
    assert requests.get(node.url + "/readyz", timeout=5).status_code == 200


def assert_recovers(deployment, node, taken, refused=0):
    """All stores are in step, with the people who were acknowledged. One that was told to come back may be there too, whole."""
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


OBJECTS_AWAY = {
    "refusing": Fault("refusing", bound=OBJECTS_CUT),
    "stalled in flight": Fault("stalled", cut=False, bound=OBJECTS_SILENT),  # and the next try on a new connection, too
    "late": Fault("slow", 3, bound=OBJECTS_SILENT, taken=True),
    "answers cut": Fault("cutting", 100, bound=OBJECTS_CUT),
    "requests cut": Fault("cutting requests", 300, bound=OBJECTS_CUT),
    **{name: Fault("answering", answer, bound=OBJECTS_CUT) for name, answer in S3_ANSWERS.items()}}


@pytest.mark.parametrize("fault", OBJECTS_AWAY.values(), ids=OBJECTS_AWAY)
def test_without_s3_people_are_found_and_submissions_told_to_come_back(deployment, between, new_api, fault):
    api = new_api(between.node)
    person = api.create()
    wait_until_nothing_is_owed(between.node)
    with between.suffering("objects", fault), ThreadPoolExecutor() as meanwhile:
        submission = meanwhile.submit(is_taken, between.node, fault.bound)
        assert_found(api, person)
        assert_named(between.node, "objects")
        assert_found(api, person)
        assert submission.result() == fault.taken
    assert_recovers(deployment, between.node, 1 + fault.taken)


OBJECTS_HALF_WAY = {"cut": Fault("cutting requests", HALF_WAY, bound=OBJECTS_CUT),
                    "frozen": Fault("freezing", HALF_WAY, bound=OBJECTS_FROZEN)}


@pytest.mark.parametrize("fault", OBJECTS_HALF_WAY.values(), ids=OBJECTS_HALF_WAY)
def test_a_part_that_never_arrives_ends_its_submission_and_no_other(deployment, between, new_api, fault):
    api = new_api(between.node)
    with between.suffering("objects", fault), ThreadPoolExecutor() as meanwhile:
        submission = meanwhile.submit(is_taken, between.node, fault.bound, LARGE)
        person = api.create()
        assert_found(api, person)
        assert_named(between.node)
        assert not submission.result()
    assert_recovers(deployment, between.node, 1)


CATALOG_AWAY = {
    "refusing": Fault("refusing"),
    "stalled": Fault("stalled"),
    "stalled in flight": Fault("stalled", cut=False),
    "late": Fault("slow", FIRST_BYTE / 2 + 1),  # there and back this is longer than the client waits
    "answers cut": Fault("cutting", 100),
    "requests cut": Fault("cutting requests", 300),
    **{name: Fault("answering", answer) for name, answer in DYNAMODB_ANSWERS.items()}}


@pytest.mark.parametrize("fault", CATALOG_AWAY.values(), ids=CATALOG_AWAY)
def test_without_dynamodb_nobody_waits(deployment, between, new_api, fault):
    api = new_api(between.node)
    api.create()
    wait_until_nothing_is_owed(between.node)
    with between.suffering("catalog", fault):
        for content in (PICTURE, LARGE, PICTURE):
            assert is_taken(between.node, AT_ONCE, content), "the catalog is none of a submission's business"
        person = api.create()
        assert_found(api, person)
        assert api.content(person["files"][0]) == PNG
        assert metric(between.node, "dossier_tasks_owed", kind="index") == 4
        wait_until(lambda: (metric(between.node, "dossier_tasks_oldest_overdue_seconds") or 0) > 1, "the oldest one's age shows")
        assert_named(between.node, "catalog")
    assert_recovers(deployment, between.node, 5)


RECORDS_AWAY = {
    "refusing": Fault("refusing", bound=RECORDS_CUT),
    "stalled": Fault("stalled", bound=RECORDS_SILENT),
    "stalled in flight": Fault("stalled", cut=False, bound=RECORDS_IN_FLIGHT),
    "late": Fault("slow", 3, bound=RECORDS_SILENT),
    "answers cut": Fault("cutting", 20, bound=RECORDS_CUT),
    "requests cut": Fault("cutting requests", 100, bound=RECORDS_CUT)}


@pytest.mark.parametrize("fault", RECORDS_AWAY.values(), ids=RECORDS_AWAY)
def test_without_mysql_all_is_told_to_come_back_and_nothing_hangs(deployment, between, new_api, fault):
    new_api(between.node).create()
    with between.suffering("records", fault), ThreadPoolExecutor() as meanwhile:
        submission = meanwhile.submit(is_taken, between.node, fault.bound)
        assert_named(between.node, "records")
        started = time.monotonic()
        answer = requests.get(between.node.url + "/api/v1/people/1", timeout=120)
        assert answer.status_code == 503 and "Retry-After" in answer.headers
        assert time.monotonic() - started < fault.bound
        assert not submission.result()
    assert_recovers(deployment, between.node, 1)


RECORDS_HALF_WAY = {"answers cut": Fault("cutting", 3000), "requests cut": Fault("cutting requests", 3000)}


@pytest.mark.parametrize("fault", RECORDS_HALF_WAY.values(), ids=RECORDS_HALF_WAY)
def test_a_mysql_that_breaks_off_now_and_then_is_asked_again(deployment, between, fault):
    taken = 0
    with between.suffering("records", fault):
        for content in (PICTURE, LARGE, PICTURE):
            taken += is_taken(between.node, 3 * TRANSACTION + MARGIN, content)  # to begin, to commit, to give up
        wait_until(lambda: all(health(between.node)[store] for store in ("objects", "catalog")), "these are well")
        assert requests.get(between.node.url + "/readyz", timeout=5).status_code == 200
    assert_recovers(deployment, between.node, taken, refused=3 - taken)


@pytest.mark.parametrize("store", ["records", "objects", "catalog"])
def test_a_store_that_is_a_little_slow_only_takes_time(deployment, between, new_api, store):
    with between.suffering(store, Fault("slow", 0.05)):
        for content in (PICTURE, LARGE, PICTURE):
            assert is_taken(between.node, 6 * MARGIN, content)  # a file has many pieces, and each one waits
        assert_found(new_api(between.node), {"id": 1})
        assert_named(between.node)
    assert_recovers(deployment, between.node, 3)


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
