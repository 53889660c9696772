"""ENG.4: without MFA one's device, with MFA one's own credentials."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement.model import Humans
from awsbasics.recommendations.evidence.people import alike, human_users
from tests.recommendations.principal_rows import (
    MFA,
    Document,
    Tables,
    allow,
    arn,
    credentials,
    deny,
    joined,
    organization,
    policy,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    engagement,
    facts_of,
    failures,
    judged,
    results,
    statuses,
)

OWN = "arn:aws:iam::*:user/${aws:username}"
EXCEPTED = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:GetMFADevice",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
]
KEYS = ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:UpdateAccessKey"]
DEVICES = ["iam:EnableMFADevice", "iam:DeactivateMFADevice", "iam:ResyncMFADevice"]


def enforced(operator: str = "BoolIfExists", **more: str) -> Document:
    condition = {operator: {"aws:MultiFactorAuthPresent": "false", **more}}
    return {"Effect": "Deny", "NotAction": EXCEPTED, "Resource": "*", "Condition": condition}


def own(resource: Any = OWN) -> list[Document]:
    """What a person does with their own credentials, after AWS's example."""
    return [
        allow("iam:CreateVirtualMFADevice", "arn:aws:iam::*:mfa/*"),
        allow([*KEYS, *DEVICES, "iam:ChangePassword", "iam:GetUser"], resource),
    ]


WORK = allow(["s3:*", "ec2:*"])
GOOD = user("ada", WORK, *own(), enforced())


def keys(rows: Tables, **more: Any) -> list[str]:
    return [found.key for found in failures("ENG.4", rows, **more)]


def test_awss_example_passes() -> None:
    assert statuses(results("ENG.4", GOOD)) == ["ok"]


def test_an_exception_for_calls_by_services_does_not_open_it() -> None:
    rows = user("ada", WORK, *own(), enforced(**{"aws:ViaAWSService": "false"}))
    assert keys(rows) == []


def test_allowing_only_with_mfa_passes_too() -> None:
    rows = user("ada", allow(["s3:*", "ec2:*"], "*", MFA), *own()[:1], allow(DEVICES, OWN, MFA))
    rows = joined(rows, user("ada", allow("iam:EnableMFADevice", OWN)))
    rows["iam_inline_policies"][-1]["name"] = "enrol"
    assert keys(rows) == []


def test_a_guard_rail_of_the_organization_is_enough() -> None:
    rows = user("ada", WORK, *own())
    assert keys(joined(rows, organization(enforced()))) == []
    assert keys(joined(rows, organization(enforced("Bool")))) == ["without_mfa"]


def test_work_without_mfa_fails() -> None:
    [found] = failures("ENG.4", user("ada", WORK, *own()))
    assert (found.resource, found.key, found.severity) == (
        arn("user", "ada"),
        "without_mfa",
        "high",
    )
    assert found.facts["ways"] == ["console", "access_key"]
    assert "without MFA, in the console and by an access key" in found.title
    assert len(found.facts["examples"]) == 10


def test_a_deny_that_access_keys_escape_fails_for_these() -> None:
    [found] = failures("ENG.4", user("ada", WORK, *own(), enforced("Bool")))
    assert found.facts["ways"] == ["access_key"]


def test_a_deny_that_the_console_escapes_fails_for_it() -> None:
    absent = {"Null": {"aws:MultiFactorAuthPresent": "true"}}
    rows = user("ada", WORK, *own(), {**enforced(), "Condition": absent})
    [found] = failures("ENG.4", rows)
    assert found.facts["ways"] == ["console"]


def test_reading_alone_weighs_less() -> None:
    [found] = failures("ENG.4", user("ada", allow("s3:List*"), *own()[:1], allow(DEVICES[:1], OWN)))
    assert found.severity == "medium"
    assert "all of them reading" in found.title


