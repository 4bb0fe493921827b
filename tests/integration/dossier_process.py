"""The real binary as a child process: started on a free port, stopped by its pid, its log kept."""

import json
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
START_LIMIT = 20  # seconds; far above what a start takes, so that a busy machine does not fail a run
STOP_LIMIT = 20


def find_binary():
    named = os.environ.get("DOSSIER_BINARY")
    binary = pathlib.Path(named) if named else REPOSITORY / "build/release/src/app/dossier"
    if not os.access(binary, os.X_OK):
        raise SystemExit(f"There is no binary at {binary}: build the release preset, or name one in DOSSIER_BINARY.")
    return str(binary.resolve())


def is_sanitized():
    """Whether the binary was built with the address sanitizer, whose own memory hides what Dossier needs."""
    return b"__asan_init" in pathlib.Path(find_binary()).read_bytes()


def environment(settings=None):
    """Our own environment without DOSSIER_ variables, and with these settings: {"http.idle_time": "2s"} → DOSSIER_HTTP_IDLE_TIME."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("DOSSIER_")}
    for name, value in (settings or {}).items():
        env["DOSSIER_" + name.upper().replace(".", "_")] = str(value)
    return env


def run_command(*args, data=None, settings=None, variables=None, cwd=None, timeout=60, stdin=None, binary=None):
    """Runs `dossier ARGS`, and returns its CompletedProcess with text output."""
    command = [binary or find_binary(), *args] + (["--data", str(data)] if data else [])
    return subprocess.run(command, env={**environment(settings), **(variables or {})}, cwd=cwd, capture_output=True, text=True, timeout=timeout,
                          stdin=subprocess.DEVNULL if stdin is None else stdin)


class Server:
    """`dossier serve` on a folder of its own. Keyword arguments of start() are settings, with __ for the dot:
    start(intake__files=3) is intake.files=3."""

    def __init__(self, folder, scheme="http"):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.log_file = self.folder / "log"
        self.scheme = scheme
        self.process = None
        self.port = None
        self.lines = None
        self.expected_exit = 0
        self.binary = None  # set to run another binary than find_binary()'s

    def start(self, *args, listen="127.0.0.1:0", settings=None, variables=None, **more):
        assert self.process is None, "already running"
        chosen = {name.replace("__", "."): value for name, value in more.items()}
        chosen.update(settings or {})
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary or find_binary(), "serve", "--listen", listen, "--data", str(self.data), *args],
                env={**environment(chosen), **(variables or {})}, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder)
        self.port = self._read_port()
        return self

    def _read_port(self):
        self.lines = queue.Queue()
        threading.Thread(target=self._read_output, args=(self.process.stdout, self.lines), daemon=True).start()
        deadline = time.monotonic() + START_LIMIT
        said = []
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                self.kill()
                raise AssertionError(f"no address printed within {START_LIMIT} s; it said {said}\n{self.log_text()}")
            if line is None:
                code = self.process.wait()
                self.process = None
                raise AssertionError(f"ended with {code} before it listened; it said {said}\n{self.log_text()}")
            said.append(line)
            found = re.search(r"https?://(?:127\.0\.0\.1|0\.0\.0\.0|localhost|\[::1\]):(\d+)", line)
            if found:
                return int(found.group(1))

    @staticmethod
    def _read_output(stream, lines):
        for line in iter(stream.readline, b""):
            lines.put(line.decode("utf-8", "replace"))
        lines.put(None)

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, which):
        self.process.send_signal(which)

    def wait(self, limit=STOP_LIMIT):
        """Its exit code."""
        code = self.process.wait(timeout=limit)
        self.process = None
        return code

    def stop(self):
        """SIGTERM, and a clean end."""
        if self.process is None:
            return
        self.signal(signal.SIGTERM)
        try:
            code = self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running {STOP_LIMIT} s after SIGTERM\n{self.log_text()}")
        assert code == self.expected_exit, f"exit {code} after SIGTERM\n{self.log_text()}"

    def kill(self):
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log_text(self):
        return self.log_file.read_text("utf-8", "replace") if self.log_file.exists() else ""

    def log_lines(self):
        return [json.loads(line) for line in self.log_text().splitlines()]

    def command(self, *args, **more):
        return run_command(*args, data=self.data, **more)

    def doctor(self, *args):
        """The report of `dossier doctor --json`, and its exit code."""
        done = self.command("doctor", "--json", *args)
        assert done.returncode in (0, 1), f"doctor: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout), done.returncode

    def remove_data(self):
        shutil.rmtree(self.data, ignore_errors=True)

    def memory(self):
        """Peak resident memory in bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024
