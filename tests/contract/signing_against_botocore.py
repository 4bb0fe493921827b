"""Signs random requests with botocore and with ours: signing_against_botocore.py PROGRAM [COUNT] [SEED]

Ends with 0 when all signatures and presigned URLs agree.
"""
import datetime
import json
import random
import string
import subprocess
import sys
from unittest import mock
from urllib.parse import parse_qsl, quote, urlsplit

import botocore.auth
import botocore.hooks
import botocore.model
import botocore.signers
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

LETTERS = string.ascii_letters + string.digits + " -_.~!*'()/+=&%$@:;,?#[]{}|\\^`<>\"" + "åß漢🙂"


def word(chance, least, most, letters=LETTERS):
    return "".join(chance.choice(letters) for _ in range(chance.randint(least, most)))


def make_case(chance):
    service = chance.choice(["s3", "s3", "dynamodb", "ssm", "sts", "execute-api"])
    path = "/" + word(chance, 0, 30)
    if service != "s3":
        # botocore signs other services' paths as urllib3 would send them; those of a call are plain anyway.
        path = "/" + word(chance, 0, 20, string.ascii_letters + string.digits + " ~-_.$/é")
    return {
        "service": service,
        "method": chance.choice(["GET", "PUT", "POST", "DELETE", "HEAD"]),
        "endpoint": chance.choice(["https://host.example", "http://127.0.0.1:5000", "https://a.b-c.example:8443"]),
        "region": chance.choice(["us-east-1", "eu-central-1"]),
        "path": path,
        "query": {word(chance, 1, 8): word(chance, 0, 12) for _ in range(chance.randint(0, 5))},
        "headers": {
            f"x-{word(chance, 1, 10, string.ascii_letters)}-{number}": word(chance, 0, 5, "ab ")
            + word(chance, 1, 20, string.ascii_letters + "  /=,;\"")
            for number in range(chance.randint(0, 4))
        },
        "body": word(chance, 0, 40) if chance.random() < 0.5 else "",
        "payload_sha256": "",
        "access_key": word(chance, 16, 20, string.ascii_uppercase),
        "secret_key": word(chance, 1, 60),
        "token": word(chance, 20, 60, string.ascii_letters + "/+=") if chance.random() < 0.5 else "",
        "time": chance.randint(1_400_000_000, 1_900_000_000),
        "valid": chance.randint(1, 604_800),
    }


def request_of(case):
    url = case["endpoint"] + quote(case["path"], safe="/~")
    request = AWSRequest(method=case["method"], url=url, params=dict(case["query"]), headers=dict(case["headers"]),
                         data=case["body"].encode())
    # Ours always signs the body for S3; botocore leaves it out over TLS unless it is told not to.
    request.context["payload_signing_enabled"] = True
    return request


def by_botocore(case):
    who = Credentials(case["access_key"], case["secret_key"], case["token"] or None)
    now = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc)
    s3 = case["service"] == "s3"
    header_kind = botocore.auth.S3SigV4Auth if s3 else botocore.auth.SigV4Auth
    query_kind = botocore.auth.S3SigV4QueryAuth if s3 else botocore.auth.SigV4QueryAuth
    with mock.patch("botocore.auth.get_current_datetime", lambda *_: now.replace(tzinfo=None)):
        signed = request_of(case)
        header_kind(who, case["service"], case["region"]).add_auth(signed)
        presigned = request_of({**case, "body": ""})
        query_kind(who, case["service"], case["region"], expires=case["valid"]).add_auth(presigned)
    return signed, presigned


def parameters(url):
    return sorted(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def check(case, ours):
    signed, presigned = by_botocore(case)
    expected = signed.headers["Authorization"]
    given = ours["headers"]["Authorization"]
    if expected != given:
        return f"authorization\n  botocore {expected}\n  ours     {given}"
    theirs, mine = parameters(presigned.url), parameters(ours["presigned"])
    if theirs != mine:
        return f"presigned\n  botocore {theirs}\n  ours     {mine}"
    return None


def check_database_token(program):
    """The token of RDS is a presigned URL of a service that no random case has."""
    case = {"service": "rds-db", "method": "GET", "endpoint": "https://db.example:3306", "region": "eu-central-1",
            "path": "/", "query": {"Action": "connect", "DBUser": "some one"}, "headers": {}, "body": "",
            "payload_sha256": "", "access_key": "AKID", "secret_key": "secret", "token": "a/token",
            "time": 1_700_000_000, "valid": 900}
    done = subprocess.run([program], input=json.dumps(case) + "\n", capture_output=True, text=True, check=True)
    client = mock.Mock()
    client.meta.region_name = case["region"]
    who = Credentials(case["access_key"], case["secret_key"], case["token"])
    now = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc).replace(tzinfo=None)
    events = botocore.hooks.HierarchicalEmitter()  # kept here, because botocore only holds a weak reference
    client._request_signer = botocore.signers.RequestSigner(
        botocore.model.ServiceId("rds"), case["region"], "rds", "v4", who, events)
    with mock.patch("botocore.auth.get_current_datetime", lambda *_: now):
        theirs = botocore.signers.generate_db_auth_token(client, "db.example", 3306, "some one")
    ours = json.loads(done.stdout)["presigned"].removeprefix("https://")
    if parameters("https://" + theirs) != parameters("https://" + ours):
        sys.exit(f"token\n  botocore {theirs}\n  ours     {ours}")


def main():
    program, count, seed = sys.argv[1], int((sys.argv[2:] or ["2000"])[0]), int((sys.argv[3:] or ["1"])[0])
    chance = random.Random(seed)
    cases = [make_case(chance) for _ in range(count)]
    text = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(cases):
        sys.exit(f"{len(answers)} answers to {len(cases)} requests")
    for case, ours in zip(cases, answers):
        wrong = check(case, ours)
        if wrong:
            sys.exit(f"{wrong}\n  of {json.dumps(case, ensure_ascii=False)}")
    check_database_token(program)
    print(f"{count} requests signed alike")


if __name__ == "__main__":
    main()
