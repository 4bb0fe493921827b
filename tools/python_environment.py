"""The private Python environment (build/venv) with what tools/python-requirements.txt lists."""

import fcntl
import hashlib
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build/venv"
REQUIREMENTS = ROOT / "tools/python-requirements.txt"
PYTHON = FOLDER / "bin/python"


def prepare(output=None):
    """Its interpreter. Makes the environment anew when the list has changed; CalledProcessError when that fails."""
    FOLDER.parent.mkdir(exist_ok=True)
    with open(FOLDER.parent / "venv.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several processes may start at the same time
        wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
        stamp = FOLDER / ".installed"
        if not (stamp.exists() and stamp.read_text() == wanted):
            shutil.rmtree(FOLDER, ignore_errors=True)
            run = lambda *command: subprocess.run(command, check=True, stdout=output, stderr=subprocess.STDOUT if output else None)
            run("/usr/bin/python3", "-m", "venv", str(FOLDER))
            run(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                "-r", str(REQUIREMENTS))
            stamp.write_text(wanted)
    return PYTHON
