"""The fault suites on every mix of stores: {sqlite, mysql} × {folder, s3} × {sqlite, dynamodb}."""
import itertools

import builds
from parts import judge, run_with_reports
from places import RESULTS
from results import Report, read_junit

# (objects, catalog); S3 and DynamoDB are in memory.
MIXES = list(itertools.product(["folder", "s3"], ["sqlite", "dynamodb"]))
# The tests take ten times as long on a real database, and what the records do does not depend on the other two stores.
# So each server gets two mixes, which together have every kind of store; both servers together get all four.
ON_MARIADB = [("folder", "sqlite"), ("s3", "dynamodb")]
ON_MYSQL = [mix for mix in MIXES if mix not in ON_MARIADB]


def run_faults(part, asked):
    """With the records in SQLite. call_faults_tests always uses S3 and DynamoDB."""
    paths = {name: path for _, name, path in builds.programs("asan", {"faults"})}
    report = Report()
    for mix in MIXES:
        report.add(run_mix(paths["faults_tests"], "sqlite", mix))
    report.add(run_program(paths["call_faults_tests"], "call_faults_tests"))
    return report


def run_mix(path, server, mix, **more):
    """Runs the faults tests on these stores, and adds the stores to the names of the cases."""
    objects, catalog = mix
    records = "sqlite" if server == "sqlite" else "mysql"
    # The tests of a failing disk need SQLite, which is in this process; a database server has a disk of its own.
    arguments = [] if records == "sqlite" else ["--gtest_filter=-on_a_failing_disk.*"]
    report = run_program(path, f"faults_tests-{server}-{objects}-{catalog}", *arguments, DOSSIER_TEST_RECORDS=records,
                         DOSSIER_TEST_OBJECTS=objects, DOSSIER_TEST_CATALOG=catalog, **more)
    for case in report.cases:
        case.name += f" ({server}, {objects}, {catalog})"
    return report


def run_program(path, name, *arguments, **more):
    log, xml = RESULTS / f"{name}.log", RESULTS / f"{name}.xml"
    log.write_text("")
    xml.unlink(missing_ok=True)
    code = run_with_reports(log, [path, "--gtest_brief=1", f"--gtest_output=xml:{xml}", *arguments], **more)
    return judge(read_junit(xml), code, log)
