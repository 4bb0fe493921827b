"""Where credentials of AWS come from, each source with secrets that can be recognised. A source returns the environment
variables that select it; it can be told to give useless credentials."""

import http.server
import json
import os
import threading
from urllib.parse import parse_qs

PLANTED = "planted7secret"
KEYS = {"AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": f"key-{PLANTED}-of-aws", "Token": f"token-{PLANTED}-of-aws"}
USELESS = {**KEYS, "AccessKeyId": "", "Message": f"not with {PLANTED}"}
# Variables that would select another source first.
ALL_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"]


class Endpoint(http.server.ThreadingHTTPServer):
    """Gives a container's credentials, and those of STS for a web identity, when the request has the right token."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Request)
        self.token, self.useless, self.asked = f"token-{PLANTED}-of-a-container", False, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, token, xml):
        self.asked += 1
        if self.useless or token != self.token:
            # Some services repeat the token that they were sent; so does this one.
            return 403, f"<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>no: {token}</Message></Error></ErrorResponse>"
        if not xml:
            return 200, json.dumps({**KEYS, "Expiration": "2099-01-01T00:00:00Z"})
        return 200, ("<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
                     f"<AccessKeyId>{KEYS['AccessKeyId']}</AccessKeyId><SecretAccessKey>{KEYS['SecretAccessKey']}</SecretAccessKey>"
                     f"<SessionToken>{KEYS['Token']}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
                     "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>")

    def end(self):
        self.shutdown()
        self.server_close()


class _Request(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def _send(self, token, xml):
        status, text = self.server.answer(token, xml)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        self._send(self.headers.get("Authorization"), xml=False)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._send(parse_qs(body).get("WebIdentityToken", [""])[0], xml=True)


def _write(file, text, mode=0o600):
    file.write_text(text)
    file.chmod(mode)
    return str(file)


def in_environment(folder, endpoint, useless):
    return {"AWS_ACCESS_KEY_ID": KEYS["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": "" if useless else KEYS["SecretAccessKey"],
            "AWS_SESSION_TOKEN": KEYS["Token"]}


def in_credentials_file(folder, endpoint, useless):
    name = "aws_secret_key" if useless else "aws_secret_access_key"
    return {"AWS_SHARED_CREDENTIALS_FILE": _write(
        folder / "credentials", f"[default]\naws_access_key_id = {KEYS['AccessKeyId']}\n{name} = {KEYS['SecretAccessKey']}\n"
        f"aws_session_token = {KEYS['Token']}\n")}


def of_process(folder, endpoint, useless):
    answer = json.dumps({**(USELESS if useless else KEYS), "SessionToken": KEYS["Token"], "Version": 1})
    program = _write(folder / "credentials.sh", f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\n", 0o700)
    return {"AWS_CONFIG_FILE": _write(folder / "config", f"[default]\ncredential_process = {program}\n")}


def of_container(folder, endpoint, useless):
    endpoint.useless = useless
    return {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{endpoint.url}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": _write(folder / "token", endpoint.token)}


def of_web_identity(folder, endpoint, useless):
    endpoint.useless = useless
    return {"AWS_ENDPOINT_URL_STS": endpoint.url, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/dossier",
            "AWS_WEB_IDENTITY_TOKEN_FILE": _write(folder / "token", endpoint.token)}


SOURCES = {"environment": in_environment, "credentials file": in_credentials_file, "credential_process": of_process,
           "container": of_container, "web identity": of_web_identity}


class Sources:
    """Sets the variables of one source, and removes those of the others."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.monkeypatch, self.endpoint = folder, monkeypatch, Endpoint()

    def use(self, which, useless=False):
        for name in ALL_VARIABLES:
            self.monkeypatch.delenv(name, raising=False)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            self.monkeypatch.setenv(name, os.devnull)
        for name, value in SOURCES[which](self.folder, self.endpoint, useless).items():
            self.monkeypatch.setenv(name, value)

    def end(self):
        self.endpoint.end()
