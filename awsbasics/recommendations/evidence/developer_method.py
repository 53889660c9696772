"""DEV.1 and DEV.4: whether what was answered about developers' way in is what is there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.addresses import is_within, network
from awsbasics.recommendations.evidence.open_groups import TABLE as RULES
from awsbasics.recommendations.evidence.personal_rules import personal_rules
from awsbasics.recommendations.evidence.principals import iam_was_read
from awsbasics.recommendations.evidence.rows import counted, rows, shown
from awsbasics.recommendations.evidence.rule_changers import CHANGES
from awsbasics.recommendations.evidence.standing_access import reached

if TYPE_CHECKING:
    from awsbasics.facts import Facts

CHECK = "DEV.1"
ENDPOINTS = "ec2_instance_connect_endpoints"
VPN = "ec2_client_vpn_endpoints"
# The answers as sentences end with them; `rules_by_policy` and `no_rule` forbid no rule.
SAID: Mapping[str, str] = {
    "vpn_range": "by a VPN range",
    "session_manager": "by Session Manager, without inbound rules",
    "instance_connect": "by EC2 Instance Connect Endpoint",
    "no_access": "not at all",
}


def developer_method(facts: "Facts") -> Iterator[Result]:
    """DEV.1: what contradicts the answer, one result per region with rules that it forbids.

    Without an answer there is nothing to compare; the question is asked.
    """
    answer = facts.answer(CHECK)
    if answer is None:
        return
    if answer.choice in SAID:
        yield from _forbidden_rules(facts, answer.choice)
    if answer.choice == "vpn_range" and not facts.engagement.vpn_ranges:
        title = (
            "Developers are said to come by a VPN range, but the engagement file names none"
            " (vpn_ranges)."
        )
        yield fail(facts.home_account_id, key="vpn_range/ranges", title=title, table=RULES)
    elif answer.choice == "instance_connect":
        yield from _no_endpoint(facts)
    elif answer.choice == "rules_by_policy":
        yield from _nobody_can(facts)


def _forbidden_rules(facts: "Facts", choice: str) -> Iterator[Result]:
    """By a VPN range means by no other address; the other ways need no rule for an address.

    Such rules are a method for development alone: elsewhere DEV.2 has them.
    """
    vpn = tuple(network(text) for text in facts.engagement.vpn_ranges)
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for rule, ranges in personal_rules(facts):
        allowed = choice == "vpn_range" and all(is_within(each, vpn) for each in ranges or ())
        in_development = facts.ownership.environment(rule.account_id).value == "development"
        if ranges and not allowed and in_development:
            found[rule.account_id, rule.region].append(rule)
    for (account, region), forbidden in sorted(found.items()):
        number = counted(len(forbidden), "inbound rule lets", "inbound rules let")
        what = "single addresses" if choice == "vpn_range" else "single addresses or VPN ranges"
        title = f"Developers are said to come {SAID[choice]}, but {number} in {what}."
        seen = {"answer": choice, "rules": shown(rule.id for rule in forbidden)}
        more: dict[str, Any] = {"facts": seen, "table": RULES}
        yield fail(account, region=region, key=f"{choice}/rules", title=title, **more)


def _no_endpoint(facts: "Facts") -> Iterator[Result]:
    estate = facts.permissions.estate
    there = any(
        not (row.state or "").startswith("delete") for row in rows(facts.frame(ENDPOINTS), "state")
    )
    if there or not all(estate.was_read(ENDPOINTS, account) for account in facts.accounts):
        return
    title = "Developers are said to come by EC2 Instance Connect Endpoint, but there is none."
    more: dict[str, Any] = {"facts": {"answer": "instance_connect"}, "table": ENDPOINTS}
    yield fail(facts.home_account_id, key="instance_connect/endpoints", title=title, **more)


def _nobody_can(facts: "Facts") -> Iterator[Result]:
    """Whether any person may change rules in development at all, as the matrix has it."""
    estate, matrix = facts.permissions.estate, facts.permissions.matrix
    accounts = [
        account
        for account in facts.accounts
        if facts.ownership.environment(account).value == "development"
    ]
    if not accounts or not all(iam_was_read(estate, account) for account in accounts):
        return
    for each in reached(facts, accounts):
        possible = matrix.profile(each.principal).possible
        if any(matrix.vocabulary.has(possible, action) for action in CHANGES):
            return
    title = "Developers are said to add inbound rules by a policy, but nobody can in development."
    seen = {"answer": "rules_by_policy", "accounts": shown(accounts)}
    more: dict[str, Any] = {"facts": seen, "table": "iam_policies"}
    yield fail(facts.home_account_id, key="rules_by_policy/policies", title=title, **more)


def vpn_logs(facts: "Facts") -> Iterator[Result]:
    """DEV.4: one result per Client VPN endpoint; a VPN of another make is not AWS's to judge."""
    found = False
    columns = ("account_id", "region", "id", "arn", "status", "connections_logged")
    for row in rows(facts.frame(VPN), *columns):
        if (row.status or "").startswith("delet"):
            continue
        found = True
        place = (row.account_id, row.arn or row.id, row.region)
        if row.connections_logged:
            yield ok(*place)
        elif row.connections_logged is None:
            title = f"Whether Client VPN endpoint {row.id} logs connections was not read."
            yield unknown(place[0], title, *place[1:], key="logs", table=VPN)
        else:
            title = f"Client VPN endpoint {row.id} does not log who connects."
            yield fail(*place, key="logs", title=title, table=VPN)
    answer = facts.answer(CHECK)
    if not found and answer is not None and answer.choice == "vpn_range":
        title = "The answered VPN is not AWS's: there is no Client VPN endpoint."
        yield not_applicable(facts.home_account_id, title)
