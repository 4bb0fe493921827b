"""The records on MariaDB, and on a real MySQL where it can be had."""
import builds
from parts import end_of, judge, run_logged, run_with_reports
from places import BUILD, RESULTS, ROOT
from results import Report, read_junit

SERVER = BUILD / "mysql-server"


def run_mysql(part, asked):
    paths = {name: path for _, name, path in builds.programs("asan", {"mysql", "contract", "faults"})}
    report = Report()
    # The contract suite itself runs on SQLite and MariaDB both.
    report.add(_run(paths["mysql_tests"], "mariadb"))
    report.add(_run(paths["faults_tests"], "mariadb", DOSSIER_TEST_RECORDS="mysql"))
    why_not = _fetch()
    if why_not:
        report.notes.append(f"not on a real MySQL, only on MariaDB: {why_not}")
        return report
    server = {"DOSSIER_TEST_MYSQLD": str(SERVER / "mysqld")}
    report.add(_run(paths["mysql_tests"], "mysql", **server))
    report.add(_run(paths["contract_tests"], "mysql", "--gtest_filter=records/*mysql", **server))
    report.add(_run(paths["faults_tests"], "mysql", DOSSIER_TEST_RECORDS="mysql", **server))
    return report


def _fetch():
    """Why there is no MySQL; nothing when there is."""
    log = RESULTS / "mysql-server.log"
    log.write_text("")
    if run_logged(log, [str(ROOT / "tools/mysql_server.sh"), str(SERVER)], limit=300) == 0:
        return ""
    return f"its packages could not be fetched: {end_of(log, 1)}"


def _run(path, server, *arguments, **more):
    name = f"{path.rsplit('/', 1)[-1]}-{server}"
    log, xml = RESULTS / f"{name}.log", RESULTS / f"{name}.xml"
    log.write_text("")
    xml.unlink(missing_ok=True)
    code = run_with_reports(log, [path, "--gtest_brief=1", f"--gtest_output=xml:{xml}", *arguments], **more)
    return judge(read_junit(xml), code, log)
