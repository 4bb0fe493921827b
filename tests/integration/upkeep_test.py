"""A running server, besides requests: signals, warnings about files that others can read, probes under any host name."""

import os
import signal
import ssl
import subprocess

import pytest
import requests

from dossier_process import run_command
from observing import metric, wait_until
from raw_http import RawConnection, exchange, request


def logged(server, event):
    return [line for line in server.log_lines() if line["event"].startswith(event)]


def make_certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", "key.pem", "-out", "certificate.pem", "-days", "2", "-subj", f"/CN={name}"], cwd=folder, check=True,
                   capture_output=True)


def name_of_certificate(server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with RawConnection(server.address, tls=context) as connection:
        return connection.socket.getpeercert(binary_form=True)


def test_sighup_reads_the_certificate_again_and_keeps_running_connections(new_server, tmp_path):
    make_certificate(tmp_path, "first")
    server = new_server(scheme="https", tls__certificate_file=tmp_path / "certificate.pem", tls__key_file=tmp_path / "key.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    before = name_of_certificate(server)
    with RawConnection(server.address, tls=context) as kept:
        kept.send(request("GET", "/livez", close=False))
        assert kept.read_answer().status == 200
        make_certificate(tmp_path, "second")
        server.signal(signal.SIGHUP)
        wait_until(lambda: name_of_certificate(server) != before, "the new certificate is shown")
        kept.send(request("GET", "/livez", close=False))
        assert kept.read_answer().status == 200
    second = name_of_certificate(server)
    (tmp_path / "certificate.pem").write_text("no certificate")
    server.signal(signal.SIGHUP)
    wait_until(lambda: logged(server, "the certificate was not read again"), "that is told")
    assert name_of_certificate(server) == second
    assert server.running


def test_sighup_goes_on_in_a_new_log_file(new_server):
    server = new_server()
    moved = server.log_file.with_suffix(".1")
    os.rename(server.log_file, moved)
    server.signal(signal.SIGHUP)
    wait_until(server.log_file.exists, "a new log file")
    requests.get(server.url + "/livez", timeout=10)
    wait_until(lambda: logged(server, "request"), "it is written to")
    assert server.log_file.stat().st_mode & 0o077 == 0
    assert not [line for line in moved.read_text().splitlines() if "/livez" in line]


def test_what_is_open_to_others_is_told_at_start(new_server, tmp_path):
    make_certificate(tmp_path, "first")
    (tmp_path / "key.pem").chmod(0o644)
    server = new_server(start=False, scheme="https")
    server.data.mkdir(parents=True, mode=0o755)
    server.data.chmod(0o755)
    server.start(tls__certificate_file=tmp_path / "certificate.pem", tls__key_file=tmp_path / "key.pem")
    assert [line["to_do"].split()[1] for line in server.log_lines() if line["event"].endswith("is open to other users of this machine")] \
        == ["700", "600"]
    private = new_server()
    assert not [line for line in private.log_lines() if "open to other" in line["event"]]


def test_a_lock_that_is_a_link_is_not_followed(new_server, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("dear to somebody")
    server = new_server(start=False)
    server.data.mkdir(parents=True)
    (server.data / "lock").symlink_to(victim)
    with pytest.raises(AssertionError, match="is a link"):
        server.start()
    assert victim.read_text() == "dear to somebody"


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_probes_are_answered_under_any_name(site, path):
    for host in ("10.0.0.7:8080", "pod.cluster.local", "evil.example"):
        answer, = exchange(site.address, request("GET", path, host=host))
        assert answer.status == 200, (host, answer)
    answer, = exchange(site.address, f"GET {path} HTTP/1.0\r\n\r\n".encode())
    assert answer.status == 200
    answer, = exchange(site.address, request("GET", "/people", host="evil.example"))
    assert answer.status == 421


def test_the_number_of_retry_after_headers_is_one(new_server):
    server = new_server(http__connections=1)
    with RawConnection(server.address) as only:
        only.send(request("GET", "/livez", close=False))
        assert only.read_answer().status == 200
        answer, = exchange(server.address, request("GET", "/livez"))
        assert answer.status == 503
        assert [name for name, _ in answer.headers].count("retry-after") == 1


def test_lost_log_lines_are_counted(new_server):
    server = new_server()
    assert metric(server, "dossier_log_lines_lost_total") == 0


@pytest.mark.parametrize("given, why", [
    ("dossier.example.org:8443", "has a port"), ("https://dossier.example.org/people", "is a URL"), ("*.example.org", "wildcard"),
    ("[2001:db8::1]:80", "has a port"), ("münchen.example", "ASCII"), ("a b", "is not a host"), ("2001:db8::zz", "is not a host")])
def test_allowed_hosts_that_can_never_match_are_refused(given, why, tmp_path):
    done = run_command("config", "check", settings={"allowed_hosts": given}, cwd=tmp_path)
    assert done.returncode == 2 and why in done.stderr, done.stderr


@pytest.mark.parametrize("given", ["dossier.example.org", "ftp://a.example", "https://a.example/path", "https://a.example:x", "https://"])
def test_a_public_url_that_is_none_is_refused(given, tmp_path):
    done = run_command("config", "check", settings={"public_url": given}, cwd=tmp_path)
    assert done.returncode == 2 and given in done.stderr, done.stderr


def test_version_is_a_flag_too(tmp_path):
    flag, command = run_command("--version", cwd=tmp_path), run_command("version", cwd=tmp_path)
    assert flag.returncode == 0 and flag.stdout == command.stdout and flag.stdout.startswith("dossier ")
