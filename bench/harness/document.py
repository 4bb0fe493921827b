"""Writes bench/REPORT.md."""

import pathlib
import platform
import re
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

METHOD = """\
How to read this: each line was measured beside its floor in one run, the two in turn (A B, B A, A B, …), and the
figures are medians; a ratio is the median of the ratios of each turn, so that what drifts from turn to turn
drifts out of it. Load generators, floors and Dossier share the machine's processors. Absolute figures belong to
this machine and this hour; ratios travel.

- **Dossier** is the release build with its default settings (requests are logged, to a file).
- **nginx** has a worker per processor, answers from its configuration with the same headers and bytes, and keeps
  no access log. For files it uses sendfile from the page cache.
- **The bare program** (`bench/load/bare_store.cc`) takes the same files over a minimal protocol, hashes and writes
  them, syncs file and folder, and shares one SQLite commit (WAL, synchronous=FULL) among all who wait. Dossier
  does two commits for each submission: one before the first byte (so that a crash leaves nothing behind), one
  that acknowledges.
- The catalog is written after the answer; between runs the report waits until nothing is owed.
- Look-ups ask for 20,000 of the people who have a file, in random order. Lists are measured at 1,000 people and at
  all of them with one query each, on a server each.
- Attackers are forty clients in one process, each with costly searches without end: it waits for each answer, or hangs
  up at once and comes again 20 ms later. Beside them wrk asks over eight connections, as it does alone; what the
  attackers' own process takes of the processors is missing to both, and counts against Dossier.
- Each search is asked a hundred times, alone, in every order, on the first page, far down, and back from there
  (`bench/load/search_questions.cc`); a line has the slowest of these.
- Memory is the peak of the resident set (VmHWM) of a process that took only these files.
- **The cloud's stores** are servers on this machine: MariaDB, which syncs each commit, one moto for S3 and another for
  DynamoDB. Alone, each is driven over as many connections as Dossier is, by what one submission (or look-up) asks of
  it and no more: MariaDB by the statements of its two transactions (`bench/load/query_load.cc`), S3 by one PUT of a
  body as long as the file, DynamoDB by one PutItem. Dossier stands beside the slowest. While it runs, all of them, and
  it, and the load share the processors that one of them had for itself, and the catalog is written meanwhile: on a
  machine with few processors that is what the ratio shows.
- Start is measured from before the process is made to the first byte of `GET /`, on a folder that has its databases.
"""


def command_output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()


def machine():
    cpu = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text(), re.M)
    processors = pathlib.Path("/proc/cpuinfo").read_text().count("processor\t")
    disk = command_output("df", "--output=fstype", str(ROOT)).splitlines()[-1]
    return (f"{processors} × {cpu.group(1) if cpu else platform.machine()}, "
            f"{int(memory.group(1)) / (1 << 20):.0f} GiB memory, {disk}, Linux {platform.release()}")


def row(line):
    aim = line.aim.text if line.aim else ""
    what = line.name + (f" ({line.note})" if line.note else "")
    return f"| {what} | {line.floor} | {line.dossier} | {line.judged_text} | {aim} | {line.verdict()} |"


def document(lines, settings, load_before, left_out, built):
    commit = command_output("git", "rev-parse", "--short", "HEAD")
    changed = " with local changes" if command_output("git", "status", "--porcelain", "src", "ui", "db") else ""
    head = ["# Speed and size, measured", "",
            "Made by `bench/report`; do not edit. [README.md](README.md) says how to run it.", "",
            f"- Machine: {machine()}", f"- Date: {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}",
            f"- Commit: {commit}{changed}{'' if built else '; the programs were built before, perhaps from another'}",
            f"- Rounds: {settings.rounds}{' (quick: short runs, short pauses)' if settings.quick else ''}; "
            f"load average before the run: {load_before:.2f}"]
    if left_out:
        head.append(f"- Left out of this run: {', '.join(left_out)}")
    table = ["", "| what | floor | Dossier | result | aim | reached |", "|---|---|---|---|---|---|"]
    return "\n".join(head + table + [row(line) for line in lines] + ["", METHOD])
