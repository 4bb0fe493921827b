"""Counts the tests that ran, from their JUnit reports, and prints the lines that people see."""
import dataclasses
import sys
import threading
import time
import xml.etree.ElementTree as xml


@dataclasses.dataclass
class Case:
    name: str
    outcome: str  # passed, failed, skipped
    detail: str = ""


@dataclasses.dataclass
class Report:
    """What a part did. `broken` says how it went wrong beyond its cases. `notes` are printed in the last line."""
    cases: list = dataclasses.field(default_factory=list)
    broken: str = ""
    notes: list = dataclasses.field(default_factory=list)

    def count(self, outcome):
        return sum(case.outcome == outcome for case in self.cases)

    def add(self, other):
        self.cases += other.cases
        self.notes += other.notes
        self.broken = "\n".join(filter(None, [self.broken, other.broken]))


def read_junit(path):
    """The cases of a JUnit file, as GoogleTest, pytest and our own runners write it."""
    report = Report()
    try:
        root = xml.parse(path).getroot()
    except (OSError, xml.ParseError) as problem:
        report.broken = f"no report: {problem}"
        return report
    for case in root.iter("testcase"):
        name = ": ".join(filter(None, [case.get("classname"), case.get("name")]))
        wrong = [child for child in case if child.tag in ("failure", "error")]
        skipped = case.find("skipped") is not None or case.get("status") == "notrun"
        if wrong:
            detail = "\n".join((child.text or child.get("message") or "").strip() for child in wrong)
            report.cases.append(Case(name, "failed", detail))
        else:
            report.cases.append(Case(name, "skipped" if skipped else "passed"))
    return report


class Results:
    """Collects the reports of all parts, from several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._reports = {}
        self._began = time.monotonic()

    def say(self, text):
        with self._lock:
            print(text, flush=True)

    def broken(self, part, why):
        self.add(part, Report(broken=why), 0)

    def add(self, part, report, seconds):
        if not report.cases and not report.broken:
            report.broken = "no test ran"
        if report.broken:
            report.cases.append(Case(f"{part} ran to its end", "failed", report.broken))
        self._reports[part] = report
        counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in ("passed", "failed", "skipped")
                           if outcome != "skipped" or report.count(outcome))
        lines = [f"{part:<12} {counts}  ({seconds:.1f} s)"]
        for case in report.cases:
            if case.outcome == "failed":
                lines.append(f"  FAILED {case.name}")
                lines += [f"    {line}" for line in case.detail.splitlines()[:30]]
            elif case.outcome == "skipped":
                lines.append(f"  SKIPPED {case.name}")
        self.say("\n".join(lines))

    def finish(self):
        total = {outcome: sum(report.count(outcome) for report in self._reports.values())
                 for outcome in ("passed", "failed", "skipped")}
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        print(f"took {minutes} min {seconds} s")
        if total["skipped"]:
            print("Skipped tests count as failures. To leave out a part on purpose, use --without PART.",
                  file=sys.stderr, flush=True)
        notes = "".join(f" ({note})" for report in self._reports.values() for note in report.notes)
        print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped{notes}", flush=True)
        return 1 if total["failed"] or total["skipped"] or not total["passed"] else 0
