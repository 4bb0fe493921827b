"""What `dossier doctor` says about stores that are not as they should be, or are away."""

import json

import pytest

from observing import wait_until_nothing_is_owed
from services.aws import INDEX, REGION


@pytest.fixture
def filled(deployment, new_api):
    node = deployment.node()
    new_api(node).create()
    wait_until_nothing_is_owed(node)
    return deployment


def examine(deployment, *args, **settings):
    """The doctor's report and its exit code."""
    done = deployment.command("doctor", "--json", *args, **settings)
    assert done.stdout, done.stderr
    return json.loads(done.stdout), done.returncode


def findings(report, store, level=None):
    """{what: is} for the findings of a store."""
    return {found["what"]: found["is"] for one in report["stores"] if one["store"] == store for found in one["findings"]
            if level in (None, found["severity"])}


def test_a_deployment_that_is_in_order_gets_no_error(filled):
    report, code = examine(filled)
    assert code == 0 and report["in_step"] and report["compared"] and report["files"] == 1
    for store in ("records", "aws", "objects", "catalog"):
        assert findings(report, store, "error") == {}
    assert "MariaDB" in findings(report, "records")["version"]
    assert "environment" in findings(report, "aws")["credentials"]
    assert REGION in findings(report, "objects")["region"]
    for found in (found for one in report["stores"] for found in one["findings"] if found["severity"] != "note"):
        assert found["to_do"], found


def test_the_doctor_leaves_no_trace(filled):
    def state():
        return filled.objects(), filled.aws.versions(filled.bucket), filled.aws.uploads(filled.bucket), filled.items()
    before = state()
    assert examine(filled)[1] == 0
    assert state() == before
    report, _ = examine(filled, "--probe-writes")
    assert "written and erased" in findings(report, "objects")["writes"]
    assert state() == before


def test_how_the_bucket_is_set_up(filled):
    s3 = filled.aws.client("s3")
    s3.put_bucket_lifecycle_configuration(Bucket=filled.bucket, LifecycleConfiguration={"Rules": [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
         "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]})
    told = findings(examine(filled)[0], "objects")
    assert "after 7 days" in told["lifecycle"] and "AES256" in told["encryption"] and "cannot be made" in told["public_access"]
    assert "every version" in told["versioning"]
    s3.delete_public_access_block(Bucket=filled.bucket)
    s3.delete_bucket_encryption(Bucket=filled.bucket)
    told = findings(examine(filled)[0], "objects")
    assert "does not encrypt" in told["encryption"] and "Nothing keeps" in told["public_access"]


def test_an_upload_that_was_left_behind_is_named_and_repaired(filled):
    s3, key = filled.aws.client("s3"), "0123456789abcdef" * 2
    names = [f"{filled.prefix}/{key}", f"other/{key}", f"{filled.prefix}/report.pdf"]
    for name in names:
        upload = s3.create_multipart_upload(Bucket=filled.bucket, Key=name)
        s3.upload_part(Bucket=filled.bucket, Key=name, UploadId=upload["UploadId"], PartNumber=1, Body=b"half")
    report, code = examine(filled)
    assert code == 1 and not report["in_step"] and report["total_findings"] == 1
    left, = report["findings"]
    assert (left["kind"], left["key"], left["mendable"]) == ("unfinished_object", key, True)
    assert "--repair" in left["what_to_do"]
    told = filled.command("doctor").stdout
    assert key in told and "Part of an upload that was cut off. --repair erases it." in told and "report.pdf" not in told

    assert examine(filled, "--repair")[0]["repaired"] == 1
    node = filled.node()
    wait_until_nothing_is_owed(node)
    node.stop()
    report, code = examine(filled)
    assert code == 0 and report["in_step"]
    assert sorted(one["Key"] for one in s3.list_multipart_uploads(Bucket=filled.bucket)["Uploads"]) == sorted(names[1:])


def test_an_index_that_is_missing_is_an_error(filled):
    filled.aws.client("dynamodb").update_table(TableName=filled.table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": INDEX}}])
    report, code = examine(filled)
    assert code == 1 and INDEX in findings(report, "catalog", "error")["index"] and report["in_step"]


def test_a_user_who_may_not_write_is_told_which_privilege_is_missing(filled):
    filled.database.sql("CREATE USER 'reader'@'%' IDENTIFIED BY 'read-only'; "
                        f"GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX, REFERENCES ON {filled.schema}.* TO 'reader'@'%'")
    try:
        report, code = examine(filled, "--records", f"mysql://reader@127.0.0.1:{filled.database.port}/{filled.schema}",
                               records_password="read-only")
        assert code == 1 and "DELETE" in findings(report, "records", "error")["permission"]
    finally:
        filled.database.sql("DROP USER 'reader'@'%'")


def test_settings_of_the_database_that_lose_what_was_acknowledged(filled):
    filled.database.sql("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
    try:
        report, code = examine(filled)
        assert code == 0 and "innodb_flush_log_at_trx_commit is 2" in findings(report, "records", "warning")["durability"]
    finally:
        filled.database.sql("SET GLOBAL innodb_flush_log_at_trx_commit = 1")


def test_a_database_that_is_away_is_told_and_the_others_are_looked_at(filled):
    report, code = examine(filled, "--records", "mysql://dossier@127.0.0.1:1/dossier")
    assert code == 1 and "cannot be" in findings(report, "records", "error")["reachable"]
    assert not report["compared"] and "records" in report["not_compared"] and not report["in_step"]
    assert findings(report, "objects")["region"] and findings(report, "catalog")["key"]


def test_aws_that_is_away_is_told_and_the_database_is_looked_at(filled, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    report, code = examine(filled, records_password=filled.database.password)
    assert code == 1 and not report["compared"]
    assert "cannot be reached" in findings(report, "objects", "error")["reachable"]
    assert "cannot be reached" in findings(report, "catalog", "error")["reachable"]
    assert findings(report, "records")["version"] and findings(report, "records", "error") == {}


def test_a_bucket_and_a_table_that_do_not_exist_are_told_by_that(filled):
    report, code = examine(filled, "--objects", "s3://no-such-bucket-here", "--catalog", "dynamodb://no-such-table")
    assert code == 1 and "does not exist" in findings(report, "objects", "error")["exists"]
    assert "does not exist" in findings(report, "catalog", "error")["exists"]


def test_a_host_that_parameter_store_does_not_have_hides_nothing_else(filled):
    report, code = examine(filled, records_host="ssm:no-such-parameter")
    assert code == 1 and "no-such-parameter" in findings(report, "records", "error")["configuration"]
    assert findings(report, "objects")["region"] and findings(report, "catalog")["key"]


def test_nothing_that_answers_is_another_exit_code(filled, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    report, code = examine(filled, "--records", "mysql://dossier@127.0.0.1:1/dossier", records_password="any")
    assert code == 2 and not report["compared"]
