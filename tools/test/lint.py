"""clang-format, clang-tidy, shellcheck, and the arrows between the folders."""
import concurrent.futures
import hashlib
import json
import pathlib
import shlex
import subprocess

from places import BUILD, RESULTS, ROOT
from results import Case, Report, read_junit

SOURCES = ("src/", "tests/", "bench/")
TIDY_STAMPS = BUILD / "tidy"


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.split("\n") if done.returncode == 0 else []


def tracked(*endings):
    """Files of the clone, including those not added to git yet."""
    names = git("ls-files", "--cached", "--others", "--exclude-standard")
    return sorted({name for name in names if name.endswith(endings) and (ROOT / name).is_file()})


def cxx_files():
    return [name for name in tracked(".cc", ".h") if name.startswith(SOURCES)]


def check(name, command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        return Case(name, "passed")
    return Case(name, "failed", (done.stdout + done.stderr).strip()[-4000:])


def check_format():
    return check("clang-format", ["clang-format-19", "--dry-run", "-Werror", *cxx_files()])


def shell_scripts():
    scripts = tracked(".sh")
    for name in git("ls-files", "--cached", "--others", "--exclude-standard"):
        path = ROOT / name
        if name and "." not in path.name and path.is_file():
            with open(path, "rb") as file:
                if file.readline().startswith((b"#!/bin/bash", b"#!/bin/sh", b"#!/usr/bin/env bash")):
                    scripts.append(name)
    return sorted(set(scripts))


def changed_files():
    """Files changed since this branch left origin/main; on origin/main itself, those changed by the last commit."""
    base = next(iter(git("merge-base", "HEAD", "origin/main")), "")
    head = next(iter(git("rev-parse", "HEAD")), "")
    if not base or base == head:
        base = "HEAD~1"
    return set(git("diff", "--name-only", base)) | set(git("ls-files", "--others", "--exclude-standard"))


def tidy_candidates(full):
    compiled = {}
    for entry in json.loads((BUILD / "asan/compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if path.is_relative_to(ROOT) and not path.is_relative_to(BUILD):
            words = shlex.split(entry["command"])
            compiled[str(path.relative_to(ROOT))] = words[words.index("-o") + 1]
    if full:
        return compiled
    changed = changed_files()
    # A header is checked together with the source beside it.
    return {name: output for name, output in compiled.items()
            if name in changed or str(pathlib.Path(name).with_suffix(".h")) in changed}


def fingerprint(source, output):
    """A digest of the source, of all our headers that it includes (as the compiler saw it), and of the rules."""
    deps = subprocess.run(["ninja", "-C", str(BUILD / "asan"), "-t", "deps", output], capture_output=True, text=True)
    files = {str(ROOT / source), str(ROOT / ".clang-tidy")}
    for line in deps.stdout.splitlines()[1:]:
        path = (BUILD / "asan" / line.strip()).resolve()
        if line.strip() and path.is_relative_to(ROOT) and path.is_file():
            files.add(str(path))
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + pathlib.Path(name).read_bytes())
    return digest.hexdigest()


def tidy(source, output):
    stamp = TIDY_STAMPS / fingerprint(source, output)
    if stamp.exists():
        return Case(f"clang-tidy {source}", "passed")
    case = check(f"clang-tidy {source}",
                 ["nice", "clang-tidy-19", "--quiet", "--warnings-as-errors=*", "-p", str(BUILD / "asan"), source])
    if case.outcome == "passed":
        TIDY_STAMPS.mkdir(parents=True, exist_ok=True)
        stamp.touch()
    return case


def check_arrows():
    xml = RESULTS / "arrows.xml"
    xml.unlink(missing_ok=True)
    subprocess.run(["/usr/bin/python3", "-B", "tests/arrows/arrows.py", str(BUILD / "asan"), str(xml)], cwd=ROOT,
                   capture_output=True, text=True)
    return read_junit(xml)


def run(part, asked):
    report = Report()
    report.cases.append(check_format())
    report.cases += [check(f"shellcheck {name}", ["shellcheck", name]) for name in shell_scripts()]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        report.cases += pool.map(lambda entry: tidy(*entry), sorted(tidy_candidates(asked.full).items()))
    report.add(check_arrows())
    return report
