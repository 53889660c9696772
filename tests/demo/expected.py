"""The reviewed findings of the demo, beside this file: what its assessment has to say.

`python -m tests.demo.expected` writes them anew; look at the difference before you commit it.
"""

import re
import tempfile
from pathlib import Path

from awsbasics.assessment import Assessment, assess
from awsbasics.collect import collect
from awsbasics.demo import (
    ENGAGEMENT,
    build_organization,
    demo_environment,
    demo_server,
    demo_session,
)
from awsbasics.engagement import load_engagement

FILE = Path(__file__).with_name("expected_findings.csv")
COLUMNS = ["check", "account_id", "region", "resource", "key", "status", "severity", "title"]


def told(assessment: Assessment) -> str:
    """The findings as lines of CSV, in an order that no run changes."""
    frame = assessment.findings[COLUMNS].sort_values(COLUMNS, kind="stable")
    text: str = frame.to_csv(index=False, lineterminator="\n")
    return re.sub(r"\bAKIA[A-Z0-9]{12}", "AKIA…", text)  # no key stands whole in this repository


def write() -> None:
    """Build, gather and assess the demo, and write its findings."""
    with tempfile.TemporaryDirectory() as folder, demo_server() as url, demo_environment(url):
        organization = build_organization(url)
        session = demo_session()
        snapshot = collect(Path(folder) / "snapshot", session=session, role=organization.role)
        now = organization.now.isoformat()
        FILE.write_text(told(assess(snapshot, load_engagement(ENGAGEMENT), as_of=now)), "utf-8")


if __name__ == "__main__":
    write()
