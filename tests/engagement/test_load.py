from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awsbasics.engagement import Engagement, load_engagement
from awsbasics.engagement.load import MAX_BYTES
from awsbasics.errors import EngagementError
from awsbasics.recommendations.base import Check, Choice, Question

CHOICES = (Choice("per_application", "One each", "pass"), Choice("shared", "Shared", "fail"))
PART = Question("By whom?", (Choice("owner", "The owner", "pass"),), id="updates")
CHECKS = {
    "SEC.1": Check(
        id="SEC.1", title="", severity="medium", question=Question("?", CHOICES, parts=(PART,))
    ),
    "VPC.1": Check(id="VPC.1", title="", severity="medium", question=Question("How?", CHOICES)),
    "SG.4": Check(id="SG.4", title="", severity="critical"),
}

Load = Callable[[str], Engagement]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def from_text(text: str) -> Engagement:
        path = tmp_path / "engagement.yml"
        path.write_text(text, encoding="utf-8")
        return load_engagement(path, CHECKS)

    return from_text


@pytest.fixture
def mistakes(load: Load, tmp_path: Path) -> Callable[[str], list[str]]:
    """The mistakes in a text, without the folder in front."""

    def of(text: str) -> list[str]:
        with pytest.raises(EngagementError) as caught:
            load(text)
        return [each.removeprefix(f"{tmp_path}/engagement.yml:") for each in caught.value.mistakes]

    return of


Mistaken = Callable[[str], list[str]]

WHOLE = """
client: Example Corp
assessor: A. Person
confidentiality: Confidential
branding: {logo: logo.png, color: "#0b5fff"}
scope: {accounts: [000000000012], regions: all}
environments:
  - {ou: "Workloads/Prod", environment: production}
  - {account: 000000000012, environment: sandbox}
  - {name: "*-test", environment: test}
  - {tag: stage, value: "dev*", environment: development}
phases: {dev: development, live: production}
applications: {tags: [Service], stack_pattern: "{application}-{environment}"}
teams:
  group_pattern: ["/teams/{team}/*", "team-{team}"]
  permission_set_pattern: "{team}-*"
  maintain: {payments: [billing, ledger], web: shop}
roles: {deployment: "*-ship", break_glass: [glass], provisioning: ["Tower*"]}
humans: {users: "*", exclude: [ci-*]}
secret_names: "{phase}/{application}/{item}"
shared_secrets: [prod/shared/*]
expected_access: {production: none}
trusted_accounts: ["000000000013"]
vpn_ranges: [198.51.100.0/24, "2001:db8::/32"]
dmz_vpcs: ["vpc-1", "*-edge"]
allow: {management_account: ["arn:*:sns:*:*:alarms"]}
thresholds: {unused_days: 45, elevation_hours: 0.5}
answers:
  VPC.1: {choice: per_application, note: no, evidence: wiki, by: A. Person, on: 2026-11-01}
notes:
  R05: {text: Well kept., by: A. Person, on: 2026-11-02}
overrides:
  R09: {rating: partly_met, reason: Being rebuilt, by: A. Person, on: 2026-11-03}
exceptions:
  - {check: SG.4, match: {account: 000000000012, resource: "sg-1*"}, reason: A honeypot,
     owner: Security, approved_by: A. Boss, expires: 2027-01-31}
"""


