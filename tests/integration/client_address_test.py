"""Who a request came from, behind proxies that are named and others, and how often one client may ask."""

import pytest
import requests

from accounts import PASSWORD, Visitor, add_user, wait_until_closed, with_accounts
from observing import metric, wait_until
from samples import ANNA, PNG, form

PROXIED = {"proxies": "127.0.0.0/8, 10.0.0.0/8"}


def ask(server, path="/api/v1/people", client="198.51.100.7", method="GET", **more):
    headers = {"X-Forwarded-For": client, **more.pop("headers", {})} if client else more.pop("headers", {})
    with requests.Session() as program:
        program.trust_env = False
        return program.request(method, server.url + path, headers=headers, timeout=30, allow_redirects=False, **more)


def addresses_of_failures(server):
    return [line["address"] for line in server.log_lines() if line.get("security") == "sign_in_failed"]


@pytest.mark.parametrize("said, found", [
    ("198.51.100.7", "198.51.100.7"),
    ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
    ("203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
    ("127.0.0.1, 198.51.100.7", "198.51.100.7"),
    ("2001:db8::7", "2001:db8::7"),
    ("nonsense, 10.9.9.9", "10.9.9.9"),
    (None, "127.0.0.1"),
])
def test_the_client_is_who_the_named_proxies_saw(new_server, said, found):
    server = new_server(settings=PROXIED, start=False)
    add_user(server, "admin", "admin")
    server.start(settings=PROXIED)
    answer = ask(server, "/sign-in", said, "POST", data={"name": "admin", "password": "wrong"}, headers={"Origin": server.url})
    assert answer.status_code == 422, answer.text
    wait_until(lambda: addresses_of_failures(server) == [found], "the failure is in the log")


def test_a_proxy_that_is_not_named_is_not_believed_and_an_operator_is_told(new_server):
    server = new_server(start=False)
    add_user(server, "admin", "admin")
    server.start()
    for _ in range(3):
        ask(server, "/sign-in", "198.51.100.7", "POST", data={"name": "admin", "password": "wrong"}, headers={"Origin": server.url})
    wait_until(lambda: addresses_of_failures(server) == ["127.0.0.1"] * 3, "the failures are in the log")
    assert len([line for line in server.log_lines() if "proxy" in line["event"]]) == 1


def test_each_kind_of_request_has_a_limit_for_each_client(new_server):
    server = new_server(limits__intake=3, limits__search=2, limits__api=4, settings=PROXIED)
    body, content_type = form(ANNA, [("photo.png", PNG)])

    def submit(client):
        return ask(server, client=client, method="POST", data=body, headers={"Content-Type": content_type}).status_code

    assert [submit("198.51.100.7") for _ in range(4)] == [201, 201, 201, 429]
    assert submit("198.51.100.8") == 201
    assert [ask(server).status_code for _ in range(3)] == [200, 200, 429]
    assert [ask(server, "/people", headers={"Accept": "text/html"}).status_code for _ in range(1)] == [429]
    assert [ask(server, "/api/v1/people/1").status_code for _ in range(5)] == [200] * 4 + [429]
    assert ask(server, "/").status_code == 200, "pages that ask for little are not counted"
    assert ask(server, "/livez").status_code == 200
    # IPv6 clients have a whole network of addresses.
    assert [ask(server, client=f"2001:db8:0:1::{i}").status_code for i in range(3)] == [200, 200, 429]
    assert ask(server, client="2001:db8:0:2::1").status_code == 200


def test_a_refusal_says_when_to_come_back_and_is_counted(new_server):
    server = new_server(limits__search=1, settings=PROXIED)
    assert ask(server).status_code == 200
    answer = ask(server)
    assert answer.status_code == 429 and answer.headers["Content-Type"] == "application/problem+json"
    assert 50 <= int(answer.headers["Retry-After"]) <= 60
    page = ask(server, "/people", headers={"Accept": "text/html"})
    assert page.status_code == 429 and "Try again in" in page.text and int(page.headers["Retry-After"]) > 0
    assert metric(server, "dossier_security_events_total", event="limited") == 2
    wait_until(lambda: [line["limit"] for line in server.log_lines() if line.get("security") == "limited"] == ["search"] * 2, "both are in the log")


def test_what_comes_from_this_machine_is_not_limited(new_server):
    server = new_server(limits__search=1, limits__api=1)
    assert [ask(server, client=None).status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize("settings, headers", [({}, {"X-Forwarded-For": "198.51.100.7"}), (PROXIED, {"X-Forwarded-For": "127.0.0.1"}),
                                               ({"public_url": "https://dossier.example"}, {})])
def test_what_came_through_a_proxy_is_limited_whatever_it_says(new_server, settings, headers):
    server = new_server(limits__search=2, settings=settings)
    assert [ask(server, client=None, headers=headers).status_code for _ in range(3)] == [200, 200, 429]


def test_passwords_are_limited_by_address_whatever_the_name(new_server):
    server = new_server(settings=PROXIED, start=False)
    add_user(server, "admin", "admin")
    server.start(limits__sign_in=4, settings=PROXIED)
    tries = [ask(server, "/sign-in", "198.51.100.7", "POST", data={"name": f"name{i}", "password": "wrong"},
                 headers={"Origin": server.url}).status_code for i in range(5)]
    assert tries == [422] * 4 + [429]
    answer = ask(server, "/sign-in", "198.51.100.8", "POST", data={"name": "admin", "password": PASSWORD}, headers={"Origin": server.url})
    assert answer.status_code == 303


def test_a_token_has_a_limit_of_its_own(new_server):
    server = with_accounts(new_server(limits__search=2, settings=PROXIED))
    admin = Visitor(server).signed_in("admin")

    def make(name):
        page = admin("POST", "/account/tokens", data={"token": name, "role": "viewer", "days": "30"}).text
        return page.split('id="token-secret">')[1].split("<")[0]

    first, second = make("first"), make("second")

    def search(token, client):
        return ask(server, client=client, headers={"Authorization": f"Bearer {token}"}).status_code

    assert [search(first, f"198.51.100.{i}") for i in range(3)] == [200, 200, 429]
    assert search(second, "198.51.100.1") == 200
    wait_until_closed(Visitor(server))
