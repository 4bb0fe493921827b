"""Makes every call to AWS that a node and the commands make. `of` has a node, command(), uploads() and versions()."""

from observing import wait_until, wait_until_nothing_is_owed
from samples import PNG, random_bytes
from uploads import begin_upload


def interrupt_an_upload(of):
    line, _ = begin_upload(of.node, 40 << 20, 30 << 20)
    wait_until(of.uploads, "parts are on their way to S3")
    line.close()


def make_all_calls(of, api, monkeypatch):
    large = random_bytes(20 << 20, seed=5)
    person = api.create({"name": "Anna Berg"}, [("photo.png", PNG), ("large.bin", large)])
    file = person["files"][1]
    part = api.call("GET", f"/files/{file['id']}/content", 206, headers={"Range": "bytes=9000000-9999999"})
    assert part.content == large[9000000:10000000]
    api.call("PATCH", f"/people/{person['id']}", 200, json={"name": "Anna Dahl"}, headers={"If-Match": "*"})
    wait_until_nothing_is_owed(api)
    assert len(api.call("GET", "/catalog?author=Anna Dahl", 200).json()["items"]) == 2
    assert api.call("GET", "/people", 200).json()["items"]

    interrupt_an_upload(of)
    wait_until(lambda: not of.uploads(), "the interrupted upload is gone", limit=40)
    for command in (["doctor", "--probe-writes", "--read-bytes"], ["catalog", "rebuild"], ["gc"], ["doctor"]):
        done = of.command(*command, monkeypatch=monkeypatch)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "permission" not in done.stdout and "refused" not in done.stderr, done.stdout + done.stderr

    api.call("DELETE", f"/people/{person['id']}", 204, headers={"If-Match": "*"})
    wait_until_nothing_is_owed(api)
    wait_until(lambda: not of.versions(), "no version is left")
    assert api.call("GET", "/people", 200).json()["items"] == []
    assert "AWS refused" not in of.node.log_text()
