"""What a call to AWS asks for, read from the request itself: IAM's name of the action, and the ARN of the resource."""

import fnmatch
import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

OF_A_BUCKET = {"list-type": "ListBucket", "versions": "ListBucketVersions", "uploads": "ListBucketMultipartUploads",
               "location": "GetBucketLocation", "versioning": "GetBucketVersioning", "object-lock": "GetBucketObjectLockConfiguration", "encryption": "GetEncryptionConfiguration",
               "publicAccessBlock": "GetBucketPublicAccessBlock", "lifecycle": "GetLifecycleConfiguration"}
OF_AN_OBJECT = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "POST": "PutObject"}


class Request:
    def __init__(self, head, body):
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, target, _ = first.split(" ")
        self.path, self.query = urlsplit(target).path, parse_qs(urlsplit(target).query, keep_blank_values=True)
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.body = body
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request", self.headers.get("authorization", ""))
        self.region, self.service = scope.groups() if scope else ("", "")


def requests_in(stream):
    """The requests of one connection."""
    at = 0
    while (end := stream.find(b"\r\n\r\n", at)) >= 0:
        head = bytes(stream[at:end])
        length = int((re.search(rb"\r\ncontent-length: *(\d+)", head, re.I) or [0, 0])[1])
        at = end + 4 + length
        if at > len(stream):  # the last request was cut off
            return
        yield Request(head, bytes(stream[end + 4:at]))


def asked_for(request, account):
    """(action, ARN) for each resource that the request names."""
    if request.service == "s3":
        return [_of_s3(request)]
    operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
    said = json.loads(request.body) if operation else {}
    place = f"arn:aws:{request.service}:{request.region}:{account}"
    if request.service == "dynamodb":
        index = f"/index/{said['IndexName']}" if "IndexName" in said else ""
        return [(f"dynamodb:{operation}", f"{place}:table/{table}{index}")
                for table in said.get("RequestItems", [said.get("TableName")])]
    if request.service == "ssm":
        return [(f"ssm:{operation}", f"{place}:parameter/{said['Name'].removeprefix('/')}")]
    assert request.service == "sts", request.headers  # GetCallerIdentity needs no permission
    return []


def _of_s3(request):
    bucket, _, key = unquote(request.path).lstrip("/").partition("/")
    if not key:
        which = [action for name, action in OF_A_BUCKET.items() if name in request.query]
        return "s3:" + (which[0] if which else "ListBucket"), f"arn:aws:s3:::{bucket}"
    if request.method == "DELETE":
        action = ("AbortMultipartUpload" if "uploadId" in request.query else
                  "DeleteObjectVersion" if "versionId" in request.query else "DeleteObject")
    else:
        action = OF_AN_OBJECT[request.method]
    return f"s3:{action}", f"arn:aws:s3:::{bucket}/{key}"


def grants(policy):
    """Every (action, resource) of the policy, the resource as the policy has it."""
    def listed(value):
        return value if isinstance(value, list) else [value]
    return [(action, resource) for statement in policy["Statement"]
            for action in listed(statement["Action"]) for resource in listed(statement["Resource"])]


def covers(grant, asked):
    return grant[0] == asked[0] and fnmatch.fnmatchcase(asked[1], grant[1])
