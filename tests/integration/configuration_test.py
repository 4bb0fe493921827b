"""Settings in four layers, errors that help, and what `serve` refuses."""

import http.client
import pathlib
import re
import socket
import tomllib

import pytest
import requests

import dossier_process
from dossier_process import run_command
from samples import ANNA


def check(tmp_path, *args, settings=None, toml=None):
    """`dossier config check` in a folder of its own: ({setting: (value, origin)}, the process)."""
    if toml is not None:
        (tmp_path / "dossier.toml").write_text(toml)
    done = run_command("config", "check", *args, settings=settings, cwd=tmp_path)
    return done


def line_of(text, name):
    found = [line for line in text.splitlines() if re.match(rf"\W*{re.escape(name)}\b", line)]
    assert len(found) == 1, f"{name} in:\n{text}"
    return found[0]


def test_every_setting_is_in_the_example_and_in_the_operations_manual(tmp_path):
    root = pathlib.Path(__file__).resolve().parents[2]
    manual, example = (root / "docs/operations.md").read_text(), tomllib.loads((root / "dossier.example.toml").read_text())
    settings = {line.split()[0] for line in check(tmp_path).stdout.splitlines()}
    assert len(settings) > 50
    for name in settings:
        assert f"`{name}`" in manual, name
    named = set()
    for table, value in example.items():
        named.update([f"{table}.{key}" for key in value] if isinstance(value, dict) else [table])
    # Two of the import have no default, and stand there as comments.
    assert named | {"from.records", "from.objects"} == settings


def test_config_check_shows_each_value_with_its_origin(tmp_path):
    done = check(tmp_path, "--http-stall-time", "7s", settings={"http.idle_time": "33s"},
                 toml='[intake]\nfiles = 7\n[http]\nidle_time = "44s"\n')
    assert done.returncode == 0, done.stderr
    assert "7" in line_of(done.stdout, "intake.files") and "dossier.toml" in line_of(done.stdout, "intake.files")
    assert "33s" in line_of(done.stdout, "http.idle_time")
    assert "DOSSIER_HTTP_IDLE_TIME" in line_of(done.stdout, "http.idle_time")
    assert "7s" in line_of(done.stdout, "http.stall_time") and "--http-stall-time" in line_of(done.stdout, "http.stall_time")
    assert "default" in line_of(done.stdout, "intake.file_size") and "5GiB" in line_of(done.stdout, "intake.file_size")


def test_later_layers_win(tmp_path):
    toml = "[intake]\nfiles = 2\n"
    assert "2" in line_of(check(tmp_path, toml=toml).stdout, "intake.files")
    assert "3" in line_of(check(tmp_path, settings={"intake.files": 3}).stdout, "intake.files")
    assert "4" in line_of(check(tmp_path, "--intake-files", "4", settings={"intake.files": 3}).stdout, "intake.files")


def test_a_file_named_by_flag_or_variable(tmp_path):
    other = tmp_path / "other.toml"
    other.write_text("[intake]\nfiles = 9\n")
    for done in (check(tmp_path, "--config", str(other)), check(tmp_path, settings={"config": other})):
        assert "9" in line_of(done.stdout, "intake.files") and "other.toml" in line_of(done.stdout, "intake.files")
    missing = check(tmp_path, "--config", "missing.toml")
    assert missing.returncode != 0 and "missing.toml" in missing.stderr


@pytest.mark.parametrize("toml, nearest", [
    ("[http]\nidel_time = '1s'\n", "http.idle_time"), ("lisen = '127.0.0.1:1'\n", "listen"),
    ("[intake]\nfile_siz = '1MiB'\n", "intake.file_size"), ("[htp]\nidle_time = '1s'\n", "http.idle_time"),
])
def test_an_unknown_key_in_the_file_names_the_nearest(tmp_path, toml, nearest):
    done = check(tmp_path, toml=toml)
    assert done.returncode != 0 and nearest in done.stderr and "dossier.toml" in done.stderr, done.stderr


def test_an_unknown_variable_names_the_nearest(tmp_path):
    done = check(tmp_path, settings={"HTTP_IDLE_TIEM": "1s"})
    assert done.returncode != 0
    assert "DOSSIER_HTTP_IDLE_TIEM" in done.stderr and "DOSSIER_HTTP_IDLE_TIME" in done.stderr, done.stderr


def test_an_unknown_flag_names_the_nearest(tmp_path):
    done = run_command("serve", "--lisen", "127.0.0.1:0", cwd=tmp_path)
    assert done.returncode != 0 and "--listen" in done.stderr, done.stderr


def test_an_unknown_command_names_the_nearest(tmp_path):
    done = run_command("srve", cwd=tmp_path)
    assert done.returncode != 0 and "srve; did you mean serve?" in done.stderr, done.stderr


