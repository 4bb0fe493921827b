"""Builds and runs the tests, all parts or some, and ends with one line: N passed, N failed, N skipped."""
import argparse
import sys
import threading
import time

import builds
import lint
import mixes
import mysql
import parts
from results import Results

# There are two lanes, so that tests that mostly wait and builds that use the processor share two cores well. A lane is a
# list of parts in order; each part names the build that it needs.
PROCESS_LANE = ["integration", "kill", "browser", "cloud"]
PROGRAM_LANE = ["lint", "unit", "contract", "faults", "mysql", "fuzz", "concurrency"]
PARTS = {
    "lint": ("asan", lint.run),
    "unit": ("asan", parts.run_programs),
    "contract": ("asan", parts.run_programs),
    "faults": ("asan", mixes.run_faults),
    "mysql": ("asan", mysql.run_mysql),
    "concurrency": ("tsan", parts.run_programs),
    "fuzz": ("asan", parts.run_fuzzers),
    "integration": ("release", parts.run_pytest),
    "kill": ("release", parts.run_pytest),
    "browser": ("release", parts.run_browser),
    "cloud": ("release", parts.run_cloud),
}


def parse():
    parser = argparse.ArgumentParser(
        prog="./test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Parts: " + ", ".join(PARTS) + ".\nLogs and JUnit reports: build/test-results.\n"
               "SKIP_PACKAGES=1 leaves Debian packages alone.")
    parser.add_argument("parts", nargs="*", metavar="PART", help="only these parts")
    parser.add_argument("--without", action="append", default=[], metavar="PART", help="all parts but this one")
    parser.add_argument("--full", action="store_true", help="clang-tidy on every file, not only on what changed")
    parser.add_argument("--fuzz-seconds", type=int, default=10, metavar="N", help="for each fuzz target")
    asked = parser.parse_args()
    for name in asked.parts + asked.without:
        if name not in PARTS:
            parser.error(f"there is no part {name}; there are {', '.join(PARTS)}")
    asked.parts = [name for name in asked.parts or PARTS if name not in asked.without]
    return asked


def run_lane(names, asked, results):
    for name in names:
        if name not in asked.parts:
            continue
        build, run = PARTS[name]
        try:
            builds.ensure(build, asked.parts, results)
        except builds.Failed as failed:
            results.broken(name, f"the {build} build failed: {failed}")
            continue
        began = time.monotonic()
        try:
            report = run(name, asked)
        except Exception as problem:  # a broken part must not hide the others
            report = None
            results.broken(name, f"could not run: {problem}")
        if report:
            results.add(name, report, time.monotonic() - began)


def main():
    asked = parse()
    results = Results()
    # The release build comes first and alone: its binary is tested while the other builds go on.
    if any(name in asked.parts for name in PROCESS_LANE):
        try:
            builds.ensure("release", asked.parts, results)
        except builds.Failed:
            pass  # run_lane reports it for each part that needs this build
    lanes = [threading.Thread(target=run_lane, args=(lane, asked, results)) for lane in (PROCESS_LANE, PROGRAM_LANE)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
