"""Starts and stops what is measured: Dossier, the bare program, nginx, each on a free port and in the folder that it is given."""

import http.client
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def memory(pid):
    """In KiB: resident memory now, its peak, and PSS, which divides shared pages among the processes that share them."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    number = lambda name, text: int(re.search(rf"^{name}:\s+(\d+)", text, re.M).group(1))
    return {"rss": number("VmRSS", status), "peak": number("VmHWM", status), "pss": number("Pss", rollup)}


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


class Server:
    """A process on a port; as a context manager it ends the process."""

    process = None
    port = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def get(self, path):
        """Status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), body

    def wait_for_answer(self, path, seconds=60):
        """Asks again and again until the server answers with 200; returns perf_counter() at that moment."""
        began = time.perf_counter()
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()
        while time.perf_counter() - began < seconds:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as client:
                    client.sendall(request)
                    if client.recv(65536).startswith(b"HTTP/1.1 200"):
                        return time.perf_counter()
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.process.args[0]} ended: {self.log_tail()}") from None
            time.sleep(0.0002)
        raise RuntimeError(f"no answer from {self.process.args[0]}")

    def log_tail(self):
        return ""


class Dossier(Server):
    def __init__(self, settings, data, *flags, variables=None):
        self.port = free_port()
        self.log = tempfile.NamedTemporaryFile(dir=settings.folder, prefix="log-")  # pylint: disable=R1732
        command = [settings.binary, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}", *flags]
        began = time.perf_counter()
        self.process = subprocess.Popen([str(word) for word in command], stdout=self.log, stderr=self.log,
                                        env={**os.environ, **(variables or {})})
        self.seconds_to_first_answer = self.wait_for_answer("/") - began

    def log_tail(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")[-2000:]

    def wait_until_nothing_is_owed(self, seconds=120):
        """The worker writes the catalog after the answer. Waits until it has no tasks, so that it does not disturb the next run."""
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            metrics = self.get("/metrics")[2].decode()
            owed = re.findall(r"^dossier_tasks_owed\{[^}]*\} (\S+)", metrics, re.M)
            if owed and all(float(count) == 0 for count in owed):
                return time.perf_counter() - began
            time.sleep(0.05)
        raise RuntimeError("the worker still has tasks")


class BareStore(Server):
    def __init__(self, settings, folder, batch=1000):
        command = [settings.programs / "bare_store", "--folder", folder, "--batch", batch]
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())


class Nginx(Server):
    """`locations` are the `location` blocks of its server. It makes a folder for its own files."""

    def __init__(self, settings, locations):
        self.port = free_port()
        folder = pathlib.Path(tempfile.mkdtemp(dir=settings.folder, prefix="nginx-"))
        temporary = "".join(
            f"  {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            "user root;\ndaemon off;\nworker_processes auto;\n"
            f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
            "events { worker_connections 1024; }\n"
            "http {\n  access_log off;\n  sendfile on;\n  tcp_nopush on;\n  server_tokens off;\n"
            "  keepalive_requests 1000000000;\n  default_type application/octet-stream;\n"
            '  geo $dollar { default "$"; }\n'
            f"{temporary}  server {{\n    listen 127.0.0.1:{self.port} reuseport;\n{locations}\n  }}\n}}\n"
        )
        self.folder = folder
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
        )
        self.wait_until_listening()

    def wait_until_listening(self):
        for _ in range(2000):
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.005)
        raise RuntimeError(f"nginx did not start: {(self.folder / 'error.log').read_text()}")


def constant_answer(headers, body):
    """An nginx block that answers every path with these headers and this body, from memory."""
    left_out = {"content-length", "content-type", "connection", "date", "server", "keep-alive"}
    quote = lambda text: text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
    kind = next(value for name, value in headers if name.lower() == "content-type")
    block = ['    location / {', f'      default_type "{quote(kind)}";']
    for name, value in headers:
        if name.lower() not in left_out:
            block.append(f'      add_header {name} "{quote(value)}";')
    text = body.decode()
    pieces = [text[at : at + 1500] for at in range(0, len(text), 1500)]  # nginx allows 4096 bytes in a parameter; quoting makes it longer
    for number, piece in enumerate(pieces):
        block.append(f'      set $piece{number} "{quote(piece)}";')
    block.append('      return 200 "' + "".join(f"${{piece{number}}}" for number in range(len(pieces))) + '";')
    return "\n".join(block + ["    }"])
