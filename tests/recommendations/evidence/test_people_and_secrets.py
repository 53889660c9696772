"""SEC.9: people who can read secrets of production at any time. It is 2026-11-01, 12:00."""

from pathlib import Path

from tests.recommendations.principal_rows import (
    SSO,
    Document,
    allow,
    arn,
    joined,
    role,
    root,
    signs_in,
    trust,
    user,
)
from tests.recommendations.secret_rows import KEY, key, lets_in, secret, secret_arn
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    failures,
    judged,
    results,
    statuses,
)

GET = "secretsmanager:GetSecretValue"
WINDOW = {
    "DateGreaterThan": {"aws:CurrentTime": "2026-11-01T08:00:00Z"},
    "DateLessThan": {"aws:CurrentTime": "2026-11-01T16:00:00Z"},
}


def elevated(condition: Document | None = None, name: str = "fixer") -> dict[str, list[object]]:
    trusts = trust(root(PRODUCTION), condition)
    return role(name, allow(GET), account=PRODUCTION, trusts=trusts)  # type: ignore[return-value]


def test_people_who_cannot_read_secrets_pass() -> None:
    rows = joined(secret(), user("ada", allow("s3:Get*"), account=PRODUCTION))
    assert statuses(results("SEC.9", rows)) == ["ok"]


def test_a_user_who_reads_them_fails() -> None:
    rows = joined(secret(), user("ada", allow(GET), account=PRODUCTION))
    [found] = failures("SEC.9", rows)
    assert (found.resource, found.key) == (arn("user", "ada", PRODUCTION), "secrets")
    assert found.facts["secrets"] == ["prod/billing/database"]
    assert "1 of 1 secrets" in found.title


def test_people_of_identity_center_are_named_at_their_permission_set() -> None:
    resource = secret_arn("prod/billing/database")
    rows = joined(
        secret(), secret("prod/b/c"), signs_in("kim", "op", PRODUCTION, allow(GET, resource))
    )
    [found] = failures("SEC.9", rows)
    assert (found.account_id, found.resource) == (PRODUCTION, SSO)
    assert "1 of 2 secrets" in found.title


def test_a_role_that_people_assume_fails_unless_it_is_for_a_time_or_for_emergencies() -> None:
    person = user("ada", allow("sts:AssumeRole"), account=PRODUCTION)
    assert len(failures("SEC.9", joined(secret(), person, elevated()))) == 1
    assert not failures("SEC.9", joined(secret(), person, elevated(WINDOW)))
    assert not failures("SEC.9", joined(secret(), person, elevated(name="break-glass")))


def test_a_permission_for_a_time_is_elevation() -> None:
    rows = joined(secret(), user("ada", allow(GET, "*", WINDOW), account=PRODUCTION))
    assert statuses(results("SEC.9", rows)) == ["ok"]


def test_people_of_another_account_fail_where_the_secret_lets_them_in() -> None:
    opens = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": root(DEVELOPMENT),
            "Action": "kms:Decrypt",
            "Resource": "*",
        },
    }
    ada = user("ada", allow([GET, "kms:Decrypt"]), account=DEVELOPMENT)
    shared = secret(resource_policy=lets_in(root(DEVELOPMENT)), kms_key_id=KEY)
    [found] = failures("SEC.9", joined(shared, key(opens), ada))
    assert found.account_id == DEVELOPMENT
    assert not failures("SEC.9", joined(secret(resource_policy=lets_in(root(DEVELOPMENT))), ada))


def test_other_environments_are_not_looked_at() -> None:
    rows = joined(secret("dev/a/b", DEVELOPMENT), user("ada", allow(GET)))
    assert results("SEC.9", rows) == []


def test_assignments_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    rows = joined(secret(), user("ada", allow("s3:Get*"), account=PRODUCTION))
    found = judged("SEC.9", tmp_path, rows, ("sso_assignments", "*", "*"))
    assert "pass" not in {each.status for each in found}
    assert "unknown" in {each.status for each in found}
