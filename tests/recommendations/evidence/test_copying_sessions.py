"""TEAM.5: no session reads production's data and writes that of other environments."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.principal_rows import (
    Document,
    Tables,
    allow,
    arn,
    joined,
    organization,
    policy,
    role,
    root,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    failures,
    judged,
    results,
    statuses,
)

ADA = arn("user", "ada", PRODUCTION)
EVERYTHING = allow("s3:*")


def bucket(name: str, account: str, policy_: Document | None = None) -> Tables:
    row: dict[str, Any] = {"account_id": account, "region": REGION, "name": name}
    return {"s3_buckets": [{**row, "arn": f"arn:aws:s3:::{name}", "policy": policy_}]}


def lets_in(principal: Any, name: str, *actions: str) -> Document:
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions)}
    return policy({**statement, "Resource": f"arn:aws:s3:::{name}/*"})


LIVE = bucket("live", PRODUCTION)
OPEN = bucket("play", DEVELOPMENT, lets_in(root(PRODUCTION), "play", "s3:PutObject"))


def test_sessions_of_one_account_pass() -> None:
    closed = bucket("play", DEVELOPMENT)
    everybody = user("ada", EVERYTHING, account=PRODUCTION), user("kim", EVERYTHING)
    assert statuses(results("TEAM.5", joined(LIVE, closed, *everybody))) == ["ok", "ok"]


def test_a_bucket_of_development_that_lets_production_write_fails() -> None:
    rows = joined(LIVE, OPEN, user("ada", EVERYTHING, account=PRODUCTION))
    [found] = failures("TEAM.5", rows)
    assert (found.account_id, found.resource, found.key) == (PRODUCTION, ADA, "copies")
    assert found.facts["reads"] == ["s3:GetObject on arn:aws:s3:::live"]
    assert found.facts["writes"] == ["s3:PutObject on arn:aws:s3:::play"]


def test_a_bucket_that_is_open_to_the_whole_organization_fails() -> None:
    everybody = lets_in("*", "play", "s3:PutObject")
    everybody["Statement"][0]["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    ada = user("ada", EVERYTHING, account=PRODUCTION)
    rows = joined(organization(), LIVE, bucket("play", DEVELOPMENT, everybody), ada)
    assert [each.resource for each in failures("TEAM.5", rows)] == [ADA]
    everybody["Statement"][0]["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": "o-2"}}
    other = joined(organization(), LIVE, bucket("play", DEVELOPMENT, everybody), ada)
    assert not failures("TEAM.5", other)


def test_a_bucket_that_is_open_to_anybody_is_not_everybodys_finding() -> None:
    live = bucket("live", PRODUCTION, lets_in("*", "live", "s3:GetObject"))
    rows = joined(live, bucket("play", DEVELOPMENT), user("kim", EVERYTHING))
    assert not failures("TEAM.5", rows)


def test_a_bucket_of_production_that_lets_development_read_fails() -> None:
    live = bucket("live", PRODUCTION, lets_in(root(DEVELOPMENT), "live", "s3:GetObject"))
    rows = joined(live, bucket("play", DEVELOPMENT), user("kim", EVERYTHING))
    [found] = failures("TEAM.5", rows)
    assert found.account_id == DEVELOPMENT


def test_parts_of_a_bucket_count() -> None:
    reads = allow("s3:GetObject", "arn:aws:s3:::live/reports/*")
    writes = allow("s3:PutObject", "arn:aws:s3:::play/*")
    assert failures("TEAM.5", joined(LIVE, OPEN, user("ada", reads, writes, account=PRODUCTION)))


@pytest.mark.parametrize("pattern", ["arn:aws:s3:::li*/reports/*", "arn:aws:s3:::*/reports/2026/*"])
def test_parts_of_several_buckets_count(pattern: str) -> None:
    statements = allow("s3:GetObject", pattern), allow("s3:PutObject", "*")
    assert failures("TEAM.5", joined(LIVE, OPEN, user("ada", *statements, account=PRODUCTION)))


def test_who_only_reads_or_only_writes_passes() -> None:
    reads = user("ada", allow("s3:GetObject"), account=PRODUCTION)
    writes = user("kim", allow("s3:PutObject"), account=PRODUCTION)
    assert statuses(results("TEAM.5", joined(LIVE, OPEN, reads, writes))) == ["ok", "ok"]


def test_roles_of_services_and_the_emergency_role_are_not_people() -> None:
    service = role("app", EVERYTHING, account=PRODUCTION)
    emergency = role("break-glass", EVERYTHING, account=PRODUCTION, trusts=trust(root(PRODUCTION)))
    ada = user("ada", allow("sts:AssumeRole"), account=PRODUCTION)
    assert not failures("TEAM.5", joined(LIVE, OPEN, service, emergency, ada))


def test_without_data_on_both_sides_there_is_nothing_to_say() -> None:
    assert results("TEAM.5", joined(LIVE, user("ada", EVERYTHING, account=PRODUCTION))) == []


def test_policies_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    rows = joined(LIVE, OPEN, user("ada", EVERYTHING, account=PRODUCTION))
    found = judged("TEAM.5", tmp_path, rows, ("s3_buckets", DEVELOPMENT, "*"))
    assert "pass" not in {each.status for each in found if each.account_id == DEVELOPMENT}
    assert "unknown" in {each.status for each in found}


def test_a_policy_of_a_person_that_was_not_read_is_told() -> None:
    attached = {"account_id": PRODUCTION, "principal_arn": ADA, "policy_arn": "arn:aws:iam::1:p"}
    rows = joined(LIVE, OPEN, user("ada", account=PRODUCTION), {"iam_attachments": [attached]})
    assert statuses(results("TEAM.5", rows)) == ["unknown"]
