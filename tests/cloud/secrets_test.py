"""Secrets that can be recognised are planted wherever secrets come from, and are found nowhere: in no log, page, metric,
report, error or process list."""

import json
import os
import pathlib
import subprocess

import pytest
import requests

import dossier_process
from credential_sources import PLANTED, SOURCES, Sources
from observing import wait_until_nothing_is_owed
from samples import PNG


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Sources of credentials. moto does not know these credentials, but without authorisation it accepts any."""
    one = Sources(tmp_path, monkeypatch)
    one.use("environment")
    yield one
    one.end()


@pytest.fixture
def planted(deployment, sources):
    """The deployment with a password that can be recognised, in Parameter Store too. All processes have the planted keys."""
    database, aws = deployment.database, deployment.aws
    before = database.password
    database.change_password(f"{PLANTED}-of-mysql")
    aws.put_parameters(f"127.0.0.1:{database.port}", database.password)
    yield deployment
    database.change_password(before)
    aws.put_parameters(f"127.0.0.1:{database.port}", before)


def assert_nothing_of_it(text, where):
    at = text.find(PLANTED)
    assert at < 0, f"in {where}: …{text[max(0, at - 200):at + 100]}…"


def look_at_process(node):
    listed = pathlib.Path(f"/proc/{node.process.pid}/cmdline").read_bytes().decode("utf-8", "replace")
    assert "serve" in listed
    assert_nothing_of_it(listed, "the process list")
    for task in pathlib.Path(f"/proc/{node.process.pid}/task").iterdir():
        assert_nothing_of_it((task / "comm").read_text(), "a thread's name")


PAGES = ["/", "/people", "/people/new", "/people/1", "/catalog", "/healthz", "/readyz", "/livez", "/metrics", "/api/v1/people",
         "/api/v1/openapi.json", "/nothing-here", "/people/99999", "/files/99999/content"]


def look_at_pages(node):
    for path in PAGES:
        answer = requests.get(node.url + path, timeout=30)
        assert_nothing_of_it(answer.text + str(answer.headers), path)


def look_at_output(done, what):
    assert_nothing_of_it(done.stdout, f"the output of {what}")
    assert_nothing_of_it(done.stderr, f"the errors of {what}")


def use_everything(deployment, node, api):
    person = api.create(files=[("photo.png", PNG), ("large.bin", os.urandom(9 << 20))])
    api.call("PATCH", f"/people/{person['id']}", 200, json={"name": "Somebody Else"}, headers={"If-Match": "*"})
    wait_until_nothing_is_owed(api)
    look_at_pages(node)
    look_at_process(node)


def keep_password(planted, where):
    """Puts the password there; returns the settings with which Dossier finds it."""
    folder = planted.folder / "node1"
    folder.mkdir()
    password = planted.database.password
    if where == "in the environment":
        return {"records_password": password}
    if where == "in the file":
        for place in (folder, planted.folder):
            (place / "dossier.toml").write_text(f'records_password = "{password}"\n')
        return {}
    if where == "in Secrets Manager":
        planted.aws.client("secretsmanager").create_secret(Name=planted.schema, SecretString=json.dumps(
            {"username": "dossier", "password": password, "engine": "mysql", "host": "127.0.0.1"}))
        return {"records_password": f"secretsmanager:{planted.schema}#password"}
    return {"records_host": "ssm:rds_host", "records_password": "ssm:rds-db-password"}


def assert_nothing_is_told(planted, new_api, settings):
    """Neither a node nor any command shows a secret. Returns the doctor's report, which says where the credentials come from."""
    node = planted.node(**settings)
    use_everything(planted, node, new_api(node))
    said = {}
    for command in (["config", "check"], ["doctor"], ["doctor", "--json"], ["gc"], ["catalog", "rebuild"], ["migrate"]):
        done = said[" ".join(command)] = planted.command(*command, **settings)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        look_at_output(done, command)
    node.stop()
    assert '"level":"debug"' in node.log_text(), "nothing is left out"
    assert_nothing_of_it(node.log_text(), "the log")
    return said["doctor"].stdout


@pytest.mark.parametrize("kept", ["in Parameter Store", "in Secrets Manager", "in the environment", "in the file"])
def test_a_node_at_work_tells_nothing_of_its_password(planted, new_api, kept):
    assert_nothing_is_told(planted, new_api, {"log.level": "debug", **keep_password(planted, kept)})


NAMES = {"credentials file": "profile default", "credential_process": "profile default", "container": "container",
         "web identity": "web identity"}


@pytest.mark.parametrize("source", NAMES)
def test_a_node_at_work_tells_nothing_of_its_credentials(planted, sources, new_api, source):
    sources.use(source)
    said = assert_nothing_is_told(planted, new_api, {"log.level": "debug", **keep_password(planted, "in Parameter Store")})
    assert f"The credentials come from {NAMES[source]}" in said, said


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("verb", [["doctor"], ["gc"], ["serve", "--listen", "127.0.0.1:0"]], ids=lambda verb: verb[0])
def test_credentials_that_cannot_be_used_are_not_shown(planted, sources, source, verb):
    sources.use(source, useless=True)
    done = planted.command(*verb, log__level="debug", **keep_password(planted, "in Parameter Store"))
    assert done.returncode != 0, done.stdout + done.stderr
    look_at_output(done, verb)


