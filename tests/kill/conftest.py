"""Uses the processes, clients and samples of the integration tests."""

import pathlib
import sys

import pytest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "integration")]

import dossier_process  # noqa: E402


def pytest_sessionstart(session):
    try:
        dossier_process.find_binary()
    except SystemExit as missing:
        pytest.exit(str(missing), returncode=4)
