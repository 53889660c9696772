"""R11: developers reach security groups by a method that is agreed, and in development only."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    ask,
    fail,
    ok,
    unknown,
)
from awsbasics.recommendations.evidence.addresses import Network, is_single_public
from awsbasics.recommendations.evidence.developer_method import (
    ENDPOINTS,
    VPN,
    developer_method,
    vpn_logs,
)
from awsbasics.recommendations.evidence.group_owners import group_label
from awsbasics.recommendations.evidence.open_groups import TABLE
from awsbasics.recommendations.evidence.personal_rules import personal_rules
from awsbasics.recommendations.evidence.ports import ports_text
from awsbasics.recommendations.evidence.principals import CENTER_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.rows import rows, shown
from awsbasics.recommendations.evidence.rule_changers import rule_changers

if TYPE_CHECKING:
    from awsbasics.facts import Facts

RULE_TABLES = ("ec2_security_groups", "ec2_security_group_rules", "ec2_prefix_lists")
DEVELOPMENT = frozenset({"development", "sandbox"})

# EC2 gives no date to a rule: only its description can say that it is out of date.
TEMPORARY = re.compile(r"\b(te?mp|temporary|temporarily)\b", re.IGNORECASE)
EXPIRY = re.compile(
    r"\b(until|till|expire[sd]?( on)?|expiry|ends?( on)?|valid to|remove( on| after| by)?)[\s:=]*$",
    re.IGNORECASE,
)
DATE = re.compile(r"\b20\d\d-?[01]\d-?[0-3]\d\b")


def developer_rules(facts: "Facts") -> Iterator[Result]:
    """DEV.2: one result per inbound rule for one public address or from a VPN range."""
    groups = _groups(facts)
    unclassified: set[str] = set()
    for rule, personal in personal_rules(facts):
        group = groups.get((rule.account_id, rule.region, rule.group_id))
        if group is None:
            continue
        if personal is None:
            title = f"{group_label(group)}: prefix list {rule.prefix_list_id} was not read."
            place = (group.account_id, title, group.arn or group.id, group.region)
            yield unknown(*place, key=rule.id, table="ec2_prefix_lists")
        elif facts.ownership.environment(rule.account_id).value is None:
            unclassified.add(rule.account_id)
        else:
            yield _judge(facts, rule, group, personal)
    for account_id in sorted(unclassified):
        title = (
            f"Which environment is account {account_id}? Some of its security groups let in single"
            " addresses or VPN ranges, which is for development only."
        )
        yield ask(account_id, title, key="environment", table=TABLE)


def stale_because(description: str | None, as_of: pd.Timestamp, days: float) -> str | None:
    """Why a rule's description says that its time is over; None if it does not.

    A date after "until" or the like is over when it has passed; any other date when it is
    older than `days`. "temp" says that the rule was not meant to stay.
    """
    text = description or ""
    dates = [
        (bool(EXPIRY.search(text[: match.start()])), match[0]) for match in DATE.finditer(text)
    ]
    moments = [
        (ends, word, pd.to_datetime(word, utc=True, errors="coerce")) for ends, word in dates
    ]
    known = [each for each in moments if not pd.isna(each[2])]
    if known:
        ends, word, moment = max(known, key=lambda each: (each[0], each[2]))
        over = moment + pd.Timedelta(days=1 if ends else days) < as_of
        return f"its description gives the date {word}" if over else None
    return "its description calls it temporary" if TEMPORARY.search(text) else None


def _judge(facts: "Facts", rule: Any, group: Any, personal: tuple[Network, ...]) -> Result:
    place = (group.account_id, group.arn or group.id, group.region)
    environment = facts.ownership.environment(rule.account_id).value
    days = facts.engagement.thresholds["developer_rule_days"]
    stale = stale_because(rule.description, facts.as_of, days)
    seen = {
        "rule": rule.id,
        "ports": ports_text(rule),
        "sources": shown(str(each) for each in personal),
        "description": rule.description,
        "environment": environment,
        "stale": stale,
    }
    if environment not in DEVELOPMENT:
        title = f"{group_label(group)} in {environment} lets in {_who(personal)}."
        return fail(*place, key=rule.id, title=title, facts=seen, table=TABLE)
    if stale:
        title = f"{group_label(group)} still lets in {_who(personal)}, and {stale}."
        more: dict[str, Any] = {"severity": "medium", "facts": seen, "table": TABLE}
        return fail(*place, key=rule.id, title=title, **more)
    return ok(*place)


def _groups(facts: "Facts") -> dict[tuple[str, str, str], Any]:
    frame = facts.frame("ec2_security_groups")
    found = rows(frame, "account_id", "region", "id", "arn", "name")
    return {(group.account_id, group.region, group.id): group for group in found}


def _who(personal: tuple[Network, ...]) -> str:
    if any(is_single_public(each) for each in personal):
        return f"the single address {next(e for e in personal if is_single_public(e))}"
    return f"the VPN range {personal[0]}"


DEVELOPER_RULES_FIX = """\
1. Ask the application's team whether anybody still needs the rule. Remove it if not:
    aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE
