"""The records on MariaDB, and on a real MySQL where it can be had."""
import builds
import mixes
from parts import end_of, run_logged
from places import BUILD, RESULTS, ROOT
from results import Report

SERVER = BUILD / "mysql-server"


def run_mysql(part, asked):
    paths = {name: path for _, name, path in builds.programs("asan", {"mysql", "contract", "faults"})}
    report = Report()
    # The part contract already runs its suite on both SQLite and MariaDB.
    report.add(_run(paths["mysql_tests"], "mariadb"))
    for mix in mixes.ON_MARIADB:
        report.add(mixes.run_mix(paths["faults_tests"], "mariadb", mix))
    why_not = _fetch()
    if why_not:
        for mix in mixes.ON_MYSQL:
            report.add(mixes.run_mix(paths["faults_tests"], "mariadb", mix))
        report.notes.append(f"not on a real MySQL, only on MariaDB: {why_not}")
        return report
    server = {"DOSSIER_TEST_MYSQLD": str(SERVER / "mysqld")}
    report.add(_run(paths["mysql_tests"], "mysql", **server))
    report.add(_run(paths["contract_tests"], "mysql", "--gtest_filter=records/*mysql", **server))
    for mix in mixes.ON_MYSQL:
        report.add(mixes.run_mix(paths["faults_tests"], "mysql", mix, **server))
    return report


def _fetch():
    """Fetches MySQL. Answers why that failed; empty when it is there."""
    log = RESULTS / "mysql-server.log"
    log.write_text("")
    if run_logged(log, [str(ROOT / "tools/mysql_server.sh"), str(SERVER)], limit=300) == 0:
        return ""
    return f"its packages could not be fetched: {end_of(log, 1)}"


def _run(path, server, *arguments, **more):
    name = f"{path.rsplit('/', 1)[-1]}-{server}"
    return mixes.run_program(path, name, *arguments, **more)
