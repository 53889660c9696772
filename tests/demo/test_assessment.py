"""What the demo's assessment shows: whole findings; who can do what, faults and what is sound."""

import difflib
import json

import pandas as pd
import pytest

from awsbasics.assessment import Assessment
from awsbasics.demo.setting import ACCOUNT_IDS
from awsbasics.recommendations import RECOMMENDATIONS
from tests.demo.expected import FILE, told

FAULTS = [
    (
        "ORG.4",
        "management",
        "User ci-organization administers the organization with an access key.",
    ),
    ("ORG.6", "billing-production", "Role cost-reporter of the management account can enter"),
    ("SCP.2", "sandbox", "can take the account out of the organization"),
    ("SCP.2", "billing-production", "can disable GuardDuty"),
    ("SCP.3", "billing-production", "Role billing-prod-cloudformation can become an administrator"),
    ("SCP.3", "ledger-production", "User ines.moreau can become an administrator"),
    (
        "SCP.4",
        "billing-production",
        "Role billing-prod-cloudformation can make or change principals",
    ),
    ("APP.5", "development", "The application role legacy-import is an administrator"),
    ("APP.8", "ledger-production", "Policy fix allows iam:PassRole and does not name the roles."),
    ("TMP.1", "ledger-production", "by User hugo.brandt: administrator."),
    ("TMP.1", "ledger-production", "by Permission set AdministratorAccess: administrator."),
    ("TMP.4", "ledger-production", "policy elevation-from-monday has a start and no end."),
]
SOUND = [
    ("ORG.4", "management", "olivia.reed"),
    ("SCP.2", "billing-production", "leave-organization"),
    ("SCP.2", "billing-production", "users-and-keys"),
    ("SCP.3", "development", "amara.okafor"),
    ("SCP.4", "sandbox", "sandbox-engineer"),
    ("APP.5", "billing-production", "billing-prod-app"),
    ("APP.8", "billing-production", "billing-prod-deploy"),
    ("TMP.1", "billing-production", "grace.kim"),
    ("TMP.1", "billing-production", "break-glass"),
    ("TMP.4", "billing-production", "elevation-incident-4711"),
]


@pytest.mark.parametrize(("check", "account", "title"), FAULTS)
def test_a_planted_fault_is_found(
    demo_assessment: Assessment, check: str, account: str, title: str
) -> None:
    frame = demo_assessment.findings
    here = frame[(frame["check"] == check) & (frame["account_id"] == ACCOUNT_IDS[account])]
    assert title in " ".join(here.loc[here["status"] == "fail", "title"])


@pytest.mark.parametrize(("check", "account", "thing"), SOUND)
def test_what_is_sound_passes(
    demo_assessment: Assessment, check: str, account: str, thing: str
) -> None:
    frame = demo_assessment.findings
    here = frame[(frame["check"] == check) & (frame["account_id"] == ACCOUNT_IDS[account])]
    assert "pass" in set(here["status"])
    failing = here[here["status"] == "fail"]
    assert not any(thing in f"{row.resource} {row.key}" for row in failing.itertuples())


def test_nothing_of_them_is_unknown_where_all_was_read(demo_assessment: Assessment) -> None:
    frame = demo_assessment.findings
    asked = frame[frame["check"].isin({check for check, _, _ in FAULTS})]
    assert len(asked) > 50
    assert "unknown" not in set(asked["status"])


def test_findings_have_unique_ids_and_whole_evidence(demo_assessment: Assessment) -> None:
    findings = demo_assessment.findings
    assert findings["id"].is_unique
    failed = findings[findings["status"] == "fail"]
    assert len(failed) > 50
    assert (failed["remediation"] != "").all()
    evidence = failed["evidence"].map(json.loads)
    by_facts = failed["check"].map(
        {c.id: c.run is not None for r in RECOMMENDATIONS for c in r.checks}
    )
    assert evidence[by_facts].map(lambda e: bool(e.get("table")) and bool(e.get("read_at"))).all()
    assert pd.Series(failed["account_id"]).str.fullmatch(r"\d{12}").all()


def test_the_demo_says_what_was_reviewed_and_nothing_else(demo_assessment: Assessment) -> None:
    reviewed, found = (
        text.splitlines() for text in (FILE.read_text("utf-8"), told(demo_assessment))
    )
    changed = list(difflib.unified_diff(reviewed, found, "reviewed", "found", lineterm="", n=0))
    hint = "if that is right, write them anew: python -m tests.demo.expected"
    assert not changed, "\n".join([*changed, hint])
