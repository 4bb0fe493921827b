"""Reads what a server has, and compares it with what the clients know."""

import http.client
import json

from ledger import Snapshot
from observing import wait_until_nothing_is_owed
from samples import sha256

OLD_ONES = 25  # each check also reads so many people byte for byte who were not changed since the last check


class Look:
    """Reads what the server has, and compares it with the ledger."""

    def __init__(self, address, ledger, clients):
        self.line = http.client.HTTPConnection(*address, timeout=60)
        self.ledger = ledger
        self.in_flight = {client.in_flight.record.token: client for client in clients if client.in_flight}

    def get(self, path):
        self.line.request("GET", "/api/v1" + path)
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def everybody(self):
        """{token: person}"""
        found, cursor = {}, ""
        while True:
            status, text = self.get(f"/people?sort=oldest&limit=100{cursor}")
            assert status == 200, text
            page = json.loads(text)
            for person in page["items"]:
                token = person["name"].split()[0]
                assert token not in found, f"{token} is there twice: {found[token]} and {person}"
                found[token] = person
            if page["next_cursor"] is None:
                return found
            cursor = "&cursor=" + page["next_cursor"]

    def compare(self):
        """Asserts that every person of the ledger is as acknowledged, or as the request in flight would have made them."""
        found = self.everybody()
        unknown = found.keys() - self.ledger.records.keys()
        assert not unknown, f"nobody submitted {unknown}"
        for token, record in self.ledger.records.items():
            person = found.get(token)
            state = Snapshot.of(person) if person else None
            doing = self.in_flight[token].in_flight if token in self.in_flight else None
            allowed = [record.state] + ([doing.after] if doing else [])
            assert state in allowed, (f"{token}, last touched in round {record.touched_in}"
                                      f"{f', {doing.what} in flight' if doing else ''}:\n"
                                      f"  there:        {state}\n  acknowledged: {record.state}\n"
                                      f"  in flight:    {doing.after if doing else 'nothing'}")
            assert not person or person["version"] >= record.version, f"{token} went back to version {person['version']}"
        return found

    def settle(self, found, round_number):
        """For requests in flight without a key: finds out whether they happened, and notes that in the ledger."""
        for token, client in self.in_flight.items():
            doing = client.in_flight
            person = found.get(token)
            happened = (Snapshot.of(person) if person else None) == doing.after
            self.ledger.count("in flight at a kill, happened" if happened else "in flight at a kill, did not happen")
            if doing.key:
                continue
            if happened:
                doing.record.acknowledge(person, round_number)
                if doing.what == "create":
                    client.records.append(doing.record)
                if doing.what == "delete":
                    client.records.remove(doing.record)
            client.in_flight = None
        # A client that was cut off while it read its own change goes on from what is there now.
        for token, person in found.items():
            record = self.ledger.records[token]
            if record.number:
                record.version, record.files = person["version"], person["files"]

    def read_bytes(self, people):
        for person in people:
            for file in person["files"]:
                status, content = self.get(f"/files/{file['id']}/content")
                assert status == 200, f"{person['name']}: {file}: {status} {content[:200]!r}"
                assert len(content) == file["size"] and sha256(content) == file["sha256"], f"{person['name']}: {file}: damaged"
                self.ledger.count("files read byte for byte")
                self.ledger.count("bytes read", len(content))


def check_after_restart(server, ledger, clients, round_number, random_):
    look = Look(server.address, ledger, clients)
    found = look.compare()
    touched = [token for token, record in ledger.records.items() if record.touched_in >= round_number - 1 or
               token in look.in_flight]
    others = sorted(found.keys() - set(touched))
    chosen = set(touched) | set(random_.sample(others, min(OLD_ONES, len(others))))
    look.settle(found, round_number)
    look.read_bytes([found[token] for token in sorted(chosen) if token in found])
    for token in touched:
        if token not in found and ledger.records[token].number:
            status, _ = look.get(f"/people/{ledger.records[token].number}")
            assert status == 404, f"{token} was deleted, and is shown with {status}"
    return found


def drain(server, ledger, clients, round_number):
    """Waits until every request in flight is answered and no task is left."""
    for client in clients:
        client.finish(server.address, round_number)
        assert not client.refused, client.refused
    wait_until_nothing_is_owed(server, limit=60)
    look = Look(server.address, ledger, clients)
    found = look.compare()
    look.read_bytes(found.values())
    return found


def print_figures(ledger, kills, people, files, seconds):
    print(f"{kills} kills in {seconds:.0f} s; {people} people with {files} files in the end")
    for what in sorted(ledger.counts):
        number = ledger.counts[what]
        print(f"  {what}: {f'{number / 1e6:.1f} MB' if what.startswith('bytes') else number}")
