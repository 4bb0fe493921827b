"""The policy in infra/policy allows the resources that requests name, and no others. For most actions moto does not know
which table, index or parameter a request means, so each request is compared with the document."""

import pytest

from all_calls import make_all_calls
from named import asked_for, covers, grants, requests_in
from proxy import Proxy
from role import ACCOUNT, policy_for


class Recorded:
    """A deployment with a prefix, which records the requests of its node and its commands."""

    def __init__(self, deployment, monkeypatch):
        self.deployment, self.proxy = deployment, Proxy(deployment.aws.port, recording=True)
        self.settings = {"records_host": "ssm:rds_host", "records_password": "ssm:rds-db-password"}
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{self.proxy.port}")
        self.node = deployment.node(**self.settings)

    def command(self, *args, monkeypatch):
        return self.deployment.command(*args, **self.settings)

    def versions(self):
        return self.deployment.aws.versions(self.deployment.bucket)

    def uploads(self):
        return self.deployment.aws.uploads(self.deployment.bucket)

    def asked(self):
        """All that was asked for, as {(action, ARN)}."""
        return {one for stream in self.proxy.recorded for request in requests_in(stream) for one in asked_for(request, ACCOUNT)}


@pytest.fixture
def recorded(deployment, monkeypatch):
    one = Recorded(deployment, monkeypatch)
    yield one
    one.proxy.end()


def test_what_requests_name_is_allowed_and_nothing_else(recorded, new_api, monkeypatch):
    make_all_calls(recorded, new_api(recorded.node), monkeypatch)
    deployment = recorded.deployment
    granted, asked = grants(policy_for(deployment.bucket, f"{deployment.prefix}/", deployment.table)), recorded.asked()
    assert [one for one in sorted(asked) if not any(covers(grant, one) for grant in granted)] == [], "not allowed"
    unused = [grant for grant in granted if not any(covers(grant, one) for one in asked)]
    assert unused and all(action.startswith("kms:") for action, _ in unused), "allowed, and never asked for"
