"""Dossier on MariaDB, S3 and DynamoDB, beside the slowest of the three driven alone."""

import base64
import contextlib
import hashlib
import itertools
import json
import os
import pathlib
import random
import secrets
import subprocess
import sys
import urllib.request

from .measure import Line, at_least, interleave, median, median_ratio, run_program, say, settle
from .reading import rates, wrk, write_paths
from .servers import Dossier
from .writing import Submitter

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONNECTIONS = 64
FILE_SIZE = 100_000
FLOOR_DATABASE = "dossier_floor"
AIM = 0.7
PREPARED = "--prepared"


def prepare(words):
    """Runs the report again in the private Python: moto runs in it, and boto3 makes the bucket and the table."""
    if PREPARED in words:
        return
    sys.path.insert(0, str(ROOT / "tools"))
    import python_environment  # pylint: disable=C0415
    say("preparing the private Python environment")
    python = python_environment.prepare(sys.stderr)
    os.execv(python, [str(python), "-B", str(ROOT / "bench/report"), PREPARED, *words])


class Stores:
    """MariaDB with a database for Dossier and one for the floor; one moto for S3 and another for DynamoDB, so that
    neither waits for the other's interpreter."""

    def __init__(self, settings):
        sys.path.insert(0, str(ROOT / "tools"))
        from services.aws import Aws  # pylint: disable=C0415
        from services.mariadb import MariaDb  # pylint: disable=C0415
        self.settings = settings
        self.running = contextlib.ExitStack()
        try:
            self.database = self._started(MariaDb(settings.folder / "mariadb", secrets.token_urlsafe(18)))
            self.s3 = self._started(Aws(settings.folder / "s3"))
            self.dynamodb = self._started(Aws(settings.folder / "dynamodb"))
            self.database.make_database(FLOOR_DATABASE)
            self.empty()
            with self.dossier(FLOOR_DATABASE):
                pass  # makes its tables
        except BaseException:
            self.running.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.running.close()

    def _started(self, server):
        server.start()
        self.running.callback(server.stop)
        return server

    def empty(self):
        """Each run begins with an empty bucket and an empty table, because moto keeps everything in memory."""
        for server in (self.s3, self.dynamodb):
            urllib.request.urlopen(urllib.request.Request(f"{server.endpoint}/moto-api/reset", method="POST")).close()
        self.s3.make_bucket(versioned=False)
        self.dynamodb.make_table()

    def dossier(self, database=None, **more):
        from services.aws import BUCKET, TABLE  # pylint: disable=C0415
        url = self.database.url(database) if database else self.database.url()
        variables = {
            **self.s3.variables(), "AWS_ENDPOINT_URL_S3": self.s3.endpoint,
            "AWS_ENDPOINT_URL_DYNAMODB": self.dynamodb.endpoint, "DOSSIER_RECORDS": url,
            "DOSSIER_RECORDS_PASSWORD": self.database.password, "DOSSIER_OBJECTS": f"s3://{BUCKET}",
            "DOSSIER_CATALOG": f"dynamodb://{TABLE}", "DOSSIER_MYSQL_TLS": "off", **more}
        return Dossier(self.settings, self.settings.folder / "cloud-node", variables=variables)

    def sessions(self):
        return int(self.database.sql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'dossier'")[0][0])

    def people(self):
        return [row[0] for row in self.database.sql("SELECT id FROM dossier.person")]


class Floors:
    """Measures each store alone, over as many connections as Dossier gets."""

    def __init__(self, settings, stores):
        self.settings, self.stores = settings, stores
        self.first = itertools.count(1, 1_000_000_000)
        self.s3_call = self._s3_call()
        self.dynamodb_call = self._dynamodb_call()

    def mariadb(self, kind, database, *more):
        server = self.stores.database
        os.environ["DOSSIER_RECORDS_PASSWORD"] = server.password
        return run_program([
            self.settings.programs / "query_load", "--port", server.port, "--database", database, "--kind", kind,
            "--connections", CONNECTIONS, "--milliseconds", self.settings.seconds * 1000,
            "--first", next(self.first), *more])

    def s3(self):
        return self._wrk(self.stores.s3, *self.s3_call)

    def dynamodb_alone(self):
        return self._wrk(self.stores.dynamodb, *self.dynamodb_call)

    def _wrk(self, server, method, path, headers, body):
        script = ROOT / "bench/load/calls.lua"
        command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{self.settings.seconds}s", "--timeout", "20s", "--latency",
                   "-s", script, server.endpoint, "--", method, path, headers, body]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
        result = json.loads(next(l for l in done.stdout.splitlines() if l.startswith("RESULT "))[7:])
        if result["errors"]:
            raise RuntimeError(f"{result['errors']} requests failed: {done.stdout}")
        return result

    def _files(self, service, headers, body):
        head = self.settings.folder / f"{service}-headers"
        head.write_text("".join(f"{name}: {value}\n" for name, value in headers.items()))
        content = self.settings.folder / f"{service}-body"
        content.write_bytes(body)
        return head, content

    def _signed(self, service, body):
        """The headers of a signed request. moto reads the access key in them and does not check the signature."""
        from services.aws import REGION  # pylint: disable=C0415
        key = self.stores.s3.variables()["AWS_ACCESS_KEY_ID"]
        return {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/{service}/aws4_request, "
                                 f"SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={64 * '0'}",
                "x-amz-content-sha256": hashlib.sha256(body).hexdigest(), "x-amz-date": "20260101T000000Z"}

    def _s3_call(self):
        from services.aws import BUCKET  # pylint: disable=C0415
        body = random.Random(1).randbytes(FILE_SIZE)
        checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {**self._signed("s3", body), "Content-Type": "application/octet-stream", "x-amz-checksum-sha256": checksum}
        return "PUT", f"/{BUCKET}/%KEY%", *self._files("s3", headers, body)

    def _dynamodb_call(self):
        from services.aws import TABLE  # pylint: disable=C0415
        item = {"filename": {"S": "%KEY%"}, "Author": {"S": "Ada Load"}, "PersonId": {"N": "1234"}, "FileId": {"N": "1234"},
                "Name": {"S": "photo-1234.png"}, "Size": {"N": str(FILE_SIZE)}, "Sha256": {"S": 64 * "0"},
                "MediaType": {"S": "image/png"}, "CreatedAt": {"N": "1767225600000"}}
        body = json.dumps({"TableName": TABLE, "Item": item}).encode()
        headers = {**self._signed("dynamodb", body), "Content-Type": "application/x-amz-json-1.0",
                   "X-Amz-Target": "DynamoDB_20120810.PutItem"}
        return "POST", "/", *self._files("dynamodb", headers, body)


