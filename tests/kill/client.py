"""A client in a thread of its own: submits, edits, renames, deletes, adds and removes files until its connection breaks."""

import http.client
import json
import random
import threading
import uuid

from ledger import InFlight, Record, Snapshot
from samples import form, sha256

LARGEST = 3 * 1024 * 1024
BROKEN = (OSError, http.client.HTTPException)
PLACES = ["Oslo", "São Paulo", "Zürich"]
TECHNOLOGIES = ["C++", "Rust", "Ada"]


class LineBroke(Exception):
    pass


class Client:
    def __init__(self, number, ledger, seed, largest=LARGEST):
        self.largest = largest
        self.number = number
        self.ledger = ledger
        self.random = random.Random(f"{seed} {number}")
        self.made = 0
        self.records = []  # its own people who are present
        self.in_flight = None
        self.refused = []  # answers that should not have come
        self.round = 0
        self.thread = None
        self.enough = False  # set from outside: the client stops after its present operation

    def start(self, address, round_number):
        self.round = round_number
        self.enough = False
        self.line = http.client.HTTPConnection(*address, timeout=60)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def join(self):
        self.thread.join(60)
        assert not self.thread.is_alive(), f"client {self.number} hangs"

    def finish(self, address, round_number):
        """Sends what was in flight until it is answered, and nothing else."""
        self.round = round_number
        self.line = http.client.HTTPConnection(*address, timeout=60)
        if self.in_flight:
            self._until_answered()
        self.line.close()

    def _run(self):
        try:
            if self.in_flight:
                self._until_answered()
            while not self.refused and not self.enough:
                self._something()
        except LineBroke:
            pass
        finally:
            self.line.close()

    # --- What it does

    def _something(self):
        if not self.records or self.random.random() < 0.45:
            return self._create()
        record = self.random.choice(self.records)
        self.random.choice([self._rename, self._edit, self._delete, self._add_files, self._add_files, self._remove_file])(record)

    def _content(self):
        return self.random.randbytes(max(1, int(self.largest ** self.random.random())))

    def _files(self):
        return [(f"file-{self.random.randrange(10**6)}.bin", self._content()) for _ in range(self.random.choice([1, 1, 2, 3]))]

    def _key(self):
        return uuid.UUID(int=self.random.getrandbits(128)).hex if self.random.random() < 0.5 else None

    def _create(self):
        self.made += 1
        record = Record(token=f"c{self.number}n{self.made}x{self.random.getrandbits(32):08x}")
        self.ledger.add(record)
        details = {"name": f"{record.token} First", "location": self.random.choice(PLACES),
                   "age": self.random.randrange(151), "technology": self.random.choice(TECHNOLOGIES)}
        files = self._files()
        after = Snapshot(**details, files=described(files))
        self._do("create", record, after, self._key(), 201, "POST", "/people", *form(details, files))
        self.records.append(record)

    def _add_files(self, record):
        files = self._files()
        after = with_files(record.state, record.state.files + described(files))
        self._do("add files", record, after, self._key(), 201, "POST", f"/people/{record.number}/files", *form({}, files))

    def _rename(self, record):
        self._change(record, name=f"{record.token} Name{self.random.randrange(10**6)}")

    def _edit(self, record):
        self._change(record, age=self.random.randrange(151), location=self.random.choice(PLACES))

    def _change(self, record, **change):
        after = Snapshot(**{**vars(record.state), **change})
        self._do("edit", record, after, None, 200, "PATCH", f"/people/{record.number}", json.dumps(change).encode(),
                 "application/json", {"If-Match": f'"{record.version}"'})

    def _delete(self, record):
        self._do("delete", record, None, None, 204, "DELETE", f"/people/{record.number}", b"", None,
                 {"If-Match": f'"{record.version}"'})
        self.records.remove(record)

    def _remove_file(self, record):
        if not record.files:
            return
        victim = self.random.choice(record.files)
        left = tuple(described_file(file) for file in record.files if file["id"] != victim["id"])
        self._do("remove a file", record, with_files(record.state, left), None, 204, "DELETE", f"/files/{victim['id']}", b"",
                 None, {"If-Match": f'"{victim["sha256"]}"'})

    # --- How it does it

    def _do(self, what, record, after, key, expected, method, path, body, content_type, headers=None):
        headers = dict(headers or {})
        if content_type:
            headers["Content-Type"] = content_type
        if key:
            headers["Idempotency-Key"] = key
        self.in_flight = InFlight(what, record, after, key, lambda: (expected, *self._send(method, path, body, headers)))
        self.ledger.count("bytes sent", len(body))
        self._settle(*self.in_flight.send())

    def _send(self, method, path, body, headers):
        try:
            self.line.request(method, "/api/v1" + path, body=body, headers=headers)
            answer = self.line.getresponse()
            text = answer.read()
        except BROKEN:
            raise LineBroke from None
        return answer.status, text

    def _settle(self, expected, status, text):
        """An answer came: the operation was acknowledged, or wrongly refused."""
        doing, self.in_flight = self.in_flight, None
        if status != expected:
            self.refused.append(f"{doing.what} of {doing.record.token}: {status}, not {expected}: {text[:500]!r}")
            raise LineBroke
        person = self._person_after(doing, text)
        if person is not None and Snapshot.of(person) != doing.after:
            self.refused.append(f"{doing.what} of {doing.record.token}: answered {Snapshot.of(person)}, not {doing.after}")
        doing.record.acknowledge(person, self.round)
        self.ledger.count(f"acknowledged: {doing.what}")

    def _person_after(self, doing, text):
        if doing.what == "delete":
            return None
        if text:
            return json.loads(text)
        # The answer to removing a file is empty. Note its acknowledgement before the next look, which may fail.
        doing.record.state = doing.after
        doing.record.touched_in = self.round
        self.ledger.count(f"acknowledged: {doing.what}")
        status, shown = self._send("GET", f"/people/{doing.record.number}", None, {})
        if status != 200:
            self.refused.append(f"look at {doing.record.token} after {doing.what}: {status} {shown[:300]!r}")
            raise LineBroke
        self.ledger.count(f"acknowledged: {doing.what}", -1)
        return json.loads(shown)

    def _until_answered(self):
        """After a restart only requests with a key are sent again. 409: the first try still holds the key."""
        doing = self.in_flight
        pause = threading.Event()
        while True:
            expected, status, text = doing.send()
            if status != 409:
                break
            pause.wait(0.1)
        self._settle(expected, status, text)
        self.ledger.count("sent again with its key")
        if doing.what == "create":
            self.records.append(doing.record)


def described(files):
    return tuple((name, len(content), sha256(content)) for name, content in files)


def described_file(file):
    return file["name"], file["size"], file["sha256"]


def with_files(state, files):
    return Snapshot(state.name, state.location, state.age, state.technology, files)
