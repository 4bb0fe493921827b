"""The proxy settings that docs/operations.md recommends, with Debian's nginx and caddy in front: pages, changes that a
browser would send, uploads, downloads; over TLS and without."""

import os
import pathlib
import re
import shutil
import socket
import subprocess

import pytest
import requests

from dossier_process import REPOSITORY
from observing import wait_until
from samples import ANNA, form, random_bytes

NAME = "dossier.example.org"
PASSWORD = "as long as it takes"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def recommended(kind):
    """The manual's block of settings for this proxy."""
    manual = (REPOSITORY / "docs/operations.md").read_text("utf-8")
    return re.search(rf"```{kind}\n(.*?)```", manual, re.DOTALL).group(1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", "key.pem", "-out", "certificate.pem", "-days", "2", "-subj", f"/CN={NAME}",
                    "-addext", f"subjectAltName=DNS:{NAME}"], cwd=folder, check=True, capture_output=True)
    return folder


class Proxy:
    """One of the two proxies, with the manual's settings for this address and port."""

    def __init__(self, kind, folder, scheme, port, upstream, certificate):
        self.scheme, self.port = scheme, port
        self.log = folder / "proxy.log"
        text = recommended(kind).replace("127.0.0.1:8080", f"127.0.0.1:{upstream}")
        make = self.nginx if kind == "nginx" else self.caddy
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(make(text, folder, certificate), stdout=log, stderr=log, cwd=folder,
                                            env={"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        wait_until(self.listens, f"{kind} listens; {self.log.read_text()}")

    def listens(self):
        assert self.process.poll() is None, self.log.read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def nginx(self, text, folder, certificate):
        (folder / "people").write_text(f"anna:{{PLAIN}}{PASSWORD}\n")
        text = text.replace("/etc/nginx/dossier.people", str(folder / "people"))
        text = text.replace("/etc/ssl/dossier.pem", str(certificate / "certificate.pem"))
        text = text.replace("/etc/ssl/dossier.key", str(certificate / "key.pem"))
        if self.scheme == "http":
            text = re.sub(r" *ssl_certificate.*\n", "", text).replace("443 ssl", str(self.port))
        text = text.replace("443 ssl", f"{self.port} ssl")
        temporary = "".join(f"{each}_temp_path {folder}/{each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;" if os.geteuid() == 0 else ""  # a user who may read this test's folder
        whole = f"{user} daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {temporary}\n{text}\n}}\n"
        (folder / "nginx.conf").write_text(whole)
        return ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]

    def caddy(self, text, folder, certificate):
        hashed = subprocess.run(["caddy", "hash-password", "--plaintext", PASSWORD], check=True, capture_output=True, text=True,
                                env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
        text = text.replace("HASH", hashed.stdout.strip())
        text = text.replace(NAME + " {", f"{self.scheme}://{NAME}:{self.port} {{")
        if self.scheme == "https":
            text = text.replace("{\n", f"{{\n    tls {certificate}/certificate.pem {certificate}/key.pem\n", 1)
        (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https disable_redirects\n}}\n{text}")
        return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Named(requests.adapters.HTTPAdapter):
    """Connects to the proxy for its host name, which no resolver knows."""

    def get_connection(self, url, proxies=None):
        return super().get_connection(url.replace(NAME, "127.0.0.1"), proxies)

    def get_connection_with_tls_context(self, request, verify, proxies=None, cert=None):
        request.url = request.url.replace(NAME, "127.0.0.1")
        return super().get_connection_with_tls_context(request, verify, proxies, cert)

    def add_headers(self, request, **_):
        request.headers["Host"] = self.host

    def init_poolmanager(self, *arguments, **more):
        super().init_poolmanager(*arguments, assert_hostname=NAME, server_hostname=NAME, **more)


@pytest.fixture(params=[(kind, scheme) for kind in ("nginx", "caddy") for scheme in ("https", "http")],
                ids=lambda each: "-".join(each))
def proxied(request, new_server, certificate, tmp_path):
    """(address as people type it, a session that gets there, the server)."""
    kind, scheme = request.param
    assert shutil.which(kind) or pathlib.Path(f"/usr/sbin/{kind}").exists(), f"install {kind}: tools/packages-test.txt"
    port = free_port()
    address = f"{scheme}://{NAME}:{port}"
    server = new_server(public_url=address)
    folder = tmp_path / "proxy"
    folder.mkdir(mode=0o755)
    tmp_path.chmod(0o755)
    proxy = Proxy(kind, folder, scheme, port, server.port, certificate)
    session = requests.Session()
    session.trust_env = False
    session.auth = ("anna", PASSWORD)
    session.verify = str(certificate / "certificate.pem")
    adapter = Named() if scheme == "https" else PlainNamed()
    adapter.host = f"{NAME}:{port}"
    session.mount(f"{scheme}://", adapter)
    yield address, session, server
    session.close()
    proxy.end()


class PlainNamed(Named):
    def init_poolmanager(self, *arguments, **more):
        requests.adapters.HTTPAdapter.init_poolmanager(self, *arguments, **more)


def test_people_work_through_the_recommended_proxy(proxied):
    address, session, server = proxied
    assert requests.get(f"http://127.0.0.1:{server.port}/", timeout=60).status_code == 200
    page = session.get(address + "/", timeout=60)
    assert page.status_code == 200 and "Dossier" in page.text
    assert ("Strict-Transport-Security" in page.headers) == address.startswith("https")

    content = random_bytes(3_000_000, seed=8)
    body, content_type = form(ANNA, [("notes.bin", content)])
    from_the_page = {"Origin": address, "Sec-Fetch-Site": "same-origin", "Content-Type": content_type}
    sent = session.post(address + "/", data=body, headers=from_the_page, allow_redirects=False, timeout=60)
    assert sent.status_code in (200, 303), sent.text
    person = session.get(address + "/api/v1/people", timeout=60).json()["items"][0]
    got = session.get(f"{address}/api/v1/files/{person['files'][0]['id']}/content", timeout=60)
    assert got.content == content

    changed = session.patch(f"{address}/api/v1/people/{person['id']}", json={"location": "Bergen"},
                            headers={"Origin": address, "If-Match": got.headers.get("x", '"1"')}, timeout=60)
    assert changed.status_code == 200, changed.text


def test_other_sites_change_nothing_through_it(proxied):
    address, session, _ = proxied
    body, content_type = form(ANNA, [("a.bin", b"x")])
    for origin in ("https://evil.example", address + "1", address.replace("dossier", "other"), "null"):
        sent = session.post(address + "/api/v1/people", data=body, headers={"Origin": origin, "Content-Type": content_type},
                            timeout=60)
        assert sent.status_code == 403, (origin, sent.text)


def test_nobody_gets_in_without_signing_in(proxied):
    address, session, _ = proxied
    session.auth = None
    assert session.get(address + "/people", timeout=60).status_code == 401
