"""A node is told to end while stores stand still: it ends in bounded time, cleanly, and the next node does its open tasks."""

import threading
import time

import requests

from observing import wait_until, wait_until_nothing_is_owed
from proxy import Proxy
from samples import ANNA, PNG, random_bytes


def test_a_node_ends_while_calls_to_s3_and_dynamodb_stand_still(deployment, new_api):
    objects, catalog = Proxy(deployment.aws.port), Proxy(deployment.aws.port)
    node = deployment.node(drain_time="1s", variables={
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{objects.port}", "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{catalog.port}"})
    waiting = []

    def ask(method, path, **more):
        def go():
            try:
                requests.request(method, node.url + path, timeout=60, **more)
            except requests.RequestException:
                pass  # the node ended
        waiting.append(threading.Thread(target=go))
        waiting[-1].start()

    try:
        kept = new_api(node).create()
        with objects.misbehaving("stalled"), catalog.misbehaving("stalled"):
            content = kept["files"][0]["content_url"]
            before = objects.taken, catalog.taken
            ask("GET", content)
            ask("GET", "/healthz")
            for size in (1_000, 20 << 20):
                ask("POST", "/api/v1/people", files={"file_name": ("large.bin", random_bytes(size))}, data=ANNA)
            requests.patch(f"{node.url}/api/v1/people/{kept['id']}", json={"name": "Anna Dahl"}, headers={"If-Match": "*"}, timeout=20)
            wait_until(lambda: objects.taken >= before[0] + 4 and catalog.taken >= before[1] + 2, "calls stand still in both stores")
            started = time.monotonic()
            node.stop()
            assert time.monotonic() - started < 20
    finally:
        for each in waiting:
            each.join()
        for proxy in (objects, catalog):
            proxy.end()
    other = deployment.node()
    wait_until(lambda: {item["Author"] for item in deployment.items().values()} == {"Anna Dahl"}, "the item has the new name")
    wait_until_nothing_is_owed(other)
    assert new_api(other).content(kept["files"][0]) == PNG
    assert len(deployment.objects()) == 1 and deployment.aws.uploads(deployment.bucket) == []
