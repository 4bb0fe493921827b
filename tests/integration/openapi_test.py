"""The OpenAPI document itself."""

import json
import re

import jsonschema
import requests


def document_of(api):
    return api.contract.document


def test_is_openapi_3_1_and_valid_json(site):
    answer = requests.get(site.url + "/api/v1/openapi.json", timeout=10)
    assert answer.headers["Content-Type"].split(";")[0] == "application/json"
    document = json.loads(answer.content)
    assert re.fullmatch(r"3\.1\.\d", document["openapi"])
    assert document["info"]["title"] and document["info"]["version"]


def test_every_reference_leads_somewhere(api):
    def references(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    for reference in references(document_of(api)):
        api.contract.resolver.resolve(reference)


def test_every_schema_is_one(api):
    for schema in document_of(api)["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_has_every_operation_of_the_api(api):
    for method, path in [("POST", "/people"), ("GET", "/people"), ("GET", "/people/1"), ("PATCH", "/people/1"),
                         ("DELETE", "/people/1"), ("POST", "/people/1/files"), ("GET", "/files/1"),
                         ("DELETE", "/files/1"), ("GET", "/files/1/content"), ("HEAD", "/files/1/content"),
                         ("GET", "/catalog")]:
        operation, _ = api.contract.operation(method, "/api/v1" + path)
        assert operation is not None, f"{method} {path} is not in the document"


def test_every_operation_is_described_and_has_its_own_id(api):
    ids = []
    for method, path, operation in api.contract.operations():
        assert operation.get("summary"), f"{method} {path}: no summary"
        ids.append(operation["operationId"])
        assert any(status.startswith("2") for status in operation["responses"]), f"{method} {path}: no success"
        for parameter in re.findall(r"\{(\w+)\}", path):
            given = [api.contract.resolve(each) for each in
                     operation.get("parameters", []) + document_of(api)["paths"][path].get("parameters", [])]
            assert any(each["name"] == parameter and each["in"] == "path" and each["required"] for each in given)
    assert len(ids) == len(set(ids))


def test_there_is_a_page_to_read(site):
    answer = requests.get(site.url + "/api", timeout=10)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    for word in ("/people", "Idempotency-Key", "If-Match", "openapi.json"):
        assert word in answer.text, word
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_problem_types_have_their_place_on_that_page(api, site):
    page = requests.get(site.url + "/api", timeout=10).text
    problem = api.problem("GET", "/people/999999999", 404)
    fragment = problem["type"].split("#")[1]
    assert f'id="{fragment}"' in page
