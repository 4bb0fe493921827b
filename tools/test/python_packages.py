"""The private Python environment of the tests: build/venv, with the packages of tools/python-test.txt."""
import hashlib
import shutil
import subprocess
import threading

from places import BUILD, RESULTS, ROOT

VENV = BUILD / "venv"
PYTHON = VENV / "bin/python"
_lock = threading.Lock()


class Failed(Exception):
    pass


def _run(log, *command):
    with open(log, "a") as output:
        done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        end = log.read_text(errors="replace").splitlines()[-10:]
        raise Failed("the Python packages for the tests cannot be installed:\n" + "\n".join(end))


def ensure():
    """Its interpreter. Made anew when the list is not the one that was installed last."""
    packages = ROOT / "tools/python-test.txt"
    wanted = hashlib.sha256(packages.read_bytes()).hexdigest()
    stamp = VENV / ".installed"
    with _lock:
        if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
            return PYTHON
        RESULTS.mkdir(parents=True, exist_ok=True)
        log = RESULTS / "venv.log"
        log.write_text("")
        shutil.rmtree(VENV, ignore_errors=True)
        _run(log, "/usr/bin/python3", "-m", "venv", str(VENV))
        _run(log, str(PYTHON), "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check",
             "--no-deps", "-r", str(packages))
        stamp.write_text(wanted)
        return PYTHON
