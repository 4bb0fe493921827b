"""What a deployment is for: details in MySQL, bytes in S3, their description in DynamoDB, from any node."""

import signal
from urllib.parse import parse_qs, urlsplit

import requests

from observing import wait_until, wait_until_nothing_is_owed
from samples import PNG, random_bytes
from services.aws import aws_cli
from uploads import begin_upload


def test_a_person_submitted_at_one_node_is_found_at_the_other(deployment, new_api):
    one, other = deployment.node(), deployment.node()
    large = random_bytes(20 << 20)  # more than a part
    made = new_api(one).create({"name": "Zoë 👩‍🚀 Ångström"}, [("photo.png", PNG), ("large.bin", large)])
    there = new_api(other)
    found = there.person(made["id"])
    assert found == there.person(made["id"]) and found["name"] == "Zoë 👩‍🚀 Ångström"
    assert [there.content(file) for file in found["files"]] == [PNG, large]
    wait_until_nothing_is_owed(other)

    assert deployment.sql("SELECT name, age, technology FROM person") == [["Zoë 👩‍🚀 Ångström", "41", "C++"]]
    objects, items = deployment.objects(), deployment.items()
    assert sorted(objects.values()) == [len(PNG), len(large)]
    assert {f"files/{key}" for key in items} == objects.keys()
    for item in items.values():
        assert item["Author"] == "Zoë 👩‍🚀 Ångström"
    head = aws_cli(deployment.aws, "s3api", "head-object", "--bucket", deployment.bucket, "--key", next(iter(objects)))
    assert head["ServerSideEncryption"] == "AES256"
    item = aws_cli(deployment.aws, "dynamodb", "get-item", "--table-name", deployment.table, "--key",
                   '{"filename": {"S": "%s"}}' % next(iter(items)))
    assert item["Item"]["Author"] == {"S": "Zoë 👩‍🚀 Ångström"}

    report = deployment.command("doctor")
    assert report.returncode == 0, report.stdout + report.stderr


def test_a_range_of_a_large_file_is_read_from_s3(deployment, new_api):
    content = random_bytes(20 << 20, seed=3)
    api = new_api(deployment.node())
    file = api.create(files=[("large.bin", content)])["files"][0]
    part = api.call("GET", f"/files/{file['id']}/content", 206, headers={"Range": "bytes=9000000-17999999"})
    assert part.content == content[9000000:18000000]


def test_a_download_is_sent_to_s3_by_a_link_when_that_is_set_up(deployment, new_api):
    content = random_bytes(300_000, seed=4)
    node = deployment.node(s3__link_time="45s")
    api = new_api(node)
    picture, table = api.create(files=[("photo.png", PNG), ("a table.csv", content)])["files"]
    answer = requests.get(f"{node.url}{table['content_url']}?download", allow_redirects=False)
    link = answer.headers["Location"]
    assert answer.status_code == 307 and answer.content == b""
    assert link.startswith(f"{deployment.aws.endpoint}/{deployment.bucket}/files/") and "X-Amz-Expires=45" in link
    assert requests.get(link).content == content
    assert parse_qs(urlsplit(link).query)["response-content-disposition"] == [  # moto ignores this parameter
        "attachment; filename=\"a table.csv\"; filename*=UTF-8''a%20table.csv"]
    assert requests.get(link, headers={"Range": "bytes=100-199"}).content == content[100:200]
    shown = requests.get(f"{node.url}{picture['content_url']}", allow_redirects=False)
    assert shown.status_code == 200 and shown.content == PNG
    assert "X-Amz-Signature" not in node.log_text()
    api.call("DELETE", f"/files/{table['id']}", 204, headers={"If-Match": "*"})
    wait_until(lambda: requests.get(link).status_code in (403, 404), "the link of an erased file leads nowhere")


def test_a_rename_and_a_deletion_reach_every_store(deployment, new_api):
    api = new_api(deployment.node())
    person = api.create({"name": "Anna Berg"})
    api.call("PATCH", f"/people/{person['id']}", 200, json={"name": "Anna Dahl"}, headers={"If-Match": "*"})
    wait_until(lambda: {item["Author"] for item in deployment.items().values()} == {"Anna Dahl"}, "the item has the new name")
    assert [item["name"] for item in api.call("GET", "/catalog?author=Anna Dahl", 200).json()["items"]] == ["photo.png"]
    api.call("DELETE", f"/people/{person['id']}", 204, headers={"If-Match": "*"})
    api.call("GET", f"/people/{person['id']}", 404)
    wait_until(lambda: not deployment.items() and not deployment.objects(), "object and item are gone")
    wait_until(lambda: deployment.aws.versions(deployment.bucket) == [], "no version of the object is left")
    assert deployment.sql("SELECT COUNT(*) FROM person") == [["0"]]


def test_a_key_holds_at_every_node(deployment, new_api):
    one, other = new_api(deployment.node()), new_api(deployment.node())
    first = one.create(key="the-key")
    again = other.create(key="the-key")
    assert again["id"] == first["id"]
    other.create({"name": "Somebody Else"}, key="the-key", expect=422)
    assert deployment.sql("SELECT COUNT(*) FROM person") == [["1"]]


def test_what_a_killed_node_left_is_cleaned_up_by_the_other(deployment, new_api):
    doomed, other = deployment.node(), deployment.node()
    line, _ = begin_upload(doomed, 40 << 20, 30 << 20)
    wait_until(lambda: deployment.aws.uploads(deployment.bucket), "parts are on their way to S3")
    doomed.kill()
    line.close()
    wait_until(lambda: not deployment.aws.uploads(deployment.bucket), "the upload's parts are gone", limit=40)
    wait_until_nothing_is_owed(other)
    assert deployment.objects() == {} and deployment.items() == {}
    assert deployment.sql("SELECT COUNT(*) FROM file") == [["0"]]
    assert new_api(other).call("GET", "/people", 200).json()["items"] == []


def test_a_node_that_slept_past_its_lease_commits_nothing(deployment):
    sleeper, other = deployment.node(), deployment.node()
    line, rest = begin_upload(sleeper, 12 << 20, 10 << 20)
    wait_until(lambda: deployment.sql("SELECT COUNT(*) FROM file") == [["1"]], "the upload has begun")
    sleeper.signal(signal.SIGSTOP)
    try:
        # It may stop in the middle of a transaction: the server frees its locks when it has been silent for 90 seconds.
        wait_until(lambda: deployment.sql("SELECT COUNT(*) FROM file WHERE state = 0") == [["0"]],
                   "the other node reaps what the sleeper holds", limit=120)
    finally:
        sleeper.signal(signal.SIGCONT)
    line.sendall(rest)
    line.settimeout(60)
    status = int(line.recv(65536).split(b" ")[1])
    line.close()
    assert status in (409, 503), "the lease had ended, so nothing may be acknowledged"
    wait_until_nothing_is_owed(other, limit=60)
    wait_until(lambda: deployment.objects() == {}, "what came late is gone too")
    assert deployment.sql("SELECT COUNT(*) FROM person") == [["0"]]
    assert deployment.command("doctor").returncode == 0
