"""Any mix of embedded stores and the cloud's gives the same answers, and is in step in the end."""

import itertools

import pytest

from observing import wait_until_nothing_is_owed
from samples import PNG, random_bytes

MIXES = list(itertools.product(["sqlite", "mysql"], ["folder", "s3"], ["sqlite", "dynamodb"]))


@pytest.mark.parametrize("records,objects,catalog", MIXES)
def test_every_mix_keeps_its_promises(deployment, new_api, records, objects, catalog):
    mix = {"records": records, "objects": objects, "catalog": catalog}
    node = deployment.node(**mix)
    api = new_api(node)
    content = random_bytes(9 << 20)
    anna = api.create(files=[("photo.png", PNG), ("large.bin", content)], key="anna")
    gone = api.create({"name": "Somebody Else"})
    assert api.create(files=[("photo.png", PNG), ("large.bin", content)], key="anna")["id"] == anna["id"]
    api.call("PATCH", f"/people/{anna['id']}", 200, json={"name": "Anna Dahl"}, headers={"If-Match": "*"})
    api.call("DELETE", f"/people/{gone['id']}", 204, headers={"If-Match": "*"})
    wait_until_nothing_is_owed(node)
    assert [api.content(file) for file in api.person(anna["id"])["files"]] == [PNG, content]
    assert len(api.call("GET", "/catalog?author=Anna Dahl", 200).json()["items"]) == 2
    assert [person["id"] for person in api.call("GET", "/people?q=dahl", 200).json()["items"]] == [anna["id"]]
    node.stop()

    node.start(settings=deployment.settings(**mix))
    assert new_api(node).person(anna["id"])["name"] == "Anna Dahl"
    node.stop()
    report = deployment.command("doctor", "--read-bytes", "--data", str(node.data), **mix)
    assert report.returncode == 0, report.stdout + report.stderr
