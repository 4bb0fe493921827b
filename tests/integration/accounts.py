"""What the tests of accounts share: accounts of each role, and visitors that sign in."""

import subprocess
import time

import requests

from dossier_process import environment, find_binary
from samples import ANNA, PNG, form

PASSWORD = "violet kettle under seven rivers"
ROLES = ["intake", "viewer", "editor", "admin"]


def add_user(server, name, role, password=PASSWORD):
    """With the command, on the data of a server that runs or not."""
    done = subprocess.run([find_binary(), "user", "add", name, "--role", role, "--password-stdin", "--data", str(server.data)],
                          input=password + "\n", env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def user(server, *args, expect=0, password=None):
    done = subprocess.run([find_binary(), "user", *args, "--data", str(server.data)],
                          input=None if password is None else password + "\n", stdin=subprocess.DEVNULL if password is None else None,
                          env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


class Visitor:
    """A browser, as far as cookies and headers go."""

    def __init__(self, server):
        self.server = server
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept"] = "text/html"

    def __call__(self, method, path, **more):
        headers = {"Origin": self.server.url} if method not in ("GET", "HEAD") else {}
        headers.update(more.pop("headers", {}))
        return self.session.request(method, self.server.url + path, headers=headers, timeout=30, **{"allow_redirects": False, **more})

    def sign_in(self, name, password=PASSWORD):
        return self("POST", "/sign-in", data={"name": name, "password": password})

    def signed_in(self, name, password=PASSWORD):
        answer = self.sign_in(name, password)
        assert answer.status_code == 303, answer.text
        return self


def with_accounts(server):
    with requests.Session() as program:
        program.trust_env = False
        body, content_type = form(ANNA, [("photo.png", PNG)])
        assert program.post(server.url + "/api/v1/people", data=body, headers={"Content-Type": content_type}, timeout=30).status_code == 201
    for role in reversed(ROLES):  # the first one is an admin
        add_user(server, role, role)
    wait_until_closed(Visitor(server))
    return server


def wait_until_closed(visitor):
    """A server that runs notices the first account within seconds."""
    for _ in range(100):
        if visitor("GET", "/people").status_code == 303:
            return
        time.sleep(0.1)
    raise AssertionError("the server did not notice the first account")
