"""The audit log: who did what to whom, in a chain that shows whether an entry was changed or taken out."""

import hashlib
import json
import re
import sqlite3

import pytest
import requests

from accounts import PASSWORD, Visitor, add_user, user, with_accounts
from dossier_process import run_command
from observing import wait_until
from samples import ANNA, PNG, form


def exported(server):
    done = server.command("audit", "export")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def verified(server, *args, expect=0):
    done = server.command("audit", "verify", *args)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


def by_command(server, statement, *values):
    """Somebody who can write the database."""
    with sqlite3.connect(server.data / "records.db", timeout=20) as database:
        return database.execute(statement, values).rowcount


def wait_until_chained(server):
    def chained():
        with sqlite3.connect(server.data / "records.db", timeout=20) as database:
            return database.execute("SELECT COUNT(*) FROM audit WHERE number IS NULL").fetchone()[0] == 0

    wait_until(chained, "every entry is chained", 20)


def entries(server, **wanted):
    wait_until_chained(server)
    return [one for one in exported(server) if all(one.get(key) == value for key, value in wanted.items())]


def test_what_people_do_is_noted_with_who_and_from_where(closed):
    editor = Visitor(closed).signed_in("editor")
    page = editor("GET", "/people/1/edit").text
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    body = {"version": version, "name": "Changed Name", "location": "Oslo", "age": "44", "technology": "Go"}
    assert editor("POST", "/people/1/edit", data=body).status_code == 303
    body, content_type = form({}, [("more.png", PNG)])
    assert editor("POST", "/people/1/files", data=body, headers={"Content-Type": content_type}).status_code == 303
    file = editor("GET", "/api/v1/people/1/files").json()["items"][-1]["id"]
    assert editor("POST", f"/files/{file}/remove").status_code == 303
    version = editor("GET", "/api/v1/people/1").json()["version"]
    assert editor("POST", "/people/1/delete", data={"version": version}).status_code == 303

    found = [one for one in entries(closed, to="person") if one.get("account") == 2]
    assert [one["what"] for one in found] == ["person_changed", "files_added", "file_removed", "person_deleted"]
    assert all(one["id"] == 1 and one["via"] == "visitor" and one["address"] == "127.0.0.1" and one["session"] > 0 for one in found)
    assert "name" in found[0]["detail"] and "Changed" not in json.dumps(found) and "more.png" not in json.dumps(found)
    assert found[2]["detail"] == f"file {file}"


def test_what_is_done_to_accounts_is_noted(closed):
    admin = Visitor(closed).signed_in("admin")
    assert admin("POST", "/accounts", data={"name": "Cora", "role": "viewer"}).status_code == 200
    for what in ({"do": "role", "role": "editor"}, {"do": "link"}, {"do": "end"}, {"do": "disable"}, {"do": "remove"}):
        assert admin("POST", "/accounts/5", data=what).status_code == 200
    page = admin("POST", "/account/tokens", data={"token": "backup", "role": "viewer", "days": "30"}).text
    token = page.split('id="token-secret">')[1].split("<")[0]
    assert admin("POST", "/account/tokens", data={"end": "1"}).status_code == 303
    new = "orange lamp beside nine canals"
    assert admin("POST", "/account/password", data={"current": PASSWORD, "password": new}).status_code == 303
    assert admin("POST", "/sign-out").status_code == 303

    found = entries(closed, account=1)
    assert [(one["what"], one["id"], one.get("detail")) for one in found] == [
        ("signed_in", 1, None), ("account_added", 5, "viewer"), ("link_made", 5, None), ("account_changed", 5, "editor"),
        ("link_made", 5, None), ("sessions_ended", 5, "all, and tokens"), ("account_changed", 5, "editor, disabled"),
        ("account_removed", 5, None), ("token_made", 1, "token 1, viewer"), ("token_ended", 1, "token 1"), ("password_set", 1, None),
        ("signed_out", 1, None)]
    for secret in (token, new, PASSWORD, "Cora", "backup"):
        assert secret not in json.dumps(exported(closed))


def test_commands_and_visitors_without_an_account_are_told_apart(closed):
    user(closed, "disable", "viewer")
    visitor = Visitor(closed)
    body, content_type = form(ANNA, [("photo.png", PNG)])
    assert visitor("POST", "/", data=body, headers={"Content-Type": content_type}).status_code == 303
    assert [one["what"] for one in entries(closed, via="command") if one["what"] != "audit_exported"] == ["account_added"] * 4 + ["account_changed"]
    created = entries(closed, what="person_created")
    assert len(created) == 2 and all("account" not in one and one["via"] == "visitor" for one in created)


def test_a_program_is_noted_by_its_token(closed):
    editor = Visitor(closed).signed_in("editor")
    page = editor("POST", "/account/tokens", data={"token": "sync", "role": "editor", "days": "30"}).text
    token = page.split('id="token-secret">')[1].split("<")[0]
    body, content_type = form(ANNA, [("photo.png", PNG)])
    made = requests.post(closed.url + "/api/v1/people", data=body, headers={"Content-Type": content_type, "Authorization": f"Bearer {token}"}, timeout=30)
    assert made.status_code == 201
    found = entries(closed, what="person_created")[-1]
    assert found["account"] == 2 and found["token"] == 1 and "session" not in found


