"""Erased means erased: once a record and its files are deleted, no file of Dossier's holds what they said."""

import re
import sqlite3
import time

from api_client import ApiClient
from observing import wait_until_nothing_is_owed

WORDS = {"name": "Quillfeather Zanzibari", "location": "Xylophoneville", "age": 41, "technology": "Brainwhisk"}
CONTENT = b"the unmistakable gooseberry memorandum " * 200
FILE = "vermilliondossier.txt"
NEEDLES = [b"quillfeather", b"zanzibari", b"xylophoneville", b"brainwhisk", b"gooseberry", b"vermillion", b"oneofakindkey"]


def found_in(folder):
    """Which of the words are in which files, whatever the case, also as UTF-16 and in hexadecimal."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        bytes_ = path.read_bytes()
        lower = bytes_.lower()
        for word in NEEDLES:
            if word in lower or word.decode().encode("utf-16-le") in lower or word.hex().encode() in lower:
                found.append((path.name, word.decode()))
    return found


def stored(server):
    with ApiClient(server.url) as client:
        made = client.create({**WORDS}, files=[(FILE, CONTENT)], key="oneofakindkey-1")
        changed = client.session.patch(f"{server.url}/api/v1/people/{made['id']}", json={"location": "Xylophoneville Upper"},
                                       headers={"If-Match": "*"}, timeout=30)
        assert changed.status_code == 200
        assert client.session.get(f"{server.url}/api/v1/people", params={"q": "quillfeather xylo"}, timeout=30).json()["items"]
    return made


def erase(server, made):
    with ApiClient(server.url) as client:
        assert client.session.delete(f"{server.url}/api/v1/people/{made['id']}", headers={"If-Match": "*"}, timeout=30).status_code == 204
    wait_until_nothing_is_owed(server)


def wait_until_nothing_is_left(server, limit):
    deadline = time.monotonic() + limit
    while found := found_in(server.data):
        assert time.monotonic() < deadline, found
        time.sleep(1)


def test_nothing_of_an_erased_person_is_left_in_any_file(new_server):
    server = new_server(worker__longest_sleep="200ms", worker__forget_keys_after="2s", worker__erase_again_after="0s")
    made = stored(server)
    wait_until_nothing_is_owed(server)
    names = {name for name, _ in found_in(server.data)}
    assert "records.db" in names or "records.db-wal" in names, "the test would find what is there"
    erase(server, made)
    wait_until_nothing_is_left(server, 45)
    server.stop()
    assert not found_in(server.data)
    assert not re.search("quillfeather|gooseberry|vermillion", server.log_text(), re.IGNORECASE)
    with sqlite3.connect(server.data / "records.db", timeout=20) as database:
        assert database.execute("SELECT COUNT(*) FROM audit WHERE what = 'person_deleted'").fetchone()[0] == 1