2. Give developers another way in: Session Manager, or EC2 Instance Connect Endpoint, needs no
inbound rule for an address at all.
3. Where an address is needed in development, put it into the application's stack as a parameter of
the development version only, and write "until YYYY-MM-DD" into its description:
    Type: AWS::EC2::SecurityGroupIngress
    Condition: IsDevelopment
    Properties:
      GroupId: !GetAtt DatabaseGroup.GroupId
      IpProtocol: tcp
      FromPort: 5432
      ToPort: 5432
      CidrIp: !Ref DeveloperRange
      Description: VPN range, until 2027-01-31
To verify: `aws ec2 describe-security-group-rules --filters Name=group-id,Values=GROUP` lists no
single address outside development."""

RULE_CHANGERS_FIX = """\
1. Take ec2:AuthorizeSecurityGroupIngress, ec2:RevokeSecurityGroupIngress and
ec2:ModifySecurityGroupRules away from people in production: rules change there by the
application's stack.
2. Where developers change rules in development, let the application's stack give their policy, for
its own groups:
    {"Effect": "Allow",
     "Action": ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress",
                "ec2:ModifySecurityGroupRules"],
     "Resource": "arn:aws:ec2:*:ACCOUNT:security-group/*",
     "Condition": {"StringEquals": {"aws:ResourceTag/application": "billing"}}}
3. Deny them ec2:CreateTags and ec2:DeleteTags on groups, or they give themselves the tag.
To verify: `aws iam simulate-principal-policy --policy-source-arn ROLE --action-names
ec2:AuthorizeSecurityGroupIngress --resource-arns GROUP` answers implicitDeny."""

METHOD_FIX = """\
1. Choose one way. Session Manager asks for no inbound rule at all, EC2 Instance Connect Endpoint
for one from its own security group, a VPN range for one in the stack's development version.
2. Write it down where developers look, with a template that has it.
3. Remove the rules that other ways left:
    aws ec2 revoke-security-group-ingress --group-id GROUP --security-group-rule-ids RULE
To verify: assess again; DEV.1 finds nothing that the chosen way does not allow."""

VPN_FIX = """\
1. Make a log group with a retention, and let the endpoint write who connects, when and from where:
    aws logs create-log-group --log-group-name /vpn/connections
    aws logs put-retention-policy --log-group-name /vpn/connections --retention-in-days 365
    aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id ENDPOINT \\
        --connection-log-options Enabled=true,CloudwatchLogGroup=/vpn/connections
To verify: `aws ec2 describe-client-vpn-endpoints --client-vpn-endpoint-ids ENDPOINT` shows
ConnectionLogOptions with Enabled true."""

METHOD = Question(
    "How do developers reach an application's security group for local development?",
    (
        Choice("rules_by_policy", "They may add inbound rules, by a policy in the stack", "pass"),
        Choice("vpn_range", "The stack lets in a VPN range in certain versions", "pass"),
        Choice("session_manager", "By Session Manager, without inbound rules", "pass"),
        Choice("instance_connect", "By EC2 Instance Connect Endpoint", "pass"),
        Choice("no_access", "Not at all", "pass"),
        Choice("no_rule", "There is no agreed method", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R11",
    prefix="DEV",
    slug="developer_access",
    title="Settle how developers reach security groups",
    summary=(
        "Some applications need their developers to connect from their own machines. Agree how,"
        " write it into the stack, and keep it out of production."
    ),
    checks=(
        Check(
            id="DEV.1",
            title="The method is decided, and the security groups follow",
            severity="medium",
            question=METHOD,
            tables=(*IAM_TABLES, *CENTER_TABLES, *RULE_TABLES, ENDPOINTS),
            absence=(),
            run=developer_method,
            remediation=METHOD_FIX,
        ),
        Check(
            id="DEV.2",
            title="Rules for single addresses and VPN ranges exist in development only",
            severity="high",
            tables=RULE_TABLES,
            absence=(),
            run=developer_rules,
            remediation=DEVELOPER_RULES_FIX,
        ),
        Check(
            id="DEV.3",
            title="Who can change inbound rules is limited to the application's own groups",
            severity="high",
            tables=(*IAM_TABLES, *CENTER_TABLES, "ec2_security_groups"),
            absence=(),
            run=rule_changers,
            remediation=RULE_CHANGERS_FIX,
        ),
        Check(
            id="DEV.4",
            title="The VPN exists and logs its connections",
            severity="low",
            tables=(VPN,),
            absence=(),
            run=vpn_logs,
            remediation=VPN_FIX,
        ),
    ),
)
