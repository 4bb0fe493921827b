"""A client of /api/v1 that checks every answer against the server's own OpenAPI document."""

import requests

from api_contract import ApiContract
from samples import ANNA, PNG

TIMEOUT = 30


class ApiClient:
    def __init__(self, url, verify=True):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxies
        self.session.verify = verify
        document = self.session.get(url + "/api/v1/openapi.json", timeout=TIMEOUT)
        assert document.status_code == 200, document.text
        self.contract = ApiContract(document.json())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.session.close()

    def call(self, method, path, expect, **more):
        """Sends a request to /api/v1 + path; the answer must have the expected status and be as documented."""
        more.setdefault("timeout", TIMEOUT)
        more.setdefault("allow_redirects", False)
        answer = self.session.request(method, self.url + "/api/v1" + path, **more)
        assert answer.status_code == expect, \
            f"{method} {path}: {answer.status_code}, not {expect}\n{answer.content[:2000].decode('utf-8', 'replace')}"
        self.contract.check(method, answer)
        return answer

    def create(self, details=None, files=None, key=None, expect=201, **more):
        """Creates a person with files ([(name, bytes)]; by default one picture). Returns the answer's JSON."""
        files = [("photo.png", PNG)] if files is None else files
        headers = {"Idempotency-Key": key} if key else {}
        fields = {**ANNA, **(details or {})}
        body = [(name, (None, str(value))) for name, value in fields.items()]
        body += [("file_name", (name, content)) for name, content in files]
        return self.call("POST", "/people", expect, files=body, headers=headers, **more).json()

    def person(self, number):
        return self.call("GET", f"/people/{number}", 200).json()

    def content(self, file):
        return self.call("GET", f"/files/{file['id']}/content", 200).content

    def problem(self, method, path, expect, **more):
        """The problem document of a refused request."""
        answer = self.call(method, path, expect, **more)
        return answer.json()


def fields_of(problem):
    """The fields a problem document names, sorted."""
    return sorted(error["field"] for error in problem["errors"])