def test_every_key_of_the_design_is_read(load: Load) -> None:
    found = load(WHOLE)
    assert (found.client, found.assessor) == ("Example Corp", "A. Person")
    assert (found.branding.logo, found.branding.color) == ("logo.png", "#0b5fff")
    assert found.confidentiality == "Confidential"
    assert [str(rule) for rule in found.environments] == [
        "ou Workloads/Prod",
        "account 000000000012",
        "name *-test",
        "tag stage=dev*",
    ]
    assert dict(found.phases) == {"dev": "development", "live": "production"}
    assert found.applications.tags == ("Service",)
    assert found.applications.stack_pattern == ("{application}-{environment}",)
    assert found.teams.group_pattern == ("/teams/{team}/*", "team-{team}")
    assert dict(found.teams.maintain) == {"payments": ("billing", "ledger"), "web": ("shop",)}
    assert found.roles.deployment == ("*-ship",)
    assert found.roles.provisioning == ("Tower*",)
    assert found.humans.exclude == ("ci-*",)
    assert found.shared_secrets == ("prod/shared/*",)
    assert found.vpn_ranges == ("198.51.100.0/24", "2001:db8::/32")
    assert found.dmz_vpcs == ("vpc-1", "*-edge")
    assert found.allow.management_account == ("arn:*:sns:*:*:alarms",)
    assert found.notes["R05"].text == "Well kept."
    assert (found.overrides["R09"].rating, found.overrides["R09"].on) == (
        "partly_met",
        date(2026, 11, 3),
    )


def test_scalars_stay_text(load: Load) -> None:
    found = load(WHOLE)
    assert found.scope.accounts == ("000000000012",)
    assert found.environments[1].account == "000000000012"
    assert found.exceptions[0].match["account"] == "000000000012"
    assert found.answers["VPC.1"].note == "no"


def test_all_means_no_limit(load: Load) -> None:
    assert load(WHOLE).scope.regions is None
    assert load("scope: {accounts: all}").scope.accounts is None


def test_dates_are_dates(load: Load) -> None:
    found = load(WHOLE)
    assert found.answers["VPC.1"].on == date(2026, 11, 1)
    assert found.exceptions[0].expires == date(2027, 1, 31)


def test_an_exception_knows_its_line(load: Load) -> None:
    assert load(WHOLE).exceptions[0].line == WHOLE[: WHOLE.index("{check: SG.4")].count("\n") + 1


def test_a_threshold_that_is_given_leaves_the_others_at_their_default(load: Load) -> None:
    thresholds = load(WHOLE).thresholds
    assert thresholds["unused_days"] == 45
    assert thresholds["elevation_hours"] == 0.5
    assert thresholds["sandbox_age_days"] == 7
    assert isinstance(thresholds["unused_days"], int)


def test_expected_access_leaves_the_others_at_their_default(load: Load) -> None:
    expected = {"development": "write", "test": "read", "production": "none"}
    assert dict(load(WHOLE).expected_access) == expected


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff", "answers:\nnotes: ''\n"])
def test_a_file_that_says_nothing_is_the_default(load: Load, text: str) -> None:
    assert load(text) == Engagement()


def test_an_empty_answer_counts_as_not_given(load: Load) -> None:
    assert dict(load("answers:\n  VPC.1:\n").answers) == {}


def test_dont_know_is_always_a_choice(load: Load) -> None:
    assert load("answers: {VPC.1: {choice: dont_know}}").answers["VPC.1"].choice == "dont_know"


def test_a_part_of_a_question_is_answered_under_its_own_id(load: Load) -> None:
    found = load("answers: {SEC.1.updates: {choice: owner}, SEC.1: {choice: shared}}")
    assert {id_: answer.choice for id_, answer in found.answers.items()} == {
        "SEC.1.updates": "owner",
        "SEC.1": "shared",
    }


