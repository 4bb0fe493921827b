"""What the clients know: which operations were acknowledged, and which were cut off and may have happened or not.

A person is known by a token: a word of the name that no other person has and that a rename does not change. Each client
changes only its own people, so what must be on the server is known exactly, except for the one operation in flight."""

import dataclasses
import threading


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """All that a client knows of a person, except ids, times and version."""
    name: str
    location: str
    age: int
    technology: str
    files: tuple  # of (name, size, sha256), in order

    @staticmethod
    def of(person):
        return Snapshot(person["name"], person["location"], person["age"], person["technology"],
                        tuple((file["name"], file["size"], file["sha256"]) for file in person["files"]))


@dataclasses.dataclass
class Record:
    """A person of the ledger. `state` is what was acknowledged last; None: absent (not made yet, or deleted)."""
    token: str
    state: Snapshot | None = None
    number: int | None = None
    version: int = 0
    files: list = dataclasses.field(default_factory=list)  # as the API showed them last
    touched_in: int = 0  # the round in which it was changed last

    def acknowledge(self, person, round_number):
        """`person` is as the API shows it; None: gone."""
        self.touched_in = round_number
        self.state = Snapshot.of(person) if person else None
        if person:
            self.number, self.version, self.files = person["id"], person["version"], person["files"]


@dataclasses.dataclass
class InFlight:
    """A request that was sent and not answered. With a key it is sent again until it is answered."""
    what: str
    record: Record
    after: Snapshot | None
    key: str | None = None
    send: object = None  # sends it (again); returns status and JSON


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.records = {}
        self.counts = {}

    def add(self, record):
        with self.lock:
            self.records[record.token] = record

    def count(self, what, by=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + by
