"""R13: where the security team looks: policies, security groups, CloudTrail."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    fail,
    ok,
    unknown,
)
from awsbasics.recommendations.evidence.alarm_receivers import (
    RECEIVER_TABLES,
    alarms_reach_someone,
)
from awsbasics.recommendations.evidence.alarms import FILTERS
from awsbasics.recommendations.evidence.detective_services import (
    SERVICE_TABLES,
    detective_services,
)
from awsbasics.recommendations.evidence.new_accounts import (
    DELEGATED,
    NEW_ACCOUNT_TABLES,
    RESOURCES,
    STACK_SETS,
    new_accounts,
)
from awsbasics.recommendations.evidence.principals import IAM_TABLES
from awsbasics.recommendations.evidence.production_changes import changes_past_review
from awsbasics.recommendations.evidence.trails import (
    TABLE,
    Part,
    all_regions_gathered,
    is_recording,
    recording_parts,
    records_everything,
    trails,
)
from awsbasics.recommendations.evidence.watching import WATCH_TABLES, watching

if TYPE_CHECKING:
    from awsbasics.facts import Facts


def trail_status(facts: "Facts") -> Iterator[Result]:
    """REV.4: every account is recorded, and every trail in it does its work."""
    by_owner: dict[str, list[Any]] = defaultdict(list)
    for trail in trails(facts):
        by_owner[trail.account_id].append(trail)
    shared = [trail for own in by_owner.values() for trail in own if trail.is_organization]
    for account_id in facts.accounts:
        own = by_owner[account_id]
        inherited = [trail for trail in shared if trail.account_id != account_id]
        yield from _account(facts, account_id, own, inherited)
        complete = [trail for trail in (*own, *inherited) if records_everything(trail)]
        for trail in own:
            spare = any(other is not trail for other in complete)
            yield from (_spared(part, spare).result(trail) for part in recording_parts(trail))


def detection(facts: "Facts") -> Iterator[Result]:
    """REV.5: the detective services are on, and somebody is told of changes that matter."""
    yield from detective_services(facts)
    yield from watching(facts)


def _account(
    facts: "Facts", account_id: str, own: list[Any], inherited: list[Any]
) -> Iterator[Result]:
    """Whether anything records an account, in all regions; what its own trails lack follows."""
    states = [records_everything(trail) for trail in (*own, *inherited)]
    recording = [trail for trail in (*own, *inherited) if is_recording(trail)]
    if True in states:
        yield ok(account_id)
    elif None in states:
        title = f"Whether a trail records all of account {account_id} was not read."
        yield unknown(account_id, title, key="unrecorded", table=TABLE)
    elif recording and not _in_all_regions(facts, recording):
        title = f"No trail records account {account_id} in all regions."
        seen = {"recorded": sorted({trail.home_region for trail in recording})}
        yield fail(account_id, key="regions", title=title, facts=seen, table=TABLE)
    elif not recording and not own:
        yield _unrecorded(facts, account_id)


def _in_all_regions(facts: "Facts", recording: list[Any]) -> bool:
    if any(trail.is_multi_region for trail in recording):
        return True
    gathered = set(facts.snapshot.manifest["regions"])
    return gathered <= {trail.home_region for trail in recording}


def _spared(part: Part, spare: bool) -> Part:
    """A part of a trail beside another that records everything weighs less.

    Then a trail may leave events out on purpose (it may be for data events only), but that it
    was stopped, or cannot deliver, is still worth a look.
    """
    if not spare:
        return part
    fine = True if part.key == "events" and part.met is False else part.met
    return Part(
        key=part.key,
        met=fine,
        severity="medium" if part.severity == "critical" else part.severity,
        title=part.title,
        facts={**part.facts, "recorded_by_another_trail": True},
    )


def _unrecorded(facts: "Facts", account_id: str) -> Result:
    management = facts.management_account_id
    if management is not None and management not in facts.accounts:
        why = "the management account, which may own an organization trail, was not gathered"
    elif not all_regions_gathered(facts):
        why = "not all regions were gathered"
    else:
        title = f"No trail records account {account_id}."
        return fail(account_id, key="unrecorded", title=title, table=TABLE)
    title = f"No trail of account {account_id} was seen, but {why}."
    return unknown(account_id, title, key="unrecorded", table=TABLE)


TRAILS_FIX = """\
1. Start a trail that stands still, and find out who stopped it and why (event StopLogging):
    aws cloudtrail start-logging --name TRAIL
    aws cloudtrail lookup-events \\
        --lookup-attributes AttributeKey=EventName,AttributeValue=StopLogging
2. A delivery error names its cause: the bucket is gone, its policy refuses, or the KMS key does.
3. Turn on log file validation:
    aws cloudtrail update-trail --name TRAIL --enable-log-file-validation
4. Record all management events, in the stack that makes the trail:
    EventSelectors: [{ReadWriteType: All, IncludeManagementEvents: true}]
5. An account without any trail: let the organization trail of ORG.7 cover it.
To verify:
    aws cloudtrail get-trail-status --name TRAIL
    aws cloudtrail get-event-selectors --trail-name TRAIL
IsLogging is true, LatestDeliveryError is empty, and no management events are excluded."""

DETECTION_FIX = """\
1. Delegate the services to a security account, and switch them on for all members there:
    aws guardduty update-organization-configuration --detector-id DETECTOR \\
        --auto-enable-organization-members ALL
    aws securityhub update-organization-configuration --auto-enable
2. Deploy configuration recorders to all accounts and regions by a stack set
(AWS::Config::ConfigurationRecorder and AWS::Config::DeliveryChannel).
3. Make analyzers for the organization, in each region for external access, in one for unused:
    aws accessanalyzer create-analyzer --analyzer-name external --type ORGANIZATION
    aws accessanalyzer create-analyzer --analyzer-name unused --type ORGANIZATION_UNUSED_ACCESS
