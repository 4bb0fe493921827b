"""People who were folded by an earlier text policy are folded again while two nodes serve; one node is killed meanwhile."""

from observing import wait_until

COUNT = 3000


def test_two_nodes_fold_again_what_an_earlier_policy_folded(deployment, new_api):
    first = deployment.node(worker__longest_sleep="1h")
    deployment.sql("INSERT INTO person (name, location, age, technology, folded_name, folded_location, folded_technology, words, "
                   "file_count, has_files, version, created_at, updated_at, pending) "
                   "SELECT CONCAT('Łukasz Ångström ', seq), 'Zürich', 30, 'C++', CONCAT('before', seq), 'before', 'before', ' before', "
                   f"0, 0, 1, 0, 0, 0 FROM seq_1_to_{COUNT}")
    deployment.sql("UPDATE search_state SET policy = 0, swept_to = 0, sweep_end = 0")
    count = lambda sql: int(deployment.sql(sql)[0][0])
    first.stop()
    nodes = [deployment.node(), deployment.node()]
    wait_until(lambda: count("SELECT COUNT(*) FROM search_entry"), "some are folded again", limit=60)
    nodes[0].kill()
    # A person is added as a node of the version before adds one, which knows nothing of the index.
    deployment.sql("INSERT INTO person (name, location, age, technology, folded_name, folded_location, folded_technology, words, "
                   "file_count, has_files, version, created_at, updated_at) VALUES "
                   "('Zoë Berg', 'Ulm', 30, 'C', 'zoe berg', 'ulm', 'c', ' zoe berg ulm c', 0, 0, 1, 0, 0)")
    client = new_api(nodes[1])
    assert [each["name"] for each in client.call("GET", "/people", 200, params={"q": "zoe"}).json()["items"]] == ["Zoë Berg"]
    wait_until(lambda: count("SELECT COUNT(*) FROM person WHERE folded_name LIKE 'before%' OR pending = 1") <= 1, "all are folded again",
               limit=120)
    seen, cursor = 0, None
    while True:
        page = client.call("GET", "/people", 200, params={"q": "lukasz angstrom", "sort": "name", "limit": 100,
                                                          **({"cursor": cursor} if cursor else {})}).json()
        seen += len(page["items"])
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == COUNT
    assert count("SELECT COUNT(*) FROM person_word WHERE word = 'lukasz'") == COUNT, "nodes of the version before find them too"
    assert count("SELECT COUNT(*) FROM search_entry WHERE policy = 0") == 0