def test_an_unknown_key_that_is_near_to_none_names_those_of_its_table(tmp_path):
    done = check(tmp_path, toml="[http]\nfoo = 1\n")
    assert done.returncode != 0 and "did you mean" not in done.stderr, done.stderr
    assert "http.foo" in done.stderr and "http.idle_time" in done.stderr and "http.stall_time" in done.stderr
    assert "intake" not in done.stderr


@pytest.mark.parametrize("name, value", [
    ("http.idle_time", "soon"), ("http.idle_time", "-1s"), ("intake.file_size", "big"), ("intake.files", "0"),
    ("intake.files", "1.5"), ("listen", "8080"), ("listen", "127.0.0.1:99999"), ("log.level", "chatty"),
    ("intake.file_required", "maybe"), ("intake.file_size", "99999999999999999999GiB"),
])
def test_a_value_that_cannot_be_read_says_which_and_how(tmp_path, name, value):
    done = check(tmp_path, settings={name: value})
    assert done.returncode != 0
    assert "DOSSIER_" + name.upper().replace(".", "_") in done.stderr and value in done.stderr, done.stderr


def test_every_error_is_told_at_once(tmp_path):
    done = check(tmp_path, settings={"http.idle_time": "soon", "intake.files": "many"}, toml="nonsens = 1\n")
    for told in ("soon", "many", "nonsens"):
        assert told in done.stderr, done.stderr


def test_a_file_that_is_no_toml_says_where(tmp_path):
    done = check(tmp_path, toml="listen = \n[[[")
    assert done.returncode != 0 and "dossier.toml" in done.stderr and re.search(r"line \d|:\d", done.stderr), done.stderr


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "10.1.2.3:0", "192.168.0.1:8080", "example.com:80",
                                     "[::ffff:10.0.0.1]:80"])
def test_refuses_to_listen_where_others_can_reach_it(tmp_path, address):
    done = run_command("serve", "--listen", address, data=tmp_path / "data", cwd=tmp_path, timeout=20)
    assert done.returncode not in (0, None)
    assert "accounts" in done.stderr and "127.0.0.1" in done.stderr, done.stderr
    assert not (tmp_path / "data").exists(), "nothing was made"


def test_listens_on_ipv6_loopback(tmp_path, new_server):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError as why:
        pytest.skip(f"NOT TESTED: this machine has no IPv6 loopback: {why}")
    server = new_server(listen="[::1]:0")
    connection = http.client.HTTPConnection("::1", server.port, timeout=10)
    connection.request("GET", "/livez")
    assert connection.getresponse().status == 200
    connection.close()


def test_a_taken_port_is_explained(tmp_path, new_server):
    server = new_server()
    done = run_command("serve", "--listen", f"127.0.0.1:{server.port}", data=tmp_path / "other", timeout=20)
    assert done.returncode != 0 and str(server.port) in done.stderr, done.stderr
    assert not (tmp_path / "other").exists(), "the data is not touched before there is a port"


def test_a_data_folder_that_cannot_be_used_is_explained(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    done = run_command("serve", "--listen", "127.0.0.1:0", data=tmp_path / "file", timeout=20)
    assert done.returncode != 0 and "file" in done.stderr, done.stderr


@pytest.mark.parametrize("name", ["a b", "Zoë 李", "q?mode=memory", "h#ash", "per%20cent", "quo'te\"s", "-dash", "file:x"])
def test_data_may_be_in_a_folder_of_any_name(tmp_path, new_server, new_api, name):
    server = new_server(start=False)
    server.data = tmp_path / name / "deeper"
    server.start()
    made = new_api(server).create()
    server.stop()
    assert (server.data / "records.db").exists()
    server.start()
    assert new_api(server).person(made["id"]) == made
    server.stop()
    assert server.doctor()[1] == 0


def test_a_second_process_on_the_same_data_is_refused_with_the_pid(new_server):
    server = new_server()
    done = run_command("serve", "--listen", "127.0.0.1:0", data=server.data, timeout=20)
    assert done.returncode != 0 and str(server.process.pid) in done.stderr, done.stderr


def test_help_and_version(tmp_path):
    for args in (["--help"], ["serve", "--help"], ["doctor", "--help"]):
        done = run_command(*args, cwd=tmp_path)
        assert done.returncode == 0 and "Usage" in done.stdout, done
    assert "dossier serve" in run_command("--help", cwd=tmp_path).stdout
    version = run_command("version", cwd=tmp_path)
    assert version.returncode == 0 and re.search(r"\d+\.\d+", version.stdout)


def test_a_file_may_be_optional(new_server):
    server = new_server("--file-optional")
    answer = requests.post(server.url + "/", files=[(name, (None, str(value))) for name, value in ANNA.items()],
                           allow_redirects=False, timeout=10)
    assert answer.status_code == 303


def test_the_address_is_the_only_thing_on_standard_output(tmp_path):
    server = dossier_process.Server(tmp_path / "quiet").start()
    url = server.url
    server.stop()
    said = []
    while (line := server.lines.get(timeout=5)) is not None:
        said.append(line)
    assert url and said == []