def test_a_password_that_was_changed_tells_nothing(planted, new_api):
    """The old password is refused, read again, and refused again."""
    node = planted.node(records_password="ssm:rds-db-password", log__level="debug", mysql__life_limit="1s")
    new_api(node).create()
    planted.database.change_password(f"{PLANTED}-the-next")
    planted.database.sql("SELECT 1")
    for (number,) in planted.database.sql("SELECT id FROM information_schema.processlist WHERE user = 'dossier'"):
        planted.database.sql(f"KILL {number}")
    assert requests.get(node.url + "/healthz", timeout=30).status_code == 503
    look_at_pages(node)
    look_at_process(node)
    done = planted.command("doctor", records_password="ssm:rds-db-password")
    said = done.stdout + done.stderr
    assert done.returncode == 1 and ("1045" in said or "denied" in said), said
    look_at_output(done, "doctor")
    planted.aws.put_parameters(f"127.0.0.1:{planted.database.port}", planted.database.password)
    node.stop()
    assert "refused" in node.log_text()
    assert_nothing_of_it(node.log_text(), "the log")


@pytest.mark.parametrize("wrong", ["serve", "doctor", "gc", "migrate"])
def test_a_wrong_password_is_not_shown(planted, wrong):
    done = planted.command(wrong, records_password=f"{PLANTED}-which-is-wrong")
    assert done.returncode != 0
    look_at_output(done, wrong)


def command(folder, *args, toml=None, **variables):
    if toml is not None:
        (folder / "dossier.toml").write_text(toml)
    env = {**dossier_process.environment(), **variables}
    return subprocess.run([dossier_process.find_binary(), *args], env=env, cwd=folder, capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL)


MISTAKES = {
    "a password in the URL": {"DOSSIER_RECORDS": f"mysql://dossier:{PLANTED}@db.example.com/dossier"},
    "a password with an @ in the URL": {"DOSSIER_RECORDS": f"mysql://dossier:{PLANTED}@x@db.example.com/dossier"},
    "a password in a bucket's URL": {"DOSSIER_OBJECTS": f"s3://key:{PLANTED}@bucket/prefix"},
    "a password in a table's URL": {"DOSSIER_CATALOG": f"dynamodb://key:{PLANTED}@table"},
    "a password in a file's URL": {"DOSSIER_RECORDS": f"postgres://me:{PLANTED}@db/x"},
    "the name is misspelt": {"DOSSIER_RECORDS_PASWORD": PLANTED},
    "a password in the host": {"DOSSIER_RECORDS_HOST": f"dossier:{PLANTED}@db.example.com", "DOSSIER_RECORDS": "mysql://dossier@/dossier"},
    "a password in an endpoint": {"AWS_ENDPOINT_URL": f"ftp://me:{PLANTED}@aws.example.com", "DOSSIER_OBJECTS": "s3://some-bucket"},
    "a password in an endpoint that exists": {"AWS_ENDPOINT_URL": f"http://me:{PLANTED}@127.0.0.1:1", "DOSSIER_OBJECTS": "s3://some-bucket"},
    "a reference that is none": {"DOSSIER_RECORDS_PASSWORD": f"ssm:{PLANTED} with spaces", "DOSSIER_RECORDS": "mysql://dossier@127.0.0.1:1/x"},
}
FILES = {
    "the file's string has no end": f'records_password = "{PLANTED}\n',
    "the file's value has no quotes": f"records_password = {PLANTED}\n",
    "the file's key is misspelt": f'records_pasword = "{PLANTED}"\n',
    "the file has it twice": f'records_password = "{PLANTED}"\nrecords_password = "{PLANTED}-2"\n',
}


@pytest.mark.parametrize("mistake", [*MISTAKES, *FILES])
@pytest.mark.parametrize("verb", [["config", "check"], ["doctor"], ["serve", "--listen", "127.0.0.1:0"]], ids=lambda verb: verb[0])
def test_a_mistake_in_the_settings_shows_no_secret(tmp_path, mistake, verb, monkeypatch):
    for name in ("AWS_ENDPOINT_URL",):
        monkeypatch.delenv(name, raising=False)
    done = command(tmp_path, *verb, toml=FILES.get(mistake), **MISTAKES.get(mistake, {}))
    assert done.returncode != 0 or verb == ["config", "check"], done.stdout
    look_at_output(done, f"{verb}, when {mistake}")


def test_a_password_as_a_flag_is_refused_and_not_repeated(tmp_path):
    done = command(tmp_path, "serve", "--records-password", PLANTED)
    assert done.returncode == 2 and "reference" in done.stderr, done.stderr
    look_at_output(done, "serve")
