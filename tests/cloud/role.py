"""AWS as it checks permissions: moto's authorisation turned on, and a role with the policy that Dossier is given."""

import copy
import itertools
import json
import pathlib
import string
import urllib.request

from services.aws import HOST_PARAMETER, INDEX, PASSWORD_PARAMETER, REGION

POLICY = pathlib.Path(__file__).resolve().parents[2] / "infra/policy/dossier.json"
ACCOUNT = "123456789012"
NUMBERS = itertools.count(1)
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
# Where AWS asks for one permission, moto asks for these.
MOTO_ASKS_FOR = {"s3:ListBucket": ["s3:HeadBucket"]}


def actions_of(statement):
    actions = statement["Action"]
    return actions if isinstance(actions, list) else [actions]


def all_actions():
    return [action for statement in json.loads(POLICY.read_text())["Statement"] for action in actions_of(statement)]


def policy_for(bucket, prefix, table):
    """The policy in infra/policy, with its placeholders filled in as Terraform does."""
    parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
    return json.loads(string.Template(POLICY.read_text()).substitute(
        bucket=bucket, prefix=prefix, table_arn=f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}", index=INDEX,
        host_parameter_arn=f"{parameter}/{HOST_PARAMETER}", password_parameter_arn=f"{parameter}/{PASSWORD_PARAMETER}",
        kms_key_arn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/an-invented-key"))


def without(policy, action):
    """The same policy without one permission."""
    less = copy.deepcopy(policy)
    for statement in less["Statement"]:
        statement["Action"] = [each for each in actions_of(statement) if each != action]
    less["Statement"] = [statement for statement in less["Statement"] if statement["Action"]]
    return less


def as_moto_reads_it(policy):
    """moto has names of its own for some actions, and only for S3 does it know which resource is meant."""
    translated = copy.deepcopy(policy)
    for statement in translated["Statement"]:
        actions = actions_of(statement)
        statement["Action"] = actions + [more for action in actions for more in MOTO_ASKS_FOR.get(action, [])]
        if not all(action.startswith("s3:") for action in actions):
            statement["Resource"] = "*"
    return translated


class Authorisation:
    """From begin() to end(), every call needs a signature by a known user, and a permission."""

    def __init__(self, aws):
        self.aws = aws

    def _ask_from_call(self, number):
        request = urllib.request.Request(f"{self.aws.endpoint}/moto-api/reset-auth", data=str(number).encode(), method="POST",
                                         headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=10).close()

    def begin(self):
        iam = self.aws.client("iam")
        name = f"admin-{next(NUMBERS)}"
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(ALL))
        self.admin = iam.create_access_key(UserName=name)["AccessKey"]
        self._ask_from_call(0)

    def end(self):
        self._ask_from_call("inf")

    def as_admin(self, service):
        import boto3
        return boto3.client(service, endpoint_url=self.aws.endpoint, region_name=REGION,
                            aws_access_key_id=self.admin["AccessKeyId"], aws_secret_access_key=self.admin["SecretAccessKey"])


class Role:
    """A user with exactly this policy, in the session of a role."""

    def __init__(self, authorisation, policy):
        self.authorisation, self.policy = authorisation, policy
        self.name = f"dossier-{next(NUMBERS)}"
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
        made = authorisation.as_admin("iam").create_role(RoleName=self.name, AssumeRolePolicyDocument=json.dumps(trust))
        self.allow(policy)
        self.session = authorisation.as_admin("sts").assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="test")["Credentials"]

    def allow(self, policy):
        self.authorisation.as_admin("iam").put_role_policy(RoleName=self.name, PolicyName="dossier",
                                                           PolicyDocument=json.dumps(as_moto_reads_it(policy)))

    def variables(self):
        return {"AWS_ACCESS_KEY_ID": self.session["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": self.session["SecretAccessKey"],
                "AWS_SESSION_TOKEN": self.session["SessionToken"]}
