"""A private MariaDB: its data in a folder, one database and one user of Dossier's."""

import getpass
import os
import shutil
import subprocess

from services.processes import Server

USER = "dossier"
DATABASE = "dossier"


def find(command):
    """Debian puts servers into a folder that is not in everybody's PATH."""
    found = shutil.which(command, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not found:
        raise SystemExit(f"There is no {command} on this machine: apt-get install mariadb-server-core mariadb-client-core")
    return found


class MariaDb(Server):
    name = "mariadb"

    def __init__(self, folder, password, durable=True, options=()):
        """`options`: more options for mariadbd, such as --ssl-cert=FILE."""
        super().__init__(folder)
        self.password = password
        self.durable = durable
        self.options = options
        self.data = self.folder / "data"
        self.socket = self.folder / "socket"
        self.init_file = self.folder / "init.sql"
        self.temporary = self.folder / "temporary"  # servers that start together would use each other's files in a shared one
        self.temporary.mkdir(exist_ok=True)
        if not self.data.exists():
            subprocess.run([find("mariadb-install-db"), "--no-defaults", f"--user={getpass.getuser()}", f"--datadir={self.data}",
                            "--skip-test-db", "--auth-root-authentication-method=normal", "--skip-name-resolve"],
                           check=True, capture_output=True, env={**os.environ, "TMPDIR": str(self.temporary)})

    def command(self):
        self.init_file.touch(mode=0o600)
        self.init_file.write_text(
            f"CREATE DATABASE IF NOT EXISTS {DATABASE} CHARACTER SET utf8mb4;\n"
            f"CREATE USER IF NOT EXISTS '{USER}'@'%';\n"
            f"ALTER USER '{USER}'@'%' IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL PRIVILEGES ON `{DATABASE}%`.* TO '{USER}'@'%';\n")
        fast = [] if self.durable else ["--innodb-flush-log-at-trx-commit=0"]
        return [find("mariadbd"), "--no-defaults", f"--user={getpass.getuser()}", f"--datadir={self.data}",
                f"--tmpdir={self.temporary}", f"--socket={self.socket}", f"--pid-file={self.folder / 'pid'}", f"--port={self.port}",
                "--bind-address=127.0.0.1", "--skip-name-resolve", f"--init-file={self.init_file}",
                "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=32M", "--performance-schema=OFF", *fast, *self.options]

    def answers(self):
        return self.socket.exists() and self._run("SELECT 1").returncode == 0

    def _run(self, sql):
        """Runs a statement as root, over the socket."""
        return subprocess.run([find("mariadb"), "--no-defaults", f"--socket={self.socket}", "--user=root", "--default-character-set=utf8mb4", "--batch",
                               "--skip-column-names", "-e", sql], capture_output=True, text=True, errors="replace")

    def sql(self, text):
        """The rows of the answer, each as a list of columns."""
        done = self._run(text)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [line.split("\t") for line in done.stdout.split("\n")[:-1]]

    def change_password(self, new):
        self.password = new
        self.sql(f"ALTER USER '{USER}'@'%' IDENTIFIED BY '{new}'")

    def url(self, database=DATABASE, host=None):
        """With host="" the URL names no host, and Dossier asks Parameter Store for it."""
        return f"mysql://{USER}@{f'127.0.0.1:{self.port}' if host is None else host}/{database}"

    def make_database(self, name):
        self.sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