def test_the_history_of_a_record_names_who(closed):
    editor = Visitor(closed).signed_in("editor")
    body, content_type = form({}, [("more.png", PNG)])
    assert editor("POST", "/people/1/files", data=body, headers={"Content-Type": content_type}).status_code == 303
    viewer = Visitor(closed).signed_in("viewer")
    assert "by <bdi>editor</bdi>" in viewer("GET", "/people/1").text
    user(closed, "remove", "editor")
    assert "by <bdi>an account that was removed</bdi>" in viewer("GET", "/people/1").text


def test_an_export_can_be_verified_without_dossier(closed):
    wait_until_chained(closed)
    before = bytes(32)
    lines = closed.command("audit", "export").stdout.splitlines()
    assert len(lines) >= 5
    for number, line in enumerate(lines, 1):
        text, found = re.fullmatch(r'(.*),"hash":"([0-9a-f]{64})"\}', line).groups()
        assert json.loads(line)["number"] == number
        before = hashlib.sha256(before + (text + "}").encode()).digest()
        assert before.hex() == found


@pytest.mark.parametrize("attack, told", [
    ("UPDATE audit SET account_id = 2 WHERE number = 3", "Entry 3 was changed"),
    ("UPDATE audit SET at = at + 1 WHERE number = 3", "Entry 3 was changed"),
    ("UPDATE audit SET detail = 'x' WHERE number = 3", "Entry 3 was changed"),
    ("UPDATE audit SET address = '10.0.0.1' WHERE number = 1", "Entry 1 was changed"),
    ("UPDATE audit SET hash = zeroblob(32) WHERE number = 3", "Entry 3 was changed"),
    ("DELETE FROM audit WHERE number = 3", "Entry 3 is missing"),
    ("DELETE FROM audit WHERE number <= 2", "Entry 1 is missing"),
    ("DELETE FROM audit WHERE number >= 4", "The last entries are missing"),
    ("UPDATE audit_chain SET last_hash = zeroblob(32)", "end of the chain"),
    ("UPDATE audit SET via = 99 WHERE number = 1", "Entry 1 was changed"),
])
def test_what_was_changed_by_hand_is_noticed(closed, attack, told):
    wait_until_chained(closed)
    assert "each follows from the one before" in verified(closed)
    closed.stop()
    assert by_command(closed, attack) > 0
    assert told in verified(closed, expect=1)


def test_the_beginning_cannot_be_taken_out_as_if_it_were_old(closed):
    wait_until_chained(closed)
    closed.stop()
    by_command(closed, "UPDATE audit_chain SET cut_number = 2, cut_hash = (SELECT hash FROM audit WHERE number = 2)")
    by_command(closed, "DELETE FROM audit WHERE number <= 2")
    assert "Entries up to 2 were taken out" in verified(closed, expect=1)


def test_nonsense_in_the_chain_is_told_and_ends_nothing(closed):
    wait_until_chained(closed)
    by_command(closed, "UPDATE audit_chain SET last_number = -50")
    admin = Visitor(closed).signed_in("admin")
    assert admin("GET", "/audit").status_code == 200
    assert closed.running
    assert closed.command("audit", "verify").returncode == 2
    by_command(closed, "UPDATE audit_chain SET last_number = 0, cut_number = -5")
    assert closed.command("audit", "verify").returncode == 2 and closed.running


def test_a_chain_that_was_computed_anew_differs_from_what_was_kept(closed):
    wait_until_chained(closed)
    kept = re.search(r"\d+:[0-9a-f]{64}", verified(closed)).group(0)
    assert verified(closed, "--entry", kept)
    closed.stop()
    # Somebody with the database changes the past and chains all of it again, perfectly.
    by_command(closed, "UPDATE audit SET address = '10.0.0.1', number = NULL, hash = NULL")
    by_command(closed, "UPDATE audit_chain SET last_number = 0, last_hash = zeroblob(32)")
    assert "each follows" in verified(closed)
    assert "not the one that was kept" in verified(closed, "--entry", kept, expect=1)
    for odd in ("1", "1:2", "x:" + "0" * 64, ":" + "0" * 64):
        assert closed.command("audit", "verify", "--entry", odd).returncode == 2
    assert "missing" in verified(closed, "--entry", "100000:" + "0" * 64, expect=1)


def test_the_end_of_the_chain_is_in_the_log(new_server):
    server = with_accounts(new_server(worker__forget_keys_after="4s"))

    def logged():
        return [line for line in server.log_lines() if line["event"] == "audit log"]

    wait_until(lambda: logged(), "the end of the chain is logged", 30)
    assert verified(server, "--entry", f"{logged()[0]['entry']}:{logged()[0]['hash']}")


