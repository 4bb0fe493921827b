"""The protections that compiler and linker put around the code, read from the binary itself."""

import json
import pathlib
import subprocess

import pytest

from dossier_process import REPOSITORY, find_binary, is_sanitized

BINARY = pathlib.Path(find_binary())

# The compiler's flags that every file of ours must be built with.
FLAGS = ["-D_GLIBCXX_ASSERTIONS", "-D_FORTIFY_SOURCE=3", "-fstack-protector-strong", "-fstack-clash-protection",
         "-fcf-protection=full", "-ftrivial-auto-var-init=zero"]
pytestmark = pytest.mark.skipif(is_sanitized(), reason="of the binary that is served, not of a sanitized one")
ENDBR64 = b"\xf3\x0f\x1e\xfa"


def readelf(*words):
    return subprocess.run(["readelf", "--wide", *words, BINARY], capture_output=True, text=True, check=True).stdout


def test_it_is_loaded_at_any_address():
    assert "DYN (Position-Independent Executable file)" in readelf("--file-header")


def test_what_the_loader_resolved_is_read_only_and_no_stack_is_executable():
    segments = readelf("--segments")
    assert "GNU_RELRO" in segments
    (stack,) = [line for line in segments.splitlines() if "GNU_STACK" in line]
    assert " RW " in stack and "E" not in stack.split()[-2]
    dynamic = readelf("--dynamic")
    assert "BIND_NOW" in dynamic or "NOW" in dynamic


@pytest.mark.parametrize("symbol", ["__stack_chk_fail", "__memcpy_chk", "__glibcxx_assert_fail"])
def test_it_calls_what_ends_it_when_memory_is_overrun(symbol):
    assert symbol in readelf("--dyn-syms")


def test_indirect_calls_land_where_functions_begin():
    assert BINARY.read_bytes().count(ENDBR64) > 1000


def test_every_file_is_compiled_so():
    commands = BINARY.parents[2] / "compile_commands.json"
    if not commands.exists():
        pytest.fail(f"there is no {commands}: the binary under test is to be one that was built here")
    ours = [each for each in json.loads(commands.read_text()) if each["file"].startswith(str(REPOSITORY / "src"))]
    assert len(ours) > 100
    for each in ours:
        missing = [flag for flag in FLAGS if flag not in each["command"]]
        assert not missing, f"{each['file']}: {missing}"
