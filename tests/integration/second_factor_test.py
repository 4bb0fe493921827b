"""The second factor: one-time codes, recovery codes, and giving the password again before what matters."""

import base64
import concurrent.futures
import hashlib
import hmac
import re
import sqlite3
import struct
import time


from accounts import PASSWORD, Visitor, user, with_accounts

SHORT = "tin drum7"


def code_at(secret, step):
    """RFC 6238, in Python."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


class Phone:
    """An authenticator app, whose codes are used one after the other: each works once."""

    def __init__(self, secret):
        self.secret = secret.replace(" ", "")
        self.step = int(time.time()) // 30 - 2

    def code(self):
        """The next code that was not used; at most one step ahead of the time."""
        self.step = max(self.step + 1, int(time.time()) // 30 - 1)
        while self.step > int(time.time()) // 30 + 1:
            time.sleep(0.5)
        return code_at(self.secret, self.step)


def set_up(visitor):
    page = visitor("GET", "/account/second-factor")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store" and "<svg class=\"qr-code\"" in page.text
    phone = Phone(re.search(r'id="secret">([A-Z2-7 ]+)<', page.text).group(1))
    page = visitor("POST", "/account/second-factor", data={"code": phone.code()})
    assert page.status_code == 200, page.text
    codes = re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", page.text)
    assert len(codes) == len(set(codes)) == 10
    return phone, codes


def give_code(visitor, code, follow="/sign-in/code"):
    return visitor("POST", follow, data={"code": code, "next": "/people"})


def half(server, name="editor", password=PASSWORD):
    visitor = Visitor(server)
    answer = visitor.sign_in(name, password)
    assert answer.status_code == 303 and answer.headers["Location"] == "/sign-in/code?next=%2F", answer.text
    return visitor


def test_signing_in_takes_a_code_too(closed):
    editor, elsewhere = Visitor(closed).signed_in("editor"), Visitor(closed).signed_in("editor")
    phone, _ = set_up(editor)
    assert editor("GET", "/people").status_code == 200, "the session that set it up goes on"
    assert elsewhere("GET", "/people").status_code == 303, "the others have ended"
    visitor = half(closed)
    assert visitor("GET", "/people").status_code == 303 and visitor("GET", "/api/v1/people").status_code == 401
    page = visitor("GET", "/sign-in/code?next=/people")
    assert page.status_code == 200 and "editor" in page.text and 'autocomplete="one-time-code"' in page.text
    wrong = give_code(visitor, "000000")
    assert wrong.status_code == 422 and "This code is wrong" in wrong.text
    right = give_code(visitor, phone.code())
    assert right.status_code == 303 and right.headers["Location"] == "/people"
    assert visitor("GET", "/people").status_code == 200
    assert visitor("GET", "/sign-in/code").status_code == 303, "it was used"


def test_a_code_works_once(closed):
    phone, _ = set_up(Visitor(closed).signed_in("editor"))
    first, second = half(closed), half(closed)
    code = phone.code()
    assert give_code(first, code).status_code == 303
    assert give_code(second, code).status_code == 422
    assert give_code(second, phone.code()).status_code == 303


def test_a_recovery_code_works_once_and_new_ones_replace_it(closed):
    editor = Visitor(closed).signed_in("editor")
    phone, codes = set_up(editor)
    assert "10 recovery codes" in editor("GET", "/account").text
    visitor = half(closed)
    assert give_code(visitor, codes[0].replace("-", " ").upper()).status_code == 303
    assert "9 recovery codes" in visitor("GET", "/account").text
    assert give_code(half(closed), codes[0]).status_code == 422
    page = editor("POST", "/account/recovery-codes")
    new = re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", page.text)
    assert len(new) == 10 and not set(new) & set(codes)
    assert give_code(half(closed), codes[1]).status_code == 422
    assert give_code(half(closed), new[1]).status_code == 303


def test_wrong_codes_end_the_sign_in_and_make_the_next_one_wait(closed):
    phone, _ = set_up(Visitor(closed).signed_in("editor"))
    visitor = half(closed)
    answers = [give_code(visitor, f"00000{i}") for i in range(5)]
    assert [one.status_code for one in answers] == [422] * 4 + [303]
    assert answers[-1].headers["Location"].startswith("/sign-in?again")
    assert Visitor(closed).sign_in("editor").status_code == 429, "it counts with the password"
    assert Visitor(closed).sign_in("viewer").status_code == 303
    assert give_code(visitor, phone.code()).status_code == 303 and visitor("GET", "/people").status_code == 303


def test_what_waits_ends_with_the_password_and_cannot_be_guessed(closed):
    phone, _ = set_up(Visitor(closed).signed_in("editor"))
    visitor = half(closed)
    user(closed, "reset", "editor", "--password-stdin", password="grey heron over the weir")
    assert give_code(visitor, phone.code()).headers["Location"].startswith("/sign-in?again")
    code = phone.code()
    for cookie in ("x", "A" * 43, "A" * 10_000, "\x00"):
        stranger = Visitor(closed)
        answer = stranger("POST", "/sign-in/code", data={"code": code}, headers={"Cookie": f"dossier-pending={cookie!r}"})
        assert answer.status_code in (303, 400, 431) and "dossier=" not in answer.headers.get("Set-Cookie", "")


def test_a_password_may_be_shorter_with_a_second_factor_only(closed):
    editor = Visitor(closed).signed_in("editor")

    def change(before, after):
        return editor("POST", "/account/password", data={"current": before, "password": after})

    assert change(PASSWORD, SHORT).status_code == 422
    phone, _ = set_up(editor)
    assert change(PASSWORD, "short7x").status_code == 422
    assert change(PASSWORD, SHORT).status_code == 303
    visitor = half(closed, password=SHORT)
    assert give_code(visitor, phone.code()).status_code == 303

    def drop(password):
        return editor("POST", "/account/second-factor/drop", data={"password": password})

    assert "at least 15 characters first" in drop(SHORT).text
    assert drop("wrong password, all of it").status_code == 422
    assert change(SHORT, PASSWORD).status_code == 303
    assert drop(PASSWORD).headers["Location"] == "/account?dropped"
    assert Visitor(closed).sign_in("editor").headers["Location"] == "/"


def test_an_admin_resets_a_lost_second_factor(closed):
    editor = Visitor(closed).signed_in("editor")
    set_up(editor)
    admin = Visitor(closed).signed_in("admin")
    assert "second factor" in admin("GET", "/accounts").text
    page = admin("POST", "/accounts/2", data={"do": "reset-factor"})
    link = re.search(r"/welcome/[\w-]+", page.text).group(0)
    assert editor("GET", "/people").status_code == 303, "its sessions have ended"
    assert Visitor(closed).sign_in("editor").status_code == 422, "it has no password"
    visitor = Visitor(closed)
    visitor("GET", link)
    assert visitor("POST", "/welcome", data={"password": "grey heron over the weir"}).headers["Location"] == "/"
    assert visitor("GET", "/people").status_code == 200


def test_a_link_does_not_pass_by_the_second_factor(closed):
    phone, _ = set_up(Visitor(closed).signed_in("editor"))
    admin = Visitor(closed).signed_in("admin")
    link = re.search(r"/welcome/[\w-]+", admin("POST", "/accounts/2", data={"do": "link"}).text).group(0)
    visitor = Visitor(closed)
    visitor("GET", link)
    answer = visitor("POST", "/welcome", data={"password": SHORT})
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in/code")
    assert visitor("GET", "/people").status_code == 303
    assert give_code(visitor, phone.code()).status_code == 303
    assert visitor("GET", "/people").status_code == 200


def test_the_command_drops_it(closed):
    set_up(Visitor(closed).signed_in("editor"))
    assert "2nd factor" in user(closed, "list")
    out = user(closed, "reset", "editor", "--drop-second-factor", "--password-stdin", password="grey heron over the weir")
    assert "no second factor any more" in out
    assert Visitor(closed).sign_in("editor", "grey heron over the weir").headers["Location"] == "/"


def test_a_wrong_code_does_not_set_it_up(closed):
    editor = Visitor(closed).signed_in("editor")
    page = editor("GET", "/account/second-factor")
    refused = editor("POST", "/account/second-factor", data={"code": "000000"})
    assert refused.status_code == 422 and "This code is wrong" in refused.text
    secret = r'id="secret">([A-Z2-7 ]+)<'
    assert re.search(secret, refused.text).group(1) == re.search(secret, page.text).group(1), "the app need not be set up again"
    assert Visitor(closed).sign_in("editor").headers["Location"] == "/"


def test_a_second_factor_may_be_required(new_server):
    server = with_accounts(new_server(sign_in__second_factor_required="yes"))
    editor = Visitor(server).signed_in("editor")
    answer = editor("GET", "/people")
    assert answer.status_code == 303 and answer.headers["Location"] == "/account?second-factor"
    assert editor("GET", "/api/v1/people").status_code == 403
    assert editor("POST", "/people/1/delete", data={"version": "1"}).status_code == 403
    assert "Set yours up to go on" in editor("GET", "/account?second-factor").text
    set_up(editor)
    assert editor("GET", "/people").status_code == 200
    admin = Visitor(server).signed_in("admin")
    assert admin("GET", "/accounts").status_code == 303


def test_a_token_does_not_stand_in_for_a_second_factor(new_server):
    server = with_accounts(new_server())
    editor = Visitor(server).signed_in("editor")
    page = editor("POST", "/account/tokens", data={"token": "before", "role": "editor", "days": "30"}).text
    token = page.split('id="token-secret">')[1].split("<")[0]
    server.stop()
    server.start(sign_in__second_factor_required="yes")
    program = Visitor(server)

    def ask():
        return program("GET", "/api/v1/people", headers={"Authorization": f"Bearer {token}"}).status_code

    assert ask() == 403
    set_up(Visitor(server).signed_in("editor"))
    time.sleep(3.1)  # what a node knows of a token is used for so long
    assert ask() == 200


def test_a_name_of_any_letters_fits_into_the_picture(closed):
    admin = Visitor(closed).signed_in("admin")
    for name in ("𝕬" * 100, "李" * 100, "x" * 100):
        page = admin("POST", "/accounts", data={"name": name, "role": "intake"}).text
        visitor = Visitor(closed)
        visitor("GET", re.search(r"/welcome/[\w-]+", page).group(0))
        assert visitor("POST", "/welcome", data={"password": PASSWORD}).status_code == 303
        assert visitor("GET", "/account/second-factor").status_code == 200


def test_signing_out_everywhere_ends_what_waits_too(closed):
    phone, _ = set_up(Visitor(closed).signed_in("editor"))
    waiting = half(closed)
    assert Visitor(closed).signed_in("admin")("POST", "/accounts/2", data={"do": "end"}).status_code == 200
    assert give_code(waiting, phone.code()).headers["Location"].startswith("/sign-in?again")


def test_a_set_up_that_was_begun_ends_with_the_password(closed):
    secret = r'id="secret">([A-Z2-7 ]+)<'
    thief, owner = Visitor(closed).signed_in("editor"), Visitor(closed).signed_in("editor")
    known = re.search(secret, thief("GET", "/account/second-factor").text).group(1)
    assert owner("POST", "/account/password", data={"current": PASSWORD, "password": "grey heron over the weir"}).status_code == 303
    assert re.search(secret, owner("GET", "/account/second-factor").text).group(1) != known


def test_the_command_drops_nothing_when_the_new_password_is_refused(closed):
    set_up(Visitor(closed).signed_in("editor"))
    user(closed, "reset", "editor", "--drop-second-factor", "--password-stdin", password=SHORT, expect=1)
    assert "2nd factor" in user(closed, "list")
    half(closed)


def test_many_wrong_passwords_at_once_are_not_free(closed):
    editor = Visitor(closed).signed_in("editor")
    with concurrent.futures.ThreadPoolExecutor(30) as pool:
        codes = list(pool.map(lambda _: Visitor.__call__(editor, "POST", "/account/confirm", data={"password": "wrong"}).status_code, range(30)))
    assert codes.count(422) <= 6 and 429 in codes, codes


def test_what_matters_asks_for_the_password_again(closed):
    admin = Visitor(closed).signed_in("admin")
    assert admin("GET", "/accounts").status_code == 200

    def let_pass(minutes):
        with sqlite3.connect(closed.data / "records.db", timeout=20) as database:
            database.execute("UPDATE account_session SET proved_at = proved_at - ?", (minutes * 60_000,))
        time.sleep(3.1)  # what a node knows of a session is used for so long

    let_pass(16)
    page = admin("GET", "/accounts")
    assert page.status_code == 303 and page.headers["Location"] == "/account/confirm?next=%2Faccounts"
    assert admin("POST", "/accounts/2", data={"do": "end"}).status_code == 200, "a form that was open may still be sent"
    let_pass(16)
    for method, path, there in (("POST", "/accounts/2", "%2Faccounts"), ("POST", "/accounts", "%2Faccounts"), ("GET", "/audit.ndjson", "%2Faudit.ndjson"),
                                ("POST", "/account/tokens", "%2Faccount"), ("GET", "/account/second-factor", "%2Faccount%2Fsecond-factor"),
                                ("POST", "/account/recovery-codes", "%2Faccount")):
        answer = admin(method, path, data={"do": "remove", "name": "x", "role": "admin"} if method == "POST" else None)
        assert answer.headers.get("Location") == "/account/confirm?next=" + there, path
    assert admin("GET", "/people").status_code == 200 and admin("GET", "/account").status_code == 200
    assert admin("GET", "/account/confirm?next=https://evil.example/").text.count('name="next" value="/"') == 1
    assert admin("POST", "/account/confirm", data={"password": "wrong", "next": "/accounts"}).status_code == 422
    right = admin("POST", "/account/confirm", data={"password": PASSWORD, "next": "/accounts"})
    assert right.headers["Location"] == "/accounts" and admin("GET", "/accounts").status_code == 200


def test_no_secret_is_in_the_log_or_the_audit_log(closed):
    editor = Visitor(closed).signed_in("editor")
    phone, codes = set_up(editor)
    give_code(half(closed), phone.code())
    time.sleep(1)
    told = closed.log_text() + closed.command("audit", "export").stdout
    assert phone.secret not in told and not any(code in told for code in codes) and "second_factor_set" in told
