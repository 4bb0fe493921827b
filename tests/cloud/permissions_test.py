"""The policy in infra/policy is enough for all that the binary does, and each of its permissions is needed: without one,
what needs it fails, and the log and the doctor name it."""

import json

import pytest

from all_calls import interrupt_an_upload, make_all_calls
from deployment import Deployment
from observing import wait_until, wait_until_nothing_is_owed
from role import Authorisation, Role, all_actions, policy_for, without
from services.aws import is_mark

# Permissions that moto does not check, and why. All others in the policy are tried.
NOT_ASKED_BY_MOTO = {
    "s3:GetEncryptionConfiguration": "moto asks for s3:ListBucket instead",
    "s3:GetBucketPublicAccessBlock": "moto asks for s3:ListBucket instead",
    "s3:GetBucketObjectLockConfiguration": "moto asks for s3:ListBucket instead",
    "kms:Decrypt": "moto's S3 and Parameter Store do not ask KMS",
    "kms:GenerateDataKey": "moto's S3 does not ask KMS",
}
TRIED = [action for action in all_actions() if action not in NOT_ASKED_BY_MOTO]


class Restricted:
    """A deployment whose node and commands have the credentials of a role."""

    def __init__(self, services, folder):
        # Without a prefix: moto checks the signature of a query with a slash wrongly, even one from boto3.
        self.deployment = Deployment(*services, folder, prefix="")
        self.policy = policy_for(self.deployment.bucket, "", self.deployment.table)
        self.authorisation = Authorisation(self.deployment.aws)
        self.authorisation.begin()
        self.role = Role(self.authorisation, self.policy)
        self.settings = {"records_host": "ssm:rds_host", "records_password": "ssm:rds-db-password"}
        self.node = self.deployment.node(variables=self.role.variables(), **self.settings)

    def command(self, *args, monkeypatch):
        for name, value in self.role.variables().items():
            monkeypatch.setenv(name, value)
        return self.deployment.command(*args, **self.settings)

    def versions(self):
        s3 = self.authorisation.as_admin("s3")
        found = s3.list_object_versions(Bucket=self.deployment.bucket)
        return [one for one in found.get("Versions", []) + found.get("DeleteMarkers", []) if not is_mark(one["Key"])]

    def uploads(self):
        return self.authorisation.as_admin("s3").list_multipart_uploads(Bucket=self.deployment.bucket).get("Uploads", [])

    def end(self):
        try:
            self.role.allow(self.policy)
            self.deployment.end()
        finally:
            self.authorisation.end()


@pytest.fixture(scope="module")
def restricted(services, tmp_path_factory):
    one = Restricted(services, tmp_path_factory.mktemp("restricted"))
    yield one
    one.end()


def test_the_policy_is_enough(restricted, new_api, monkeypatch):
    make_all_calls(restricted, new_api(restricted.node), monkeypatch)


def read_a_file(restricted, api):
    file = api.create()["files"][0]
    yield
    api.call("GET", f"/files/{file['id']}/content", 500)


def submit(restricted, api):
    yield
    refused = api.create(expect=500)
    assert "trying again will not help" in json.dumps(refused), refused


def submit_and_describe(restricted, api):
    yield
    api.create()  # works; the catalog item waits


def submit_and_describe_many(restricted, api):
    yield
    api.create(files=[("first.txt", b"1"), ("second.txt", b"2")])
    wait_until_nothing_is_owed(api)  # the items are then written one by one


def delete(restricted, api):
    person = api.create()
    wait_until_nothing_is_owed(api)
    yield
    api.call("DELETE", f"/people/{person['id']}", 204, headers={"If-Match": "*"})


def cut_off_an_upload(restricted, api):
    yield
    interrupt_an_upload(restricted)


def look_up_an_author(restricted, api):
    yield
    api.call("GET", "/catalog?author=Anna Berg", 500)


OPERATIONS = {
    "s3:GetObject": read_a_file, "s3:PutObject": submit, "s3:DeleteObject": delete, "s3:DeleteObjectVersion": delete,
    "s3:ListBucketVersions": delete, "s3:ListBucketMultipartUploads": delete, "s3:AbortMultipartUpload": cut_off_an_upload,
    "dynamodb:PutItem": submit_and_describe, "dynamodb:BatchWriteItem": submit_and_describe_many,
    "dynamodb:DeleteItem": delete, "dynamodb:Query": look_up_an_author}
# Needed by a command, which fails and names the permission.
COMMANDS = {"s3:ListBucket": ["gc"], "dynamodb:GetItem": ["gc"], "dynamodb:Scan": ["catalog", "rebuild"], "ssm:GetParameter": ["gc"]}
# Needed by the doctor only, which says what it could not examine.
EXAMINED = {"s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:GetLifecycleConfiguration", "dynamodb:DescribeTable"}
WARNED_OF = EXAMINED | {"s3:ListBucketVersions", "s3:DeleteObjectVersion"}


def test_each_permission_is_tried_or_said_not_to_be():
    assert set(TRIED) == OPERATIONS.keys() | COMMANDS.keys() | EXAMINED
    assert set(NOT_ASKED_BY_MOTO) < set(all_actions())


@pytest.mark.parametrize("action", TRIED)
def test_without_it_what_needs_it_fails_and_names_it(restricted, new_api, monkeypatch, action):
    api = new_api(restricted.node)
    operation = OPERATIONS[action](restricted, api) if action in OPERATIONS else None
    if action in COMMANDS:
        api.create()  # otherwise there may be nothing to compare
        wait_until_nothing_is_owed(api)
    try:
        if operation:
            next(operation)
        seen = len(restricted.node.log_text())
        restricted.role.allow(without(restricted.policy, action))
        if operation:
            next(operation, None)
            wait_until(lambda: action in restricted.node.log_text()[seen:], f"the log names {action}")
        if action in COMMANDS:
            done = restricted.command(*COMMANDS[action], monkeypatch=monkeypatch)
            assert done.returncode == 2 and action in done.stderr, done.stdout + done.stderr
        report = restricted.command("doctor", "--json", "--probe-writes", monkeypatch=monkeypatch)
        findings = [found for store in json.loads(report.stdout)["stores"] for found in store["findings"]]
        level = "warning" if action in WARNED_OF else "error"
        named = [found for found in findings if action in found["is"] and found["severity"] == level]
        assert named and action in named[0]["is"] + named[0]["to_do"], report.stdout
        if level == "error":
            assert report.returncode == 1
    finally:
        restricted.role.allow(restricted.policy)
    wait_until_nothing_is_owed(api, limit=40)


def test_credentials_that_aws_does_not_know_are_said_to_be_so(restricted, monkeypatch):
    for name, value in restricted.role.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-right-one")
    done = restricted.deployment.command("doctor", records_password=restricted.deployment.database.password)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "does not accept this process's credentials" in done.stdout and "permission s3:" not in done.stdout, done.stdout
