"""APP.4: reading, writing and deploying are separate policies."""

from pathlib import Path

import pytest

from tests.recommendations.principal_rows import Document, Tables, allow, arn, joined, policy, role
from tests.recommendations.support import DEVELOPMENT, failures, judged, results, statuses

READS = allow(["s3:GetObject", "logs:PutLogEvents"])
WRITES = allow(["s3:GetObject", "s3:PutObject"])
DEPLOYS = allow("cloudformation:*")


def managed(name: str, *statements: Document, **more: int) -> Tables:
    row = {"arn": arn("policy", name), "name": name, "path": "/", "aws_managed": False}
    return {"iam_policies": [{**row, "document": policy(*statements), **more}]}


def billing(*statements: Document) -> Tables:
    policies = enumerate(statements)
    return joined(*(managed(f"billing-dev-{number}", each) for number, each in policies))


def test_one_of_each_kind_passes() -> None:
    assert statuses(results("APP.4", billing(READS, WRITES, DEPLOYS))) == ["ok"]


def test_policies_in_roles_count() -> None:
    rows = joined(billing(READS, WRITES), role("billing-dev-deploy", allow("iam:PutRolePolicy")))
    assert statuses(results("APP.4", rows)) == ["ok"]


@pytest.mark.parametrize(
    ("statements", "missing"),
    [
        ([WRITES, DEPLOYS], "reading"),
        ([READS, DEPLOYS], "writing"),
        ([READS, allow("s3:*")], "deploying"),
        ([allow("*")], "reading and writing"),
    ],
)
def test_a_kind_that_is_missing_fails(statements: list[Document], missing: str) -> None:
    [found] = failures("APP.4", billing(*statements))
    assert (found.key, found.application, found.severity) == ("billing", "billing", None)
    assert found.title.endswith(f"for {missing} alone.")


def test_boundaries_and_policies_of_no_application_do_not_count() -> None:
    rows = joined(
        managed("nameless", READS), managed("billing-dev-boundary", READS, boundary_count=1)
    )
    assert statuses(results("APP.4", rows)) == ["not_applicable"]


def test_without_policies_app_4_is_unknown(tmp_path: Path) -> None:
    denied = ("iam_policies", DEVELOPMENT, "*")
    found = judged("APP.4", tmp_path, billing(WRITES), denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