4. Let the trail deliver to a log group, and there make a metric filter (AWS::Logs::MetricFilter)
and an alarm for each kind of event; CIS AWS Foundations lists the patterns. A rule on the default
event bus does as well; events of IAM and Organizations arrive in us-east-1 only.
To verify:
    aws guardduty list-detectors
    aws logs describe-metric-filters --log-group-name GROUP
Each region has a detector, and the trail's log group has the filters."""

RECEIVERS_FIX = """\
1. Give the alarm an action that people hear of, and switch its actions on:
    aws cloudwatch enable-alarm-actions --alarm-names ALARM
2. Subscribe the security team to the topic, and confirm the subscription from its mail box:
    aws sns subscribe --topic-arn TOPIC --protocol email --notification-endpoint ADDRESS
3. Let a rule that is switched off run again:
    aws events enable-rule --name RULE
To verify: `aws cloudwatch set-alarm-state --alarm-name ALARM --state-value ALARM
--state-reason test` brings a message to the team."""

PAST_REVIEW_FIX = """\
1. Run a reviewer of templates in the pipeline before each deployment, and let it fail the build
on findings that are high or critical.
2. Take from everybody else in production what the evidence lists; people who need it for an
emergency get the emergency role, for a time. Name deployment roles that were not recognised under
roles.deployment in the engagement file.
3. Hold it by a service control policy on production's OU:
    {"Effect": "Deny", "Action": ["iam:Attach*", "iam:Put*Policy", "iam:CreatePolicyVersion",
       "iam:UpdateAssumeRolePolicy", "ec2:AuthorizeSecurityGroup*", "ec2:ModifySecurityGroupRules",
       "cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:Execute*"],
     "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn":
       ["arn:aws:iam::*:role/*-deploy", "arn:aws:iam::*:role/break-glass*"]}}}
To verify: propose a template with a role that may do everything; the build must fail. And this
report lists nobody."""

NEW_ACCOUNTS_FIX = """\
1. Switch the services on for new members, in the security account, in each region:
    aws guardduty update-organization-configuration --detector-id DETECTOR \\
        --auto-enable-organization-members ALL
    aws securityhub update-organization-configuration --auto-enable
    aws accessanalyzer create-analyzer --analyzer-name external --type ORGANIZATION
2. Deploy configuration recorders by a stack set that deploys itself:
    aws cloudformation update-stack-set --stack-set-name NAME --use-previous-template \\
        --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=true
To verify: `aws guardduty describe-organization-configuration --detector-id DETECTOR` shows
AutoEnableOrganizationMembers ALL."""

REVIEW = Question(
    "How does the security team take part?",
    (
        Choice("before_deployment", "It reviews changes before they are deployed", "pass"),
        Choice("audit_monthly", "It audits the accounts every month, or more often", "pass"),
        Choice("audit_quarterly", "It audits the accounts every quarter", "pass"),
        Choice("audit_yearly", "It audits the accounts every year, or less often", "fail"),
        Choice("neither", "Neither", "fail"),
    ),
)

IN_PIPELINE = Question(
    "Does the pipeline review templates before it deploys them (with a scanner of policies, say)?",
    (
        Choice("blocks", "Yes, and it stops on findings", "pass"),
        Choice("reports", "Yes, but it only reports", "fail"),
        Choice("no", "No", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R13",
    prefix="REV",
    slug="security_review",
    title="Give the security team its touch points",
    summary=(
        "The security team reviews changes before they are deployed, or audits at regular"
        " intervals: policies, security groups and CloudTrail at the least."
    ),
    checks=(
        Check(
            id="REV.1",
            title="The security team reviews before deployment, or audits regularly",
            severity="medium",
            question=REVIEW,
            facts_pending=True,
            remediation=(
                "1. Choose: the security team reviews what touches IAM, security groups and "
                "trails before it is deployed, or it audits every quarter at least.\n"
                "To verify: the last review, or the last two reports of this kit, are on file."
            ),
        ),
        Check(
            id="REV.2",
            title="Policy changes since the last time are known",
            severity="high",
        ),
        Check(
            id="REV.3",
            title="Security group changes since the last time are known",
            severity="high",
        ),
        Check(
            id="REV.4",
            title="CloudTrail records every account without gaps",
            severity="critical",
            tables=(TABLE,),
            run=trail_status,
            remediation=TRAILS_FIX,
        ),
        Check(
            id="REV.5",
            title="Detective services and alarms are on in each account and region",
            severity="high",
            tables=(*SERVICE_TABLES, *WATCH_TABLES),
            absence=(),  # it looks itself at what was not read, place by place
            run=detection,
            remediation=DETECTION_FIX,
        ),
        Check(
            id="REV.6",
            title="Changes in production pass a review first",
            severity="high",
            tables=IAM_TABLES,
            absence=(),
            run=changes_past_review,
            question=IN_PIPELINE,
            remediation=PAST_REVIEW_FIX,
        ),
        Check(
            id="REV.7",
            title="Each alarm reaches someone",
            severity="high",
            tables=(TABLE, FILTERS, *RECEIVER_TABLES),
            absence=(),
            run=alarms_reach_someone,
            remediation=RECEIVERS_FIX,
        ),
        Check(
            id="REV.8",
            title="New accounts get the detective services automatically",
            severity="medium",
            tables=NEW_ACCOUNT_TABLES,
            absence=(DELEGATED, STACK_SETS, RESOURCES),
            run=new_accounts,
            home_only=True,
            remediation=NEW_ACCOUNTS_FIX,
        ),
    ),
)
