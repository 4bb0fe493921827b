"""Writes bench/REPORT.md."""

import pathlib
import platform
import re
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

METHOD = """\
How to read this: each line was measured beside its floor in one run, the two in turn (A B, B A, A B, …), and the
figures are medians. A ratio is the median of the ratios of each turn, so that a drift from turn to turn does not
change it. Load generators, floors and Dossier share the machine's processors. Absolute figures are true for this
machine at this hour only; ratios can be compared with those of other machines.

- **Dossier** is the release build with its default settings (requests are logged, to a file).
- **nginx** has a worker per processor, answers from its configuration with the same headers and bytes, and keeps
  no access log. For files it uses sendfile from the page cache.
- **The bare program** (`bench/load/bare_store.cc`) takes the same files over a minimal protocol, hashes and writes
  them, syncs file and folder, and shares one SQLite commit (WAL, synchronous=FULL) among all submissions that wait.
  Dossier does two commits for each submission: one before the first byte (so that a crash leaves nothing behind),
  and one before it answers.
- The catalog is written after the answer; between runs the report waits until nothing is owed.
- Look-ups ask for 20,000 of the people who have a file, in random order. Each list is one query, measured at 1,000
  people and at all of them, with a server for each.
- Attackers are forty clients in one process, each with costly searches without end: a client waits for each answer, or
  hangs up at once and comes again 20 ms later. Beside them wrk looks people up over eight
  connections without a pause, or searches over four as people do, with half a second between an answer and the next
  search; alone it does the same. The processor time that the attackers' own process uses is missing to wrk and to Dossier, and counts against Dossier.
- Each search is asked a hundred times, alone, in every order, on the first page, far down, and back from there
  (`bench/load/search_questions.cc`); a line has the slowest of these.
- Memory is the peak of the resident set (VmHWM) of a process that took only these files.
- **The cloud's stores** are servers on this machine: MariaDB, which syncs each commit, one moto for S3 and another for
  DynamoDB. Each is driven alone, over as many connections as Dossier is, with what one submission (or look-up) asks of
  it and no more: MariaDB with the statements of its two transactions (`bench/load/query_load.cc`), S3 with one PUT of a
  body as long as the file, DynamoDB with one PutItem. Dossier is compared with the slowest. While Dossier runs, it, all
  three stores and the load share the processors that one store had for itself, and the catalog is written meanwhile: on
  a machine with few processors the ratio mostly shows that.
- Start is measured from before the process is made to the first byte of `GET /`, on a folder that has its databases.
"""


DONE = "\0"  # at the end of a line that was put in


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


def version():
    """What is measured: to be asked before, for the tree may change while it is."""
    commit = command_output("git", "rev-parse", "--short", "HEAD")
    return commit + (" with local changes" if command_output("git", "status", "--porcelain", "src", "ui", "db") else "")


def document(lines, settings, measured, load_before, left_out):
    head = ["# Speed and size, measured", "",
            "Made by `bench/report`; do not edit. [README.md](README.md) says how to run it.", "",
            f"- Machine: {machine()}", f"- Date: {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}",
            f"- Commit: {measured}",
            f"- Rounds: {settings.rounds}{' (quick: short runs, short pauses)' if settings.quick else ''}; "
            f"load average before the run: {load_before:.2f}"]
    if left_out:
        head.append(f"- Left out of this run: {', '.join(left_out)}")
    table = ["", "| what | floor | Dossier | result | aim | reached |", "|---|---|---|---|---|---|"]
    return "\n".join(head + table + [row(line) for line in lines] + ["", METHOD])


def with_lines(text, lines, parts, measured):
    """A report in which these lines stand in place of those of the same names."""
    made = text.splitlines()
    for line in lines:
        found = [i for i, each in enumerate(made) if each.startswith((f"| {line.name} |", f"| {line.name} ("))]
        # Lines of one name ("searches for two words, beside the same") come in the order of those that are there.
        assert found, f"the report has no line {line.name}: measure all of it"
        at = next((i for i in found if not made[i].endswith(DONE)), found[0])
        made[at] = row(line) + DONE
    made = [each.removesuffix(DONE) for each in made]
    head = next(i for i, each in enumerate(made) if each.startswith("- Rounds:"))
    made.insert(head + 1, f"- Measured again: {parts}, {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {measured}")
    return "\n".join(made) + "\n"
