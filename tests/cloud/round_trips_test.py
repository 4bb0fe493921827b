"""How often a request goes to the stores: in the cloud the number of round trips costs the time."""

import contextlib

import requests

from observing import metric, read_metrics, wait_until
from samples import ANNA, PNG

# Long pauses, so that neither the worker nor the lease keeper asks anything in between.
QUIET = {"worker__longest_sleep": "1h", "worker__gather": "10m", "intake__lease": "1h"}
# Statements that belong to connecting, and the one that checks whether an idle connection still works.
CONNECTING = ("SET ", "SELECT CAST(UNIX_TIMESTAMP", "DO 0")


@contextlib.contextmanager
def statements_of_dossier(database):
    """Fills a list with the statements that the database was sent meanwhile, without those that belong to connecting."""
    sent = []
    database.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON")
    try:
        yield sent
    finally:
        rows = database.sql("SET GLOBAL general_log = OFF; SELECT command_type, argument FROM mysql.general_log "
                            "WHERE user_host LIKE 'dossier%' AND command_type IN ('Execute', 'Query') ORDER BY event_time")
        sent += [text for _, text in rows if not text.startswith(CONNECTING)]


def calls_to_aws(node):
    """{(service, operation): how many}"""
    counts = {}
    for (name, labels), value in read_metrics(node).items():
        named = dict(labels)
        if name == "dossier_store_call_duration_seconds_count" and named["store"] in ("s3", "dynamodb", "ssm"):
            counts[named["store"], named["operation"]] = value
    return counts


def quiet_node(deployment):
    """A node whose worker has ended its first round; next_task_due is the last call of that round."""
    node = deployment.node(**QUIET)
    wait_until(lambda: metric(node, "dossier_store_call_duration_seconds_count", operation="next_task_due"),
               "the worker's first round has ended")
    return node


def submit(line, node):
    answer = line.post(node.url + "/api/v1/people", files={"file_name": ("photo.png", PNG)}, data=ANNA)
    assert answer.status_code == 201, answer.text


def test_a_look_up_is_one_query_and_nothing_else(deployment):
    node = quiet_node(deployment)
    line = requests.Session()
    submit(line, node)
    before = calls_to_aws(node)
    look_ups = {
        "the API's": lambda: line.get(node.url + "/api/v1/people/1"),
        "the form's": lambda: line.post(node.url + "/employee", data={"employee_id": "1"}),
        "one of nobody": lambda: line.post(node.url + "/employee", data={"employee_id": "7"}),
    }
    for whose, look_up in look_ups.items():
        with statements_of_dossier(deployment.database) as sent:
            assert look_up().status_code == (404 if whose == "one of nobody" else 200)
        assert len(sent) == 1 and "FROM person" in sent[0], f"{whose}: {sent}"
    assert calls_to_aws(node) == before


def test_a_record_s_page_is_a_query_for_the_record_and_one_for_its_history(deployment):
    node = quiet_node(deployment)
    line = requests.Session()
    submit(line, node)
    before = calls_to_aws(node)
    with statements_of_dossier(deployment.database) as sent:
        assert line.get(node.url + "/people/1").status_code == 200
    assert len(sent) == 2 and "FROM person" in sent[0] and "FROM history" in sent[1], sent
    assert calls_to_aws(node) == before


def test_a_submission_is_two_transactions_and_one_put(deployment):
    node = quiet_node(deployment)
    line = requests.Session()
    submit(line, node)
    before = calls_to_aws(node)
    with statements_of_dossier(deployment.database) as sent:
        submit(line, node)
    assert sum(text == "START TRANSACTION" for text in sent) == 2, sent
    assert sum(text.endswith("COMMIT") for text in sent) == 2, sent
    assert len(sent) <= 13, sent  # including the entry of the audit log, and the statement that reads the person for the answer
    after = calls_to_aws(node)
    assert {call: after[call] - before.get(call, 0) for call in after if after[call] != before.get(call, 0)} == {
        ("s3", "PutObject"): 1}
