"""A deployment of the origin, as its own application leaves one: a table of text in MySQL, a bucket, a table in DynamoDB."""

import hashlib
import itertools
import json

from services.mariadb import DATABASE
from services.aws import REGION

NUMBERS = itertools.count(1)
PASSWORD = "what-the-origin-uses"


def quoted(text):
    return "NULL" if text is None else "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


class Origin:
    def __init__(self, database, aws):
        number = next(NUMBERS)
        self.database, self.aws = database, aws
        self.schema, self.bucket, self.table = f"{DATABASE}_origin_{number}", f"origin-files-{number}", f"My_Table_{number}"
        self.user = f"origin{number}"  # this user may only read
        database.sql(f"CREATE DATABASE {self.schema} CHARACTER SET utf8mb4; USE {self.schema};"
                     "CREATE TABLE users (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(500), location VARCHAR(255),"
                     " age VARCHAR(255), technology VARCHAR(255));"
                     f"CREATE USER '{self.user}'@'%' IDENTIFIED BY '{PASSWORD}'; GRANT SELECT ON {self.schema}.* TO '{self.user}'@'%'")
        aws.client("s3").create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        aws.client("dynamodb").create_table(
            TableName=self.table, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "filename", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "filename", "KeyType": "HASH"}])

    def settings(self):
        return {"from.records": f"mysql://{self.user}@127.0.0.1:{self.database.port}/{self.schema}",
                "from.records_password": PASSWORD, "from.objects": f"s3://{self.bucket}",
                "from.catalog": f"dynamodb://{self.table}"}

    def add_people(self, rows):
        """Each row: (id, name, location, age, technology)"""
        values = ", ".join("(" + ", ".join([str(row[0]), *map(quoted, row[1:])]) + ")" for row in rows)
        self.database.sql(f"USE {self.schema}; SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; INSERT INTO users VALUES {values}")

    def correct(self, number, **columns):
        changes = ", ".join(f"{name} = {quoted(value)}" for name, value in columns.items())
        self.database.sql(f"USE {self.schema}; UPDATE users SET {changes} WHERE id = {number}")

    def add_object(self, key, content):
        self.aws.client("s3").put_object(Bucket=self.bucket, Key=key, Body=content)

    def add_item(self, key, author):
        item = {"filename": {"S": key}, **({"Author": {"S": author}} if author is not None else {})}
        self.aws.client("dynamodb").put_item(TableName=self.table, Item=item)

    def add_file(self, key, content, author):
        self.add_object(key, content)
        self.add_item(key, author)

    def state(self):
        """Everything that the origin holds, as one digest for each store."""
        s3 = self.aws.client("s3")
        objects = [(key, s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()) for key in self.aws.objects(self.bucket)]
        rows = self.database.sql(f"SELECT * FROM {self.schema}.users ORDER BY id; CHECKSUM TABLE {self.schema}.users")
        return [hashlib.sha256(repr(part).encode()).hexdigest()
                for part in (rows, objects, json.dumps(self.aws.items(self.table), sort_keys=True))]
