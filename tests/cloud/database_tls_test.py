"""A database that is reached over TLS: which servers Dossier trusts, which it does not, and what it says then; and tokens
of RDS instead of a password."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from certificates import Authority
from dossier_process import Server, run_command
from observing import wait_until
from services.mariadb import MariaDb
from token_door import TokenDoor

REFUSED = {"serve": ["serve", "--listen", "127.0.0.1:0"], "doctor": ["doctor"], "migrate": ["migrate"]}


class Secured:
    """A MariaDB with a certificate for `localhost`, whose users must come over TLS."""

    def __init__(self, folder):
        self.authority, self.stranger = Authority(folder, "authority"), Authority(folder, "stranger")
        self.identity = self.authority.issue("localhost")
        self.database = MariaDb(folder / "mariadb", "a-password-over-tls", durable=False, options=[
            f"--ssl-cert={self.identity.certificate}", f"--ssl-key={self.identity.key}", "--require-secure-transport=ON"]).start()

    def settings(self, host="localhost", authority=None, **more):
        return {"records": self.database.url(host=f"{host}:{self.database.port}"), "records_password": self.database.password,
                "mysql.ca_file": (authority or self.authority).certificate, **more}


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    one = Secured(tmp_path_factory.mktemp("secured"))
    yield one
    one.database.stop()


@pytest.fixture
def node(tmp_path):
    one = Server(tmp_path / "node")
    yield one
    one.kill()


def test_a_server_whose_certificate_is_right_is_trusted(secured, node, new_api):
    settings = secured.settings()  # without mysql.tls: "required" is the default
    node.start(settings=settings)
    api = new_api(node)
    person = api.create()
    assert api.person(person["id"])["name"] == "Anna Berg"
    node.stop()
    said = run_command("doctor", settings=settings, data=node.data)
    assert said.returncode == 0 and "The connection is encrypted (TLSv1." in said.stdout, said.stdout + said.stderr


def wrong_settings(secured):
    return {"another authority": secured.settings(authority=secured.stranger),
            "the system's authorities": secured.settings(**{"mysql.ca_file": ""}),
            "another name": secured.settings(host="127.0.0.1")}


@pytest.mark.parametrize("wrong", ["another authority", "the system's authorities", "another name"])
@pytest.mark.parametrize("verb", REFUSED)
def test_a_server_that_cannot_be_trusted_is_refused_with_what_to_do(secured, tmp_path, verb, wrong):
    done = run_command(*REFUSED[verb], settings=wrong_settings(secured)[wrong], data=tmp_path / "data")
    assert done.returncode != 0, done.stdout
    said = done.stdout + done.stderr
    assert "mysql.ca_file is the certificate of the authority" in said and "is for the host that is named here" in said, said


@pytest.mark.parametrize("verb", REFUSED)
def test_a_server_without_tls_is_refused(services, tmp_path, verb):
    database, _ = services
    done = run_command(*REFUSED[verb], data=tmp_path / "data", settings={
        "records": database.url(host=f"localhost:{database.port}"), "records_password": database.password})
    assert done.returncode != 0 and "TLS" in done.stdout + done.stderr, done.stdout + done.stderr


# --- Tokens

@pytest.fixture
def door(secured, services):
    """A TokenDoor in front of a database that has no TLS itself."""
    one = TokenDoor(secured.identity, services[0])
    yield one
    one.end()


@pytest.fixture
def at_the_door(secured, door, deployment):
    """Settings for a node at the door. There is no password; the environment's credentials sign the tokens."""
    return {**deployment.settings(), "records": door.database.url(deployment.schema, host=f"localhost:{door.port}"),
            "records_password": "", "mysql.tls": "required", "mysql.ca_file": secured.authority.certificate,
            "mysql.sign_in": "iam", "mysql.life_limit": "1s"}


def test_each_connection_signs_in_with_a_token_of_its_own(at_the_door, services, door, node, new_api):
    settings = at_the_door
    node.start(settings=settings)
    api = new_api(node)
    person = api.create()
    before = len(door.tokens)
    wait_until(lambda: api.person(person["id"]) and len(door.tokens) > before, "a connection is made anew")
    for token in door.tokens:
        asked = parse_qs(urlsplit(f"//{token}").query)
        assert urlsplit(f"//{token}").netloc == f"localhost:{door.port}"
        assert (asked["Action"], asked["DBUser"]) == (["connect"], ["dossier"])
        assert asked["X-Amz-Credential"][0].startswith(services[1].variables()["AWS_ACCESS_KEY_ID"])
        assert len(asked["X-Amz-Signature"][0]) == 64
    assert not [token for token in door.tokens if token in node.log_text()]
    node.stop()
    assert run_command("doctor", settings=settings, data=node.data).returncode == 0


def test_a_token_that_is_refused_is_told_and_the_node_goes_on_when_it_is_not(at_the_door, door, node, new_api):
    node.start(settings=at_the_door)
    person = new_api(node).create()
    door.open = False
    wait_until(lambda: requests.get(f"{node.url}/api/v1/people/{person['id']}").status_code == 503, "none is let in")
    assert requests.get(node.url + "/readyz").status_code == 200
    door.open = True
    wait_until(lambda: requests.get(f"{node.url}/api/v1/people/{person['id']}").status_code == 200, "it is let in again")


@pytest.mark.parametrize("wrong", [{"mysql.ca_file": ""}, {"mysql.tls": "off"}], ids=["not trusted", "no TLS"])
def test_a_token_is_sent_to_nobody_who_is_not_verified(at_the_door, door, tmp_path, wrong):
    done = run_command(*REFUSED["serve"], settings={**at_the_door, **wrong}, data=tmp_path / "data")
    assert done.returncode != 0 and "TLS" in done.stderr, done.stderr
    assert door.tokens == []