def test_ones_own_keys_without_mfa_fail() -> None:
    rows = user("ada", *own()[:1], allow([*KEYS, "iam:EnableMFADevice"], OWN))
    [found] = failures("ENG.4", rows)
    assert found.facts["examples"] == sorted(KEYS)


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:iam::*:user/*",
        "arn:aws:iam::*:user/${aws:username}*",
        [OWN, f"arn:aws:iam::{DEVELOPMENT}:user/bob"],
    ],
)
def test_the_credentials_of_others_fail(resource: Any) -> None:
    [found] = failures("ENG.4", user("ada", WORK, *own(resource), enforced()))
    assert found.key == "others"
    assert "manage the credentials of others: CreateAccessKey" in found.title


def test_naming_ones_own_user_is_fine_and_anothers_is_not() -> None:
    named = [*own(arn("user", "ada")), enforced()]
    rows = joined(user("ada", WORK, *named), user("bob", WORK, *named))
    assert {(f.resource, f.key) for f in failures("ENG.4", rows)} == {
        (arn("user", "bob"), "others"),
        (arn("user", "bob"), "self"),
    }


def test_an_administrator_manages_others() -> None:
    assert keys(user("ada", allow("*"), enforced())) == []


def test_who_cannot_register_a_device_is_told() -> None:
    [found] = failures("ENG.4", user("ada", WORK, deny("*", "*"), enforced()))
    assert (found.key, found.severity) == ("self", "medium")
    assert found.title == "IAM user ada cannot register an MFA device by itself."


@pytest.mark.parametrize(("anybody", "expected"), [(True, []), (False, ["self"])])
def test_a_password_is_changed_by_policy_or_by_the_accounts_setting(
    anybody: bool, expected: list[str]
) -> None:
    setting = {"account_id": DEVELOPMENT, "allow_users_to_change_password": anybody}
    without = [own()[0], allow([*KEYS, *DEVICES], OWN)]
    rows = joined(
        user("ada", WORK, *without, enforced()),
        credentials("ada", DEVELOPMENT),
        {"iam_password_policy": [setting]},
    )
    assert keys(rows) == expected


def team(count: int, *statements: Document) -> Tables:
    group = arn("group", "team")
    users = [user(f"user-{number}") for number in range(count)]
    names = [row["arn"] for rows in users for row in rows["iam_users"]]
    return joined(
        *users,
        {
            "iam_groups": [{"arn": group, "name": "team"}],
            "iam_group_members": [{"group_arn": group, "user_arn": each} for each in names],
            "iam_inline_policies": [
                {"principal_arn": group, "name": "own", "document": policy(*statements)}
            ],
        },
    )


def test_users_of_one_group_are_decided_once() -> None:
    rows = team(30, WORK, *own("*"), enforced())
    facts, found = facts_of(rows), results("ENG.4", rows)
    assert len({each.resource for each in found}) == 30
    assert {each.key for each in found} == {"others"}
    assert [len(each) for each in alike(facts.permissions, human_users(facts))] == [30]


def test_tags_that_name_a_user_are_each_ones_own() -> None:
    tagged = [*own("arn:aws:iam::*:user/${aws:PrincipalTag/keeps}"), allow(DEVICES, OWN)]
    people = [
        user(name, WORK, *tagged, enforced(), tags={"keeps": keeps})
        for name, keeps in (("ada", "ada"), ("bob", "eve"))
    ]
    found = failures("ENG.4", joined(*people))
    assert {(each.resource, each.key) for each in found} == {(arn("user", "bob"), "others")}


def test_programs_are_not_judged() -> None:
    people = engagement(humans=Humans(exclude=("ci-*",)))
    assert results("ENG.4", user("ci-1", WORK), engagement=people) == []


def test_a_policy_that_was_not_read_leaves_it_unknown() -> None:
    attached = {
        "iam_attachments": [
            {"principal_arn": arn("user", "ada"), "principal_type": "user", "policy_arn": "arn:x"}
        ]
    }
    [found] = results("ENG.4", joined(user("ada", WORK), attached))
    assert found.status == "unknown"


def test_tables_that_were_not_read_leave_it_unknown(tmp_path: Path) -> None:
    rows = user("ada", WORK)
    assert [f.status for f in judged("ENG.4", tmp_path / "read", rows)] == ["fail", "fail"]
    denied = judged("ENG.4", tmp_path / "denied", rows, ("iam_attachments", DEVELOPMENT, "global"))
    assert [f.status for f in denied] == ["unknown"]
