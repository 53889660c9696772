from awsbasics.iam.vocabulary import (
    LEVELS,
    service_actions,
    services,
    split_levels,
    vocabulary,
)


def names(*patterns: str) -> set[str]:
    words = vocabulary()
    return {words.actions[place].name for place in words.places(words.row(patterns))}


def test_it_knows_the_actions_of_all_services() -> None:
    assert len(vocabulary()) > 20_000
    assert "iam" in services()


def test_compound_levels_are_split_and_the_weightiest_leads() -> None:
    assert split_levels("Tagging, Write") == ("Write", "Tagging")
    assert split_levels("Permissions management, Write")[0] == LEVELS[0]
    assert all(action.levels for action in service_actions("iam"))


def test_a_row_holds_what_a_pattern_takes_in_whatever_its_case() -> None:
    assert names("IAM:passrole") == {"iam:PassRole"}
    assert names("iam:*Role*") >= {"iam:PassRole", "iam:CreateRole"}
    assert len(names("*")) == len(vocabulary())
    assert names("s3:[G]etObject") == set()


def test_a_pattern_may_reach_over_services() -> None:
    assert {name.partition(":")[0] for name in names("s3*:ListTagsForResource")} >= {"s3"}


def test_what_it_lacks_gets_an_entry_of_its_own() -> None:
    words = vocabulary().extended(["brandnew:Do", "brandnew:*", "s3:GetObject", "s3:*"])
    assert len(words) == len(vocabulary()) + 2
    row = words.row(["brandnew:do"])
    assert words.has(row, "brandnew:Do")
    assert {words.actions[place].level for place in words.places(row)} == {"Unknown"}


def test_actions_are_found_by_level() -> None:
    words = vocabulary()
    row = words.of_levels(["permissions management"])
    assert words.has(row, "iam:PutRolePolicy")
    assert not words.has(row, "s3:GetObject")