def judge(name, results, note):
    """The line of the report: Dossier beside the store that is slowest alone."""
    alone = {side: rates(each) for side, each in results.items() if side != "dossier"}
    slowest = min(alone, key=lambda side: median(alone[side]))
    ours = rates(results["dossier"])
    ratio = median_ratio(ours, alone[slowest])
    p99 = median([each["p99_ms"] for each in results["dossier"]])
    line = Line(name, ", ".join(f"{side} alone: {median(each):,.0f}/s" for side, each in alone.items()),
                f"{median(ours):,.0f}/s, p99 {p99:.1f} ms", ratio, f"{ratio:.2f} of {slowest}", at_least(AIM), note=note)
    say(f"{line.name}: {line.floor}; {line.dossier}, {line.judged_text}; {line.note}")
    return line


def submissions(settings, stores, floors, dossier):
    submitter = Submitter(settings, dossier, "http")
    requests = 600 if settings.quick else 1500
    behind, sessions = [], []

    def submit_and_index():
        result = submitter(CONNECTIONS, requests, FILE_SIZE)
        sessions.append(stores.sessions())
        behind.append(dossier.wait_until_nothing_is_owed())
        return result

    def before(_):
        stores.empty()
        settle(settings)

    submitter(CONNECTIONS, 200, 4096)  # connects and prepares first, as the floors do
    dossier.wait_until_nothing_is_owed()
    results = interleave(settings.rounds, {
        "MariaDB": lambda: floors.mariadb("submit", FLOOR_DATABASE),
        "S3": floors.s3,
        "DynamoDB": floors.dynamodb_alone,
        "dossier": submit_and_index,
    }, before=before)
    return judge(f"cloud, submit: four fields and a 100 KB file, {CONNECTIONS} connections", results,
                 f"{max(sessions)} connections to MariaDB; catalog in step {median(behind):.1f} s after the last answer")


def look_ups(settings, stores, floors, dossier):
    """A look-up uses the database only, so only MariaDB is a floor."""
    from services.mariadb import DATABASE  # pylint: disable=C0415
    people = stores.people()
    random.Random(1).shuffle(people)
    ids = write_paths(settings, "cloud-ids", people)
    paths = write_paths(settings, "cloud", [f"/api/v1/people/{number}" for number in people])
    sessions = []

    def look_up():
        result = wrk(settings, dossier.port, paths)
        sessions.append(stores.sessions())
        return result

    results = interleave(settings.rounds + 2, {
        "MariaDB": lambda: floors.mariadb("look-up", DATABASE, "--ids", ids),
        "dossier": look_up,
    })
    return judge(f"cloud, look-up by number, JSON, {len(people):,} people, {CONNECTIONS} connections", results,
                 f"{max(sessions)} connections to MariaDB")


def cloud(settings):
    with Stores(settings) as stores:
        floors = Floors(settings, stores)
        with stores.dossier() as dossier:
            return [measure(settings, stores, floors, dossier) for measure in (submissions, look_ups)]