def test_mappings_cannot_be_changed(load: Load) -> None:
    found: Any = load(WHOLE)
    for mapping in (found.answers, found.thresholds, found.phases, found.teams.maintain):
        with pytest.raises(TypeError):
            mapping["x"] = "y"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("cleint: x", "1: unknown key 'cleint'; did you mean 'client'?"),
        ("client: x\nclient: y", "2: duplicate key 'client', see line 1"),
        ("thresholds: {unused_day: 1}", "unknown threshold 'unused_day'; did you mean 'unused_d"),
        ("thresholds: {unused_days: 0}", "1: '0' is not a positive number"),
        ("thresholds: {unused_days: -1}", "'-1' is not a positive number"),
        ("thresholds: {unused_days: soon}", "'soon' is not a positive number"),
        ("thresholds: {unused_days: nan}", "'nan' is not a positive number"),
        ("vpn_ranges: [10.0.0.0/33]", "'10.0.0.0/33' is not an address range"),
        ("vpn_ranges: [10.0.0.1/24]", "'10.0.0.1/24' is not an address range"),
        ("vpn_ranges: [10.0.0.1]", "'10.0.0.1' is not an address range"),
        ("vpn_ranges: [0.0.0.0/0]", "'0.0.0.0/0' is not an address range"),
        ("vpn_ranges: ['::/1']", "'::/1' is not an address range"),
        ("trusted_accounts: [12]", "'12' is not an account id (12 digits)"),
        ("scope: {accounts: [all]}", "'all' is not an account id"),
        ("scope: {regions: [europe]}", "'europe' is not a region's name"),
        ("environments: [{ou: x, environment: prod}]", "unknown environment 'prod'"),
        ("environments: [{ou: x}]", "missing: environment"),
        ("environments: [{environment: test}]", "has one of ou, account, name, tag"),
        ("environments: [{ou: x, name: y, environment: test}]", "has one of ou, account, name"),
        ("environments: [{ou: x, value: y, environment: test}]", "value belongs to tag"),
        ("environments: [{account: prod, environment: test}]", "'prod' is not an account id"),
        ("phases: {dev: develop}", "unknown environment 'develop'; did you mean 'development'?"),
        ("phases: {'a b': test}", "'a b' cannot be a word in a name"),
        ("expected_access: {test: full}", "unknown access 'full'; there are none, read, write"),
        ("applications: {stack_pattern: '{app}-{environment}'}", "unknown placeholder {app}"),
        ("applications: {stack_pattern: 'x-{environment}'}", "lacks {application}"),
        ("teams: {group_pattern: '{team}*'}", "put something between"),
        ("secret_names: '{fase}/{application}'", "did you mean 'phase'?"),
        ("answers: {VPC.2: {choice: x}}", "unknown check 'VPC.2'; did you mean 'VPC.1'?"),
        ("answers: {vpc.1: {choice: x}}", "unknown check 'vpc.1'; did you mean 'VPC.1'?"),
        ("answers: {SG.4: {choice: x}}", "SG.4 asks nothing"),
        ("answers: {SEC.1.update: {choice: x}}", "did you mean 'SEC.1.updates'?"),
        ("answers: {VPC.1: {choice: share}}", "choice for VPC.1 'share'; did you mean 'shared'?"),
        ("answers: {VPC.1: {choice: x}}", "there are per_application, shared, dont_know"),
        ("answers: {VPC.1: {note: x}}", "missing: choice"),
        ("answers: {VPC.1: {choice: shared, on: 1.11.2026}}", "'1.11.2026' is not a date"),
        ("notes: {R5: {text: x}}", "unknown recommendation 'R5'; did you mean"),
        ("notes: {R05: {by: x}}", "missing: text"),
        ("overrides: {R05: {rating: fine, reason: x}}", "unknown rating 'fine'"),
        ("overrides: {R05: {rating: met}}", "missing: reason"),
        ("branding: {color: red}", "'red' is not a colour"),
        ("branding: {logo: ../secret.png}", "'../secret.png' is not the name of"),
        ("branding: {logo: /etc/passwd}", "'/etc/passwd' is not the name of"),
        ("client: [x]", "this should be plain text"),
        ("answers: []", "this should be a mapping"),
        ("scope: x", "this should be a mapping with accounts, regions"),
        ("shared_secrets: [a, '']", "an empty item"),
        ("- client: x", "1: an engagement file is a mapping"),
        ("just text", "1: an engagement file is a mapping"),
    ],
)
def test_a_mistake_is_named_with_its_line(mistakes: Mistaken, text: str, mistake: str) -> None:
    found = mistakes(text)
    assert len(found) == 1
    assert mistake in found[0]
    assert found[0].split(":")[0].isdigit()


