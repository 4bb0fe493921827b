"""People whom an earlier text policy folded are folded again while the server serves, also when it is killed meanwhile."""

import sqlite3

from observing import wait_until

COUNT = 4000


def people_of_before(count):
    """Rows that the index does not have, folded by rules that no longer exist."""
    for number in range(count):
        name = f"Łukasz Ångström {number:04}"
        yield (name, "Zürich", 30, "C++", f"before {name}", "before", "before", f" before{number}", 0, 0, 1, 0, 0, 0)


def write_people_of_before(data):
    with sqlite3.connect(data / "records.db") as records:
        records.executemany(
            "INSERT INTO person (name, location, age, technology, folded_name, folded_location, folded_technology, words, "
            "file_count, has_files, version, created_at, updated_at, pending) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            people_of_before(COUNT))
        records.execute("UPDATE search_state SET policy = 0, swept_to = 0, sweep_end = 0")
    records.close()


def ask(data, sql):
    records = sqlite3.connect(f"file:{data / 'records.db'}?mode=ro", uri=True)
    try:
        return records.execute(sql).fetchone()[0]
    finally:
        records.close()


def found(client, **query):
    ids, cursor = [], None
    while True:
        page = client.call("GET", "/people", 200, params={"limit": 100, **query, **({"cursor": cursor} if cursor else {})}).json()
        ids += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            return ids


def test_what_an_earlier_policy_folded_is_found_again_after_kills_in_the_middle(new_server, new_api):
    server = new_server()
    server.stop()
    write_people_of_before(server.data)
    for _ in range(3):
        server.start(worker__longest_sleep="50ms")
        so_far = ask(server.data, "SELECT COUNT(*) FROM search_entry")
        wait_until(lambda: ask(server.data, "SELECT COUNT(*) FROM search_entry") > min(so_far, COUNT - 1), "some are folded again",
                   limit=120)
        server.kill()
    server.start(worker__longest_sleep="50ms")
    client = new_api(server)
    added = client.call("POST", "/people", 201, json={"name": "Anna Lukaszewska", "location": "Oslo", "age": 30, "technology": "Go"})
    wait_until(lambda: ask(server.data, "SELECT swept_to >= sweep_end AND policy > 0 FROM search_state") == 1
               and ask(server.data, "SELECT COUNT(*) FROM person WHERE pending = 1") <= 1, "all are folded again", limit=240)
    everybody = found(client, q="lukasz angstrom", sort="name")
    assert everybody == list(range(1, COUNT + 1))
    assert found(client, q="before") == []
    assert found(client, q="lukas", location="osl") == [added.json()["id"]]
    assert found(client, q="0777", sort="age") == [778]
