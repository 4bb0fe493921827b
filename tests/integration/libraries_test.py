"""Libraries that only the cloud's stores use: an embedded process does not load them, and a clear message says when they are missing."""

import pathlib

import pytest
import requests

from dossier_process import run_command
from observing import wait_until_nothing_is_owed
from samples import PNG

CURL, MARIADB = "libcurl.so.4", "libmariadb.so.3"
ELSEWHERE = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing",
             "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}


@pytest.fixture
def without(tmp_path):
    """Variables of a process that cannot load these libraries: it finds empty files of their names first."""
    def make(*names):
        folder = tmp_path / "libraries"
        folder.mkdir()
        for name in names:
            (folder / name).touch()
        return {"LD_LIBRARY_PATH": str(folder)}

    return make


def use(server, api):
    """Everything that an embedded server does every day."""
    person = api.create(files=[("a.png", PNG)])
    assert api.content(person["files"][0]) == PNG
    for path in ("/", "/people", f"/people/{person['id']}", "/healthz", "/metrics"):
        assert requests.get(server.url + path, timeout=10).status_code == 200, path
    api.call("DELETE", f"/people/{person['id']}", 204, headers={"If-Match": "*"})
    wait_until_nothing_is_owed(server)


def test_an_embedded_server_holds_no_library_of_the_cloud(new_server, new_api):
    server = new_server()
    use(server, new_api(server))
    held = pathlib.Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "libsqlite3" in held
    assert not [name for name in ("libcurl", "libmariadb", "libgnutls", "libldap") if name in held]


def test_an_embedded_server_works_where_there_are_none(new_server, new_api, without):
    server = new_server(variables=without(CURL, MARIADB))
    use(server, new_api(server))
    assert server.doctor()[1] == 0


@pytest.mark.parametrize("verb", ["serve", "doctor", "migrate"])
def test_records_in_mysql_without_its_library_say_what_to_install(tmp_path, without, verb):
    done = run_command(verb, "--records", "mysql://dossier@127.0.0.1:9/dossier", data=tmp_path / "data",
                       settings={"records_password": "a-password", "listen": "127.0.0.1:0"}, variables=without(MARIADB))
    assert done.returncode in (1, 2), done
    assert MARIADB in done.stdout + done.stderr and "Install Debian's package libmariadb3." in done.stdout + done.stderr


def test_files_in_s3_without_curl_say_what_to_install(tmp_path, without):
    done = run_command("serve", "--listen", "127.0.0.1:0", "--objects", "s3://dossier-files", data=tmp_path / "data",
                       variables={**ELSEWHERE, **without(CURL)})
    assert done.returncode == 1, done
    assert CURL in done.stderr and "Install Debian's package libcurl4." in done.stderr


def test_a_reference_without_curl_is_a_wrong_configuration(tmp_path, without):
    done = run_command("config", "check", data=tmp_path / "data", settings={"records": "ssm:/dossier/records"},
                       variables={**ELSEWHERE, **without(CURL)})
    assert done.returncode == 2, done
    assert CURL in done.stderr and "Install Debian's package libcurl4." in done.stderr