EXCEPTION = {
    "check": "SG.4",
    "match": "{account: 000000000012}",
    "reason": "x",
    "owner": "y",
    "expires": "2027-01-31",
}


def exception(**changes: str) -> str:
    given_keys = {**EXCEPTION, **changes}
    inner = ", ".join(f"{key}: {value}" for key, value in given_keys.items() if value)
    return f"exceptions:\n  - {{{inner}}}\n"


def test_the_exception_that_the_others_are_derived_from_is_right(load: Load) -> None:
    assert len(load(exception()).exceptions) == 1


@pytest.mark.parametrize("key", ["check", "match", "reason", "owner", "expires"])
def test_an_exception_needs(mistakes: Mistaken, key: str) -> None:
    assert mistakes(exception(**{key: ""})) == [f"2: missing: {key}"]


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"check": "SG.44"}, "unknown check 'SG.44'; did you mean 'SG.4'?"),
        ({"match": "{}"}, "match is empty"),
        ({"match": "{acount: x}"}, "unknown key 'acount'; did you mean 'account'?"),
        ({"expires": "2027-02-29"}, "'2027-02-29' is not a date (yyyy-mm-dd)"),
        ({"expires": "never"}, "'never' is not a date"),
        ({"expires": "20270131"}, "'20270131' is not a date"),
        ({"expired": "x"}, "unknown key 'expired'; did you mean 'expires'?"),
    ],
)
def test_a_wrong_exception_is_refused(
    mistakes: Mistaken, changes: dict[str, str], mistake: str
) -> None:
    assert any(mistake in each for each in mistakes(exception(**changes)))


def test_all_mistakes_are_named_at_once_in_the_order_of_lines(mistakes: Mistaken) -> None:
    found = mistakes("exceptions: [{check: SG.4}]\ncleint: x\nvpn_ranges: x\ncleint: y\n")
    assert [each.split(":")[0] for each in found] == ["1", "2", "3", "4"]


def test_a_file_full_of_mistakes_is_not_listed_whole(mistakes: Mistaken) -> None:
    found = mistakes("".join(f"key{number}: x\n" for number in range(20_000)))
    assert len(found) == 101
    assert "there may be more" in found[-1]


def test_a_file_that_is_not_there_is_one_mistake(tmp_path: Path) -> None:
    with pytest.raises(EngagementError, match="there is no such file"):
        load_engagement(tmp_path / "missing.yml", CHECKS)
    with pytest.raises(EngagementError, match="there is no such file"):
        load_engagement(tmp_path, CHECKS)


def test_a_file_over_the_bound_is_not_parsed(mistakes: Mistaken) -> None:
    assert "larger than 1 MiB" in mistakes("#" * (MAX_BYTES + 1))[0]


def test_a_file_at_the_bound_is(load: Load) -> None:
    assert load("#" * MAX_BYTES) == Engagement()


def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "engagement.yml"
    path.write_bytes(b"client: x\nassessor: \xff\n")
    with pytest.raises(EngagementError, match=r":2: not UTF-8 text"):
        load_engagement(path, CHECKS)


def test_the_checks_of_the_kit_are_the_default(tmp_path: Path) -> None:
    path = tmp_path / "engagement.yml"
    path.write_text("answers: {ABC.1: {choice: x}}", encoding="utf-8")
    with pytest.raises(EngagementError, match=r"unknown check 'ABC\.1'"):
        load_engagement(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_mistakes(load: Load, text: str) -> None:
    try:
        found = load(text.replace("\r", ""))
    except EngagementError as error:
        refused = error.mistakes
    else:
        assert isinstance(found, Engagement)
        return
    assert refused
