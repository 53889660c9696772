"""ENG.3: what reaches all engineers."""

from pathlib import Path
from typing import Any

from awsbasics.engagement.model import Humans
from tests.recommendations.principal_rows import Tables, allow, arn, joined, signs_in, user
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)


def member(of: str, *names: str) -> Tables:
    group = arn("group", of)
    rows = [{"group_arn": group, "user_arn": arn("user", name)} for name in names]
    return {"iam_groups": [{"arn": group, "name": of}], "iam_group_members": rows}


def attached(policy: str, *names: str) -> Tables:
    row = {"principal_type": "user", "policy_arn": arn("policy", policy)}
    return {
        "iam_attachments": [{**row, "principal_arn": arn("user", name)} for name in names],
        "iam_policies": [{"arn": arn("policy", policy), "name": policy}],
    }


PEOPLE = joined(user("ada"), user("bob"), user("eve"))


def test_a_group_of_everybody_passes() -> None:
    rows = joined(PEOPLE, member("engineers", "ada", "bob", "eve"))
    assert statuses(results("ENG.3", rows)) == ["ok"]


def test_one_policy_on_everybody_passes() -> None:
    assert statuses(results("ENG.3", joined(PEOPLE, attached("base", "ada", "bob", "eve")))) == [
        "ok"
    ]


def test_groups_of_some_fail_with_the_widest() -> None:
    rows = joined(PEOPLE, member("team-a", "ada", "bob"), member("team-b", "eve"))
    [found] = failures("ENG.3", rows)
    assert (found.account_id, found.key) == (DEVELOPMENT, "iam")
    assert found.facts == {
        "people": 3,
        "widest": arn("group", "team-a"),
        "reached": 2,
        "not_reached": ["eve"],
    }


def test_people_without_anything_fail() -> None:
    [found] = failures("ENG.3", PEOPLE)
    assert found.title == "No group or policy reaches all 3 IAM users who are engineers."


def test_programs_and_emergency_users_need_no_base() -> None:
    people = engagement(humans=Humans(exclude=("ci-*",)))
    rows = joined(PEOPLE, member("engineers", "ada", "bob", "eve"), user("ci-1"))
    assert not failures("ENG.3", joined(rows, user("break-glass-1")), engagement=people)
    assert failures("ENG.3", rows)


def center(*people: str, shared: bool) -> Tables:
    """Each person in a group with a permission set of their own."""
    rows: list[dict[str, Any]] = []
    for name in people:
        own = signs_in(name, f"Set{name}", PRODUCTION, allow("s3:Get*"))
        own["sso_permission_sets"][0]["arn"] += name
        own["sso_assignments"][0].update(
            permission_set_arn=own["sso_permission_sets"][0]["arn"], principal_id=f"g-{name}"
        )
        own["identitystore_groups"][0].update(id=f"g-{name}", display_name=f"people-of-{name}")
        own["identitystore_group_members"][0]["group_id"] = f"g-{name}"
        if shared:
            everybody = {"account_id": MANAGEMENT, "group_id": "g-all", "user_id": f"u-{name}"}
            own["identitystore_group_members"].append(everybody)
        rows.append(own)
    return joined(*rows)


def test_identity_center_is_judged_by_itself() -> None:
    assert statuses(results("ENG.3", center("ada", "bob", shared=True))) == ["ok"]
    [found] = failures("ENG.3", center("ada", "bob", shared=False))
    assert (found.account_id, found.key) == (MANAGEMENT, "identity_center")
    assert (
        "all 2 users of Identity Center who are engineers: group people-of-ada reaches 1."
        in found.title
    )


def test_members_that_were_not_read_leave_it_unknown(tmp_path: Path) -> None:
    found = judged("ENG.3", tmp_path, PEOPLE, ("iam_group_members", DEVELOPMENT, "global"))
    assert [(f.account_id, f.status) for f in found] == [(DEVELOPMENT, "unknown")]
