"""AWS on this machine: moto's server, with what the origin's deployment has: a bucket, a table, two parameters."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

from services.processes import Server

REGION = "eu-central-1"
BUCKET = "dossier-files"
TABLE = "dossier-catalog"
INDEX = "Author-index"
HOST_PARAMETER = "rds_host"
PASSWORD_PARAMETER = "rds-db-password"


def is_mark(key):
    """Whether this is the mark that says to which records a bucket or a table belongs, and not a file."""
    return key.rpartition("/")[2] == "dossier-records"


class Aws(Server):
    name = "aws"

    def command(self):
        return [sys.executable, "-B", str(pathlib.Path(__file__).with_name("moto_server.py")), "-H", "127.0.0.1", "-p", str(self.port)]

    def answers(self):
        try:
            with urllib.request.urlopen(f"{self.endpoint}/moto-api/data.json", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def variables(self):
        """The environment variables that AWS's own tools and Dossier read."""
        return {"AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
                "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "an-invented-secret-key",
                "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}

    def client(self, service):
        import boto3  # from the private environment
        given = self.variables()
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION,
                            aws_access_key_id=given["AWS_ACCESS_KEY_ID"], aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"])

    def make_everything(self, database_host, password, versioned=True):
        self.make_bucket(versioned)
        self.make_table()
        self.put_parameters(database_host, password)

    def make_bucket(self, versioned=True, name=BUCKET):
        s3 = self.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]})
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration={
            "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True})
        if versioned:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def make_table(self, name=TABLE):
        self.client("dynamodb").create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "filename", "AttributeType": "S"},
                                  {"AttributeName": "Author", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "filename", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[{
                "IndexName": INDEX, "Projection": {"ProjectionType": "ALL"},
                "KeySchema": [{"AttributeName": "Author", "KeyType": "HASH"},
                              {"AttributeName": "filename", "KeyType": "RANGE"}]}])

    def put_parameters(self, database_host, password):
        ssm = self.client("ssm")
        ssm.put_parameter(Name=HOST_PARAMETER, Value=database_host, Type="String", Overwrite=True)
        ssm.put_parameter(Name=PASSWORD_PARAMETER, Value=password, Type="SecureString", Overwrite=True)

    def objects(self, name=BUCKET):
        """{key: size} of the files"""
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=name)
        return {found["Key"]: found["Size"] for page in pages for found in page.get("Contents", []) if not is_mark(found["Key"])}

    def versions(self, name=BUCKET):
        """All versions and delete markers of files that are left, as (key, kind)."""
        pages = self.client("s3").get_paginator("list_object_versions").paginate(Bucket=name)
        return [(found["Key"], kind) for page in pages for kind in ("Versions", "DeleteMarkers") for found in page.get(kind, [])
                if not is_mark(found["Key"])]

    def uploads(self, name=BUCKET):
        return self.client("s3").list_multipart_uploads(Bucket=name).get("Uploads", [])

    def items(self, name=TABLE):
        """{filename: item}, with each attribute as its plain value"""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=name)
        return {found["filename"]["S"]: {attribute: next(iter(value.values())) for attribute, value in found.items()}
                for page in pages for found in page["Items"] if not is_mark(found["filename"]["S"])}


def aws_cli(aws, *words):
    """What `aws WORDS` answers, as JSON."""
    command = [str(pathlib.Path(sys.executable).parent / "aws"), *words, "--output", "json"]
    done = subprocess.run(command, env={**os.environ, **aws.variables()}, capture_output=True, text=True, check=True)
    return json.loads(done.stdout) if done.stdout.strip() else None
