"""The three builds: release (what ./run serves), asan (all test programs and fuzzers), tsan (the concurrent ones)."""
import os
import subprocess
import threading
import time

from places import BUILD, RESULTS, ROOT

_lock = threading.Lock()
_done = {}


class Failed(Exception):
    pass


def programs(build, wanted):
    """(part, name, path) of the test programs of these parts, as CMake wrote them down."""
    listed = [line.split(" ", 2) for line in (BUILD / build / "test_programs.txt").read_text().splitlines()]
    return [tuple(entry) for entry in listed if entry[0] in wanted]


def _targets(build, wanted):
    if build == "release":
        others = {"dossier_next": {"cloud"}, "dossier_five": {"cloud", "integration"}}
        return ["dossier", *(name for name, parts in others.items() if parts & set(wanted))]
    if build == "tsan":
        return [name for _, name, _ in programs(build, {"concurrency"})]
    parts = set(wanted) & {"unit", "contract", "faults", "mysql"}
    if "mysql" in parts:
        parts |= {"contract", "faults"}  # the part mysql runs these two again
    targets = [name for _, name, _ in programs(build, parts)]
    if "fuzz" in wanted:
        targets.append("tests/fuzz/all")
    return targets


def _run(log, *command):
    with open(log, "a") as output:
        # The tests of the other lane have time limits, so builds run with a lower priority.
        done = subprocess.run(["nice", *command], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, env={**os.environ, "NINJA_STATUS": "[%f/%t] "})
    if done.returncode != 0:
        raise Failed(f"see {log.relative_to(ROOT)}\n{_essence(log)}")


def _essence(log):
    """The lines of a build's log that say what is wrong."""
    lines = open(log, errors="replace").read().splitlines()
    telling = [line for line in lines if "error" in line.lower() or line.startswith("FAILED")]
    return "\n".join(line[:300] for line in (telling or lines)[-20:])


def _build(build, wanted):
    RESULTS.mkdir(parents=True, exist_ok=True)
    log = RESULTS / f"build-{build}.log"
    log.write_text("")
    # Done even when the folder is configured already: it is cheap, and brings the list of programs up to date.
    _run(log, "cmake", "--preset", build)
    targets = _targets(build, wanted)
    if targets:
        _run(log, "ninja", "-C", str(BUILD / build), *targets)


def ensure(build, wanted, results):
    """Builds what the wanted parts need of this build, once in each run of ./test."""
    with _lock:
        mine = _done.setdefault(build, {"lock": threading.Lock()})
    with mine["lock"]:
        if "error" in mine:
            raise mine["error"]
        if mine.get("built"):
            return
        began = time.monotonic()
        try:
            _build(build, wanted)
        except Failed as failed:
            # The first part reports the error in full; the others only name the log.
            mine["error"] = Failed(str(failed).split("\n")[0])
            raise
        mine["built"] = True
        results.say(f"built {build:<6} ({time.monotonic() - began:.1f} s)")
