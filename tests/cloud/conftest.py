"""Fixtures: MariaDB and moto, shared by all tests; for each test a database, a bucket and a table; nodes on them."""

import os
import pathlib
import sys

import pytest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "integration"), str(HERE.parent / "kill"), str(HERE.parents[1] / "tools")]

import dossier_process  # noqa: E402
from api_client import ApiClient  # noqa: E402
from deployment import Deployment  # noqa: E402
from services.aws import Aws  # noqa: E402
from services.mariadb import MariaDb  # noqa: E402


def pytest_sessionstart(session):
    try:
        dossier_process.find_binary()
    except SystemExit as missing:
        pytest.exit(str(missing), returncode=4)


@pytest.fixture(scope="session")
def services(tmp_path_factory):
    """MariaDB and moto. A test that freezes or stops one of them must start it again."""
    database = MariaDb(tmp_path_factory.mktemp("mariadb"), "first-password-of-the-tests").start()
    try:
        aws = Aws(tmp_path_factory.mktemp("aws")).start()
        os.environ.update(aws.variables())
        yield database, aws
        aws.stop()
    finally:
        database.stop()


@pytest.fixture
def deployment(services, tmp_path):
    one = Deployment(*services, tmp_path)
    yield one
    one.end()


@pytest.fixture
def new_api():
    clients = []

    def make(server, **more):
        clients.append(ApiClient(server.url, **more))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
