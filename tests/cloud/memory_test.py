"""Many large uploads at once into a slow S3: memory and disk stay within their bounds, and all of them arrive.

Each file has 32 MiB, so that all together are far more than may be in memory or on the disk. LARGE_FILE_MIB=256 gives the
full size, and takes some minutes.
"""

import hashlib
import http.client
import json
import os
import pathlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import dossier_process
from api_client import ApiClient
from observing import metric, read_metrics, wait_until_nothing_is_owed
from samples import ANNA, random_bytes
from slow_s3 import SlowS3

MIB = 1 << 20
FILES = 64
SIZE = int(os.environ.get("LARGE_FILE_MIB", "32")) * MIB
PART = 8 * MIB  # s3.part_size
QUOTA = 512 * MIB  # s3.staging_size
MEMORY = 128 * MIB
RATE = 3 * MIB  # a second, of each connection to S3
LIMIT = 900  # seconds
NOISE = random_bytes(MIB + 4099)  # its length divides no part, so that no two parts of a file are equal


@pytest.fixture
def slow_s3():
    one = SlowS3(RATE)
    yield one
    one.end()


class Sent:
    """One file as its client sent it."""

    def __init__(self, number):
        self.number = number
        self.whole = hashlib.sha256()
        self.parts = []

    def bytes(self):
        """The file in pieces, which are views of the same memory. Each is hashed when it is sent."""
        view, at = memoryview(NOISE), self.number * 4096
        for start in range(0, SIZE, PART):
            part, left = hashlib.sha256(), min(PART, SIZE - start)
            while left:
                piece = view[at:at + left]
                at, left = (at + len(piece)) % len(NOISE), left - len(piece)
                self.whole.update(piece)
                part.update(piece)
                yield piece
            self.parts.append(part.digest())

    def body(self, head, tail):
        yield head
        yield from self.bytes()
        yield tail

    def send(self, port):
        """Submits the file; returns the person in the answer."""
        mark = f"boundary-{self.number}"
        fields = "".join(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                         for name, value in {**ANNA, "name": f"Person {self.number}"}.items())
        head = (f'{fields}--{mark}\r\nContent-Disposition: form-data; name="file_name"; filename="file-{self.number}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n").encode()
        tail = f"\r\n--{mark}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        connection.request("POST", "/api/v1/people", body=self.body(head, tail), headers={
            "Content-Type": f"multipart/form-data; boundary={mark}", "Content-Length": str(len(head) + SIZE + len(tail))})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        assert answer.status == 201, text
        return json.loads(text)


class Watcher(threading.Thread):
    """Watches how much disk the process uses while the uploads go on: by its own metrics, and by what the kernel says."""

    def __init__(self, node, staging):
        super().__init__(daemon=True)
        self.node, self.staging = node, str(staging)
        self.told = self.seen = self.waiting = 0
        self.done = threading.Event()

    def lying_there(self):
        """How many bytes its files without a name have."""
        total = 0
        for descriptor in pathlib.Path(f"/proc/{self.node.process.pid}/fd").iterdir():
            try:
                target = os.readlink(descriptor)
                if target.startswith(self.staging) and target.endswith("(deleted)"):
                    total += descriptor.stat().st_size
            except FileNotFoundError:  # the file was closed meanwhile
                pass
        return total

    def run(self):
        while not self.done.wait(0.1):
            self.seen = max(self.seen, self.lying_there())
            told = read_metrics(self.node)
            self.told = max(self.told, told["dossier_staging_bytes", ()])
            self.waiting = max(self.waiting, told["dossier_staging_waiting", ()])


def test_many_large_uploads_into_a_slow_s3_stay_within_memory_and_disk(deployment, slow_s3, tmp_path):
    staging = tmp_path / "staging"
    staging.mkdir()
    node = deployment.node(s3__staging=staging, intake__lease="60s", variables={"AWS_ENDPOINT_URL_S3": slow_s3.endpoint})
    watcher = Watcher(node, staging)
    watcher.start()
    files = [Sent(number) for number in range(FILES)]
    started = time.monotonic()
    with ThreadPoolExecutor(FILES) as clients:
        people = list(clients.map(lambda file: file.send(node.port), files))
    took = time.monotonic() - started
    watcher.done.set()
    watcher.join()
    peak = node.memory()
    print(f"{FILES} files of {SIZE // MIB} MiB in {took:.0f} s: peak memory {peak / MIB:.1f} MiB, "
          f"on disk at once {watcher.seen / MIB:.0f} MiB, waiting for room {watcher.waiting:.0f}, "
          f"sent at once {slow_s3.most_taking}")

    assert slow_s3.complaints == []
    assert metric(node, "dossier_staging_limit_bytes") == QUOTA
    assert watcher.told == QUOTA and watcher.waiting > 0, "the room was used up, never more, and the rest waited"
    assert watcher.seen <= QUOTA
    if not dossier_process.is_sanitized():
        assert peak <= MEMORY
    assert watcher.lying_there() == metric(node, "dossier_staging_bytes") == metric(node, "dossier_staging_waiting") == 0

    wait_until_nothing_is_owed(node)
    with ApiClient(node.url) as api:
        for file, person in zip(files, people):
            kept = api.person(person["id"])
            assert kept["name"] == f"Person {file.number}"
            assert [(each["size"], each["sha256"]) for each in kept["files"]] == [(SIZE, file.whole.hexdigest())]
    arrived = sorted([part.digest for part in parts] for parts in slow_s3.objects.values())
    assert arrived == sorted(file.parts for file in files)
    assert slow_s3.uploads == {}
    assert [int(item["Size"]) for item in deployment.items().values()] == [SIZE] * FILES
