"""Fixtures: one shared server, and servers of a test's own."""

import pathlib
import sys

import pytest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))

import dossier_process  # noqa: E402
from accounts import with_accounts  # noqa: E402
from api_client import ApiClient  # noqa: E402


def pytest_sessionstart(session):
    try:
        dossier_process.find_binary()
    except SystemExit as missing:
        pytest.exit(str(missing), returncode=4)


def assert_no_bugs_in_log(server):
    """A test may provoke refusals and warnings; an error in the log is a bug of ours."""
    bugs = [line for line in server.log_text().splitlines() if '"level":"error"' in line or '"level":"critical"' in line]
    assert not bugs, "the log tells of errors:\n" + "\n".join(bugs[:20])


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A server with its defaults, shared: a test must not count on what else is in it."""
    server = dossier_process.Server(tmp_path_factory.mktemp("site")).start()
    yield server
    server.stop()
    assert_no_bugs_in_log(server)


@pytest.fixture
def api(site):
    with ApiClient(site.url) as client:
        yield client


@pytest.fixture
def new_server(tmp_path):
    """Makes servers that end with the test: new_server(intake__files=3) is started already."""
    servers = []

    def make(*args, start=True, scheme="http", **settings):
        server = dossier_process.Server(tmp_path / f"server{len(servers)}", scheme)
        servers.append(server)
        return server.start(*args, **settings) if start else server

    yield make
    try:
        for server in servers:
            server.stop()
    finally:
        for server in servers:
            server.kill()


@pytest.fixture
def new_api():
    """Clients that are closed with the test."""
    clients = []

    def make(server, **more):
        clients.append(ApiClient(server.url, **more))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def closed(new_server):
    """A server with an account of each role, and a person with a file."""
    return with_accounts(new_server(worker__longest_sleep="200ms"))
