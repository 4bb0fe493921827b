#!/usr/bin/env python3
"""Shows that an include against the arrows of src/ does not build: arrows.py BUILD REPORT.xml

Takes the flags with which BUILD compiles a file of each folder, and compiles with them a file of two lines: an
include that the folder may have (the control: it must compile) and one that it may not (it must not be found).
"""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time
from xml.sax.saxutils import quoteattr

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Folder → what it may include, one header of each; and what it may not.
ALLOWED = {
    "base": ["base/result.h"],
    "http": ["http/message.h", "base/result.h"],
    "domain": ["domain/records.h", "base/result.h"],
    "aws": ["aws/error.h", "base/result.h"],
    "stores": ["domain/records.h", "aws/error.h", "base/result.h"],
    "web": ["web/site.h", "http/message.h", "domain/people.h", "base/result.h"],
    "app": ["web/site.h", "http/server.h", "domain/records.h", "base/log.h"],
}
HEADER_OF = {
    "base": "base/result.h",
    "http": "http/message.h",
    "domain": "domain/records.h",
    "aws": "aws/error.h",
    "web": "web/site.h",
    "stores": None,  # any header that is there
    "app": "app/settings.h",
}
FORBIDDEN = {
    "base": ["http", "domain", "aws", "stores", "web", "app"],
    "http": ["domain", "aws", "stores", "web", "app"],
    "domain": ["http", "aws", "stores", "web", "app"],
    "aws": ["http", "domain", "stores", "web", "app"],
    "stores": ["http", "web", "app"],
    "web": ["aws", "stores", "app"],
}


def header_of(folder):
    if HEADER_OF[folder]:
        return HEADER_OF[folder]
    return min(str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / folder).rglob("*.h"))


def flags_by_folder(build):
    """The compiler's arguments for each folder of src/, without source, output and launcher."""
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if not path.is_relative_to(ROOT / "src"):
            continue
        folder = path.relative_to(ROOT / "src").parts[0]
        if folder in flags or path.name == "main.cc":
            continue
        words = shlex.split(entry["command"])
        while "clang" not in pathlib.Path(words[0]).name and "g++" not in pathlib.Path(words[0]).name:
            words.pop(0)
        output = words.index("-o")
        del words[output : output + 2]
        words = [word for word in words if word != "-c" and not word.endswith(path.name)]
        flags[folder] = (words, entry["directory"])
    return flags


def compiles(flags, include):
    words, directory = flags
    with tempfile.NamedTemporaryFile("w", suffix=".cc") as source:
        source.write(f'#include "{include}"\nint nothing;\n')
        source.flush()
        done = subprocess.run([*words, "-fsyntax-only", "-w", source.name], cwd=directory, capture_output=True, text=True)
    return done.returncode == 0, done.stderr


def check(flags, folder, include, allowed):
    """Nothing when it is as it should be, otherwise what is wrong."""
    built, output = compiles(flags[folder], include)
    if allowed:
        return None if built else f"{folder} may include {include}, but it does not compile:\n{output}"
    if built:
        return f"{folder} must not include {include}, but it compiles"
    if "file not found" not in output:
        return f"{folder} → {include} fails, but not because the file is out of sight:\n{output}"
    return None


def main():
    build, report = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    flags = flags_by_folder(build)
    cases = [(folder, include, True) for folder, includes in ALLOWED.items() for include in includes]
    cases += [(folder, header_of(other), False) for folder, others in FORBIDDEN.items() for other in others]
    lines, failed = [], 0
    for folder, include, allowed in cases:
        began = time.monotonic()
        wrong = check(flags, folder, include, allowed)
        name = quoteattr(f"{folder} {'may' if allowed else 'must not'} include {include}")
        took = f"{time.monotonic() - began:.3f}"
        if wrong:
            failed += 1
            print(wrong)
            lines.append(f'<testcase classname="arrows" name={name} time="{took}"><failure message={quoteattr(wrong)}/></testcase>')
        else:
            lines.append(f'<testcase classname="arrows" name={name} time="{took}"/>')
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text("<testsuite>\n" + "\n".join(lines) + "\n</testsuite>\n")
    print(f"{len(cases) - failed} of {len(cases)} as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
