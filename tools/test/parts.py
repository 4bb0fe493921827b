"""The parts that run programs: GoogleTest, libFuzzer, pytest, the browser. Each returns a Report."""
import glob
import hashlib
import os
import shutil
import subprocess
import tempfile

import builds
from places import BUILD, DOSSIER, RESULTS, ROOT
import python_environment
from results import Case, Report, read_junit

PART_LIMIT = 20 * 60  # seconds; a part that hangs must not hang the run

SANITIZERS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


def sanitizer_options():
    """Reports have names instead of addresses, when any version of llvm-symbolizer is there."""
    symbolizers = sorted(glob.glob("/usr/bin/llvm-symbolizer-*"), reverse=True)
    more = f":external_symbolizer_path={symbolizers[0]}" if symbolizers else ""
    return {name: options + more for name, options in SANITIZERS.items()}


def environment(**more):
    """The environment of this process, without settings of Dossier that happen to be in it."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DOSSIER_")}
    return {**plain, **sanitizer_options(), **more}


def run_logged(log, command, cwd=ROOT, limit=PART_LIMIT, **more):
    """The exit code, or None when the command took too long. What it prints goes to the log."""
    with open(log, "a") as output:
        try:
            return subprocess.run(command, cwd=cwd, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                  timeout=limit, env=environment(**more)).returncode
        except subprocess.TimeoutExpired:
            return None


def run_with_reports(log, command, **more):
    """As run_logged. A sanitizer writes its report into a file of its own: a test may have redirected standard error."""
    with tempfile.TemporaryDirectory() as folder:
        options = {name: f"{value}:log_path={folder}/report" for name, value in sanitizer_options().items()}
        code = run_logged(log, command, **options, **more)
        with open(log, "a") as output:
            for path in sorted(glob.glob(f"{folder}/*")):
                output.write(open(path, errors="replace").read())
    return code


def end_of(log, lines=40):
    """The lines from where a sanitizer says what is wrong; otherwise the last lines."""
    text = open(log, errors="replace").read().splitlines()
    for number, line in enumerate(text):
        if "ERROR: " in line or "WARNING: ThreadSanitizer" in line or "runtime error:" in line:
            return "\n".join(text[number:number + lines])
    return "\n".join(text[-lines:])


def judge(report, code, log):
    """Marks the report as broken when the program failed without a failed case: it crashed, or hung."""
    if code is None:
        report.broken += f"\nstill running after its time limit\n{end_of(log)}"
    elif code != 0 and not report.count("failed") and not report.count("skipped"):
        report.broken += f"\nexit {code}\n{end_of(log)}"
    return report


class NoPython(Exception):
    pass


def private_python():
    """The Python of the private environment, with moto and boto3, which Debian does not have."""
    log = RESULTS / "python.log"
    try:
        with open(log, "w") as output:
            return str(python_environment.prepare(output))
    except subprocess.CalledProcessError:
        raise NoPython(f"the Python environment cannot be made\n{end_of(log)}") from None


def run_programs(part, asked):
    build = "tsan" if part == "concurrency" else "asan"
    report = Report()
    if part == "contract":
        private_python()  # these tests start moto
    for _, name, path in builds.programs(build, {part}):
        log, xml = RESULTS / f"{name}.log", RESULTS / f"{name}.xml"
        log.write_text("")
        xml.unlink(missing_ok=True)
        code = run_with_reports(log, [path, "--gtest_brief=1", f"--gtest_output=xml:{xml}"])
        report.add(judge(read_junit(xml), code, log))
    return report


def run_fuzzers(part, asked):
    """Runs each target for a short time, starting from its corpus. The corpus in the clone is only read."""
    folder = BUILD / "asan/tests/fuzz"
    targets = sorted(path for path in folder.iterdir() if path.is_file() and os.access(path, os.X_OK))
    report = Report()
    for target in targets:
        log = RESULTS / f"{target.name}.log"
        log.write_text("")
        corpus = ROOT / "tests/fuzz/corpus" / target.name.removeprefix("fuzz_").removesuffix("_fuzz")
        with tempfile.TemporaryDirectory() as found:
            folders = [found] + ([str(corpus)] if corpus.is_dir() else [])
            code = run_logged(log, [str(target), f"-max_total_time={asked.fuzz_seconds}", "-timeout=10",
                                    "-rss_limit_mb=2048", f"-artifact_prefix={RESULTS}/{target.name}-", *folders],
                              limit=asked.fuzz_seconds + 120)
        if code == 0:
            report.cases.append(Case(target.name, "passed"))
        else:
            report.cases.append(Case(target.name, "failed", f"exit {code}\n{end_of(log)}"))
    return report


def run_pytest(part, asked, python="/usr/bin/python3", *more):
    log, xml = RESULTS / f"{part}.log", RESULTS / f"{part}.xml"
    log.write_text("")
    xml.unlink(missing_ok=True)
    code = run_logged(log, [python, "-B", "-m", "pytest", "-q", f"tests/{part}", f"--junitxml={xml}", *more],
                      DOSSIER_BINARY=str(DOSSIER))
    return judge(read_junit(xml), code, log)


def run_cloud(part, asked):
    """Three tests run at once, each with stores of its own: mostly they wait for time limits, leases and absent stores."""
    return run_pytest(part, asked, private_python(), "-n3", "--dist=worksteal")


def _install_browser_libraries(log):
    """Runs npm ci when the lock file has changed since the last time."""
    folder = ROOT / "tests/browser"
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules/.installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return None
    shutil.rmtree(folder / "node_modules", ignore_errors=True)
    code = run_logged(log, ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder)
    if code == 0:
        stamp.write_text(wanted)
    return code


def run_browser(part, asked):
    log, xml = RESULTS / "browser.log", RESULTS / "browser.xml"
    log.write_text("")
    xml.unlink(missing_ok=True)
    if _install_browser_libraries(log):
        return Report(broken=f"npm ci failed\n{end_of(log)}")
    code = run_logged(log, ["node", "run.mjs"], cwd=ROOT / "tests/browser", JUNIT_FILE=str(xml),
                      DOSSIER_BINARY=str(DOSSIER))
    return judge(read_junit(xml), code, log)
