#!/usr/bin/env python3
"""Shows that an include against the arrows of src/ does not build: arrows.py BUILD REPORT.xml

Takes the flags with which BUILD compiles a file of each folder, and compiles with them a file of two lines: an
include that the folder may have (the control: it must compile) and one that it may not (it must not be found).
An include that climbs (#include "../web/frame.h") would find its file all the same: no source may have one. And an
arrow that is taken away from a build folder that is there must be gone from it.
"""
import json
import pathlib
import re
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
    "web": ["web/frame.h", "http/message.h", "domain/people.h", "base/result.h"],
    "app": ["web/frame.h", "http/server.h", "domain/records.h", "base/log.h"],
}
HEADER_OF = {
    "base": "base/result.h",
    "http": "http/message.h",
    "domain": "domain/records.h",
    "aws": "aws/error.h",
    "web": "web/frame.h",
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


def climbing_includes(text):
    """Includes by a path that leaves the folders of links: one with .. in it, or from the root."""
    includes = re.findall(r'^[ \t]*#[ \t]*include(?:_next)?[ \t]*[<"]([^>"\n]+)[>"]', text, re.MULTILINE)
    return [name for name in includes if ".." in name.split("/") or name.startswith("/")]


def check_climbing_is_seen():
    for name in ("../web/frame.h", "web/../../app/serve.h", "/usr/include/zlib.h"):
        if climbing_includes(f'#pragma once\n\n #  include "{name}"\n') != [name]:
            return f"an include of {name} is not seen"
    return "an include of a folder's own is refused" if climbing_includes('#include "web/frame..h"\n') else None


def check_nobody_climbs():
    wrong = [f"{path.relative_to(ROOT)} includes {name}: write it from src/, as the others"
             for folder in ("src", "tests", "bench") for path in sorted((ROOT / folder).rglob("*"))
             if path.suffix in (".cc", ".h") and "node_modules" not in path.parts
             for name in climbing_includes(path.read_text())]
    return "\n".join(wrong) or None


SMALL_PROJECT = """
cmake_minimum_required(VERSION 3.25)
set(CMAKE_CXX_COMPILER_WORKS 1)
project(small CXX)
set(DOSSIER_PCH OFF)
include({cmake}/precompiled.cmake)
include({cmake}/arrows.cmake)
dossier_library(below SOURCES empty.cc)
dossier_library(above SOURCES empty.cc USES {uses})
dossier_may_include(above later)
"""


def check_a_removed_arrow_is_gone():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "empty.cc").touch()
        for each in ("below", "above", "later"):
            (folder / "src" / each).mkdir(parents=True)
        for uses, wanted in (("below", {"above", "below", "later"}), ("", {"above", "later"})):
            text = SMALL_PROJECT.format(cmake=ROOT / "cmake", uses=uses)
            (folder / "CMakeLists.txt").write_text(text)
            done = subprocess.run(["cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja"], capture_output=True,
                                  text=True)
            if done.returncode != 0:
                return done.stderr
            links = {each.name for each in (folder / "build/arrows/above").iterdir()}
            if links != wanted:
                return f"with USES {uses or 'nothing'} it sees {sorted(links)}, not {sorted(wanted)}"
    return None


def main():
    build, report = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    flags = flags_by_folder(build)
    cases = [(f"{folder} may include {include}", lambda f=folder, i=include: check(flags, f, i, True))
             for folder, includes in ALLOWED.items() for include in includes]
    cases += [(f"{folder} must not include {header_of(other)}", lambda f=folder, o=other: check(flags, f, header_of(o), False))
              for folder, others in FORBIDDEN.items() for other in others]
    cases += [("an include that climbs is seen", check_climbing_is_seen),
              ("no include climbs", check_nobody_climbs),
              ("an arrow that is taken away is gone", check_a_removed_arrow_is_gone)]
    lines, failed = [], 0
    for case, run in cases:
        began = time.monotonic()
        wrong = run()
        name = quoteattr(case)
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