def test_old_entries_are_cut_off_and_the_chain_stays_whole(new_server):
    server = new_server()
    requests.post(server.url + "/api/v1/people", json=ANNA, timeout=30)
    add_user(server, "admin", "admin")
    wait_until_chained(server)
    count = len(exported(server))
    server.stop()
    by_command(server, "UPDATE audit SET number = NULL, hash = NULL, at = at - 864000000 WHERE number <= 2")
    by_command(server, "UPDATE audit SET number = NULL, hash = NULL")
    by_command(server, "UPDATE audit_chain SET last_number = 0, last_hash = zeroblob(32)")
    verified(server)
    server.start(audit__keep="48h", worker__forget_keys_after="4s")
    wait_until(lambda: any(line["event"] == "old audit entries cut off" for line in server.log_lines()), "old entries are cut off", 30)
    wait_until_chained(server)
    left = exported(server)
    assert left[0]["number"] == 3 and "audit_cut" in [one["what"] for one in left] and len(left) >= count - 2
    told = verified(server)
    assert "Entries up to 2 were cut off" in told
    assert "cannot be compared" in verified(server, "--entry", "1:" + "0" * 64, expect=1)


def test_admins_search_it_and_nobody_else_sees_it(closed):
    wait_until_chained(closed)
    admin = Visitor(closed).signed_in("admin")
    wait_until_chained(closed)
    page = admin("GET", "/audit")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert "Person created" in page.text and 'href="/people/1"' in page.text and "a command on the server" in page.text
    assert "Person created" not in admin("GET", "/audit?what=signed_in").text.split("</form>")[-1]
    assert "Person created" in admin("GET", "/audit?person=1").text.split("</form>")[-1]
    assert "No entries" in admin("GET", "/audit?person=999").text
    assert "Signed in" in admin("GET", "/audit?account=1").text.split("</form>")[-1]
    assert "No entries" in admin("GET", "/audit?account=3").text
    for odd in ("what=%00", "account=-1", "person=abc", "before=99999999999999999999", "what=<script>"):
        assert admin("GET", f"/audit?{odd}").status_code in (200, 400), odd
    lines = admin("GET", "/audit.ndjson")
    assert lines.headers["Content-Type"] == "application/x-ndjson" and "attachment" in lines.headers["Content-Disposition"]
    assert [json.loads(line)["number"] for line in lines.text.splitlines()][:3] == [1, 2, 3]
    wait_until_chained(closed)
    assert entries(closed, what="audit_exported", account=1)
    for role in ("viewer", "editor", "intake"):
        visitor = Visitor(closed).signed_in(role)
        assert visitor("GET", "/audit").status_code == 403 and visitor("GET", "/audit.ndjson").status_code == 403
    assert Visitor(closed)("GET", "/audit").status_code == 303


def test_the_log_is_read_page_by_page(closed):
    admin = Visitor(closed).signed_in("admin")
    for i in range(60):
        assert admin("POST", "/accounts/2", data={"do": "role", "role": "viewer" if i % 2 else "editor"}).status_code == 200
    wait_until_chained(closed)
    numbers = []
    address = "/audit"
    while address:
        page = admin("GET", address).text
        numbers += [int(one) for one in re.findall(r'<span class="meta number">(\d+)</span>', page)]
        more = re.search(r'href="([^"]+)" rel="next"', page)
        address = more.group(1).replace("&amp;", "&") if more else None
    assert numbers == sorted(numbers, reverse=True) and numbers[-1] == 1 and len(numbers) == len(set(numbers)) >= 66


def test_an_idempotency_key_belongs_to_who_sent_it(closed):
    def submit(role, key="one-key"):
        visitor = Visitor(closed).signed_in(role)
        body, content_type = form(ANNA, [("photo.png", PNG)])
        return visitor("POST", "/api/v1/people", data=body, headers={"Content-Type": content_type, "Idempotency-Key": key})

    first, again, other = submit("editor"), submit("editor"), submit("admin")
    assert first.status_code == 201 and again.json()["id"] == first.json()["id"]
    assert other.status_code == 201 and other.json()["id"] != first.json()["id"]


def test_commands_do_not_migrate_data_that_an_older_version_may_still_serve(closed):
    closed.stop()
    by_command(closed, "DELETE FROM schema_migration WHERE number = 3")
    for command in (("audit", "verify"), ("audit", "export"), ("user", "list"), ("user", "add", "Zoe", "--role", "viewer", "--link")):
        done = closed.command(*command)
        assert done.returncode != 0 and "Run `dossier migrate" in done.stderr, command
    assert by_command(closed, "DELETE FROM schema_migration WHERE number = 3") == 0, "it is still missing"


def test_an_export_has_what_was_done_a_moment_ago(new_server):
    server = new_server(worker__longest_sleep="1h")
    add_user(server, "admin", "admin")
    add_user(server, "viewer", "viewer")
    assert [one["what"] for one in exported(server)] == ["account_added", "account_added", "audit_exported"]


def test_there_is_nothing_to_verify_where_there_is_no_data(tmp_path):
    for command in ("verify", "export"):
        done = run_command("audit", command, data=tmp_path / "nothing")
        assert done.returncode == 2 and "There is no data" in done.stderr
    assert not (tmp_path / "nothing").exists()
