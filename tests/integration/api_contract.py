"""Checks answers against the OpenAPI document: the operation, the status, the headers and the body must be in it."""

import datetime
import re
import urllib.parse

import jsonschema

FORMATS = jsonschema.FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def is_utc_time(text):
    if isinstance(text, str):
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text):
            raise ValueError(f"{text} is no RFC 3339 time in UTC")
        datetime.datetime.fromisoformat(text[:19])
    return True


# Statuses with which the engine and the guard may answer any request, before its operation is known.
BEFORE_ROUTING = {400, 403, 404, 405, 408, 413, 414, 415, 421, 431}
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


class ApiContract:
    def __init__(self, document):
        self.document = document
        self.resolver = jsonschema.RefResolver("", document)
        self.problem = {"$ref": self._problem_reference()}
        self.templates = [(re.compile(re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(path)) + "$"), path)
                          for path in sorted(document["paths"], key=lambda path: path.count("{"))]
        servers = document.get("servers", [{"url": ""}])
        self.prefix = urllib.parse.urlsplit(servers[0]["url"]).path.rstrip("/")

    def _problem_reference(self):
        for name in self.document["components"]["schemas"]:
            if name.lower() == "problem":
                return f"#/components/schemas/{name}"
        raise AssertionError("the document has no schema for problems")

    def resolve(self, node):
        while isinstance(node, dict) and "$ref" in node:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def operation(self, method, path):
        """The operation of a request, and its path in the document; None when there is none."""
        if self.prefix and path.startswith(self.prefix) and path not in self.document["paths"]:
            path = path[len(self.prefix):] or "/"
        for pattern, template in self.templates:
            if pattern.match(path):
                entry = self.document["paths"][template]
                found = entry.get(method.lower())
                if found is None and method == "HEAD":
                    found = entry.get("get")
                return found, template
        return None, None

    def operations(self):
        for template, entry in self.document["paths"].items():
            for method in METHODS:
                if method in entry:
                    yield method.upper(), template, entry[method]

    def check(self, method, answer):
        path = urllib.parse.urlsplit(answer.url).path
        where = f"{method} {path} → {answer.status_code}"
        operation, template = self.operation(method, urllib.parse.unquote(path))
        if operation is None:
            assert answer.status_code in BEFORE_ROUTING, f"{where}: not in the OpenAPI document"
            return self._check_body(where, method, answer, {"application/problem+json": {"schema": self.problem}})
        documented = operation["responses"]
        assert str(answer.status_code) in documented, \
            f"{where}: a status that {template} does not document (it has {', '.join(documented)})\n{answer.text[:500]}"
        response = self.resolve(documented[str(answer.status_code)])
        self._check_headers(where, answer, response)
        self._check_body(where, method, answer, response.get("content"))

    def _check_headers(self, where, answer, response):
        for name, header in response.get("headers", {}).items():
            header = self.resolve(header)
            value = answer.headers.get(name)
            if value is None:
                assert not header.get("required"), f"{where}: no {name} header"
                continue
            schema = self.resolve(header.get("schema", {}))
            if schema.get("type") == "integer":
                assert re.fullmatch(r"-?\d+", value), f"{where}: {name}: {value} is no whole number"
                value = int(value)
            self.validate(f"{where}: header {name}", value, header.get("schema", {}))

    def _check_body(self, where, method, answer, content):
        if method == "HEAD" or answer.status_code in (204, 304):
            assert answer.content == b"", f"{where}: has a body"
            return
        if not content:
            assert answer.content == b"", f"{where}: a body where none is documented: {answer.text[:300]}"
            return
        media_type = answer.headers.get("Content-Type", "").split(";")[0].strip()
        matching = [each for each in (media_type, media_type.split("/")[0] + "/*", "*/*") if each in content]
        assert matching, f"{where}: {media_type or 'no type'}, documented: {', '.join(content)}"
        if media_type == "application/json" or media_type.endswith("+json"):
            schema = content[matching[0]].get("schema")
            assert schema is not None, f"{where}: no schema"
            self.validate(where, answer.json(), schema)

    def validate(self, where, value, schema):
        checker = jsonschema.Draft202012Validator(schema, resolver=self.resolver, format_checker=FORMATS)
        wrong = sorted(checker.iter_errors(value), key=lambda error: list(error.absolute_path))
        assert not wrong, f"{where}: not as documented:\n" + "\n".join(
            f"  {'/'.join(map(str, error.absolute_path)) or '(whole)'}: {error.message[:300]}" for error in wrong[:10])
