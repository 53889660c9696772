"""R08: elevated access for a fixed time."""

from awsbasics.recommendations.base import Check, Choice, Question, Recommendation
from awsbasics.recommendations.evidence.break_glass import WATCHING, break_glass
from awsbasics.recommendations.evidence.principals import CENTER_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.standing_access import standing_access
from awsbasics.recommendations.evidence.time_grants import expired_grants, short_windows
from awsbasics.recommendations.evidence.toothless_windows import toothless_windows

TABLES = (
    "iam_roles",
    "iam_policies",
    "iam_inline_policies",
    "iam_attachments",
    "sso_permission_sets",
    "sso_assignments",
)

WINDOW_FIX = """\
1. Grant elevated access for the length of the work, with a start and an end, in UTC:
    {"Effect": "Allow", "Action": "sts:AssumeRole",
     "Resource": "ARN of the role billing-production-write",
     "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2027-01-31T08:00:00Z"},
                   "DateLessThan": {"aws:CurrentTime": "2027-01-31T16:00:00Z"}}}
2. In a trust policy the window bounds when a session begins. Shorten the session too:
    aws iam update-role --role-name ROLE --max-session-duration 3600
3. If your work needs longer windows, set `thresholds.elevation_hours` in the engagement file.
To verify: `aws iam simulate-principal-policy` with the context key aws:CurrentTime after the end
answers implicitDeny."""

STANDING_FIX = """\
1. Leave people in production what the team agreed on: reading at most. Put what they need when
something breaks into a role of its own.
2. Grant that role for the length of the work, as TMP.2 shows, or through a broker; take what is
standing away:
    aws sso-admin delete-account-assignment --instance-arn INSTANCE --permission-set-arn SET \\
        --target-id ACCOUNT --target-type AWS_ACCOUNT --principal-type GROUP --principal-id GROUP
    aws iam detach-user-policy --user-name USER --policy-arn POLICY
3. Keep one break-glass role, with MFA and an alarm, and name it in the engagement file
(`roles.break_glass`).
To verify: assess again; TMP.1 names nobody outside a window."""

TOOTHLESS_FIX = """\
1. Give the Allow itself a start and an end, in UTC, in one condition block:
    "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2027-01-31T08:00:00Z"},
                  "DateLessThan": {"aws:CurrentTime": "2027-01-31T16:00:00Z"}}
2. To end access by a Deny, deny from the end on, with DateGreaterThan alone. A Deny with both
bounds needs two statements: one before the start, one after the end.
3. Leave IfExists out of an Allow: where aws:TokenIssueTime or aws:MultiFactorAuthAge is absent, it
lets everybody pass. In a Deny by the age of MFA, use NumericGreaterThanIfExists, or also deny where
"Null": {"aws:MultiFactorAuthAge": "true"}.
To verify: aws iam simulate-principal-policy with the context key aws:CurrentTime after the end
answers implicitDeny."""

EXPIRED_FIX = """\
1. Take the policy off, or the statement out of the trust policy. It allows nothing any more, but
whoever edits its date by mistake gives the access back.
    aws iam detach-role-policy --role-name ROLE --policy-arn POLICY
    aws iam delete-role-policy --role-name ROLE --policy-name NAME
2. Let the tool that grants access remove the grant when it ends.
To verify: `aws iam list-role-policies --role-name ROLE` does not list it."""

BREAK_GLASS_FIX = """\
1. Make one role for emergencies in each production account, that few named people can assume with
MFA, for an hour. Name it by `roles.break_glass` in the engagement file (default break-glass*):
    {"Effect": "Allow", "Action": "sts:AssumeRole",
     "Principal": {"AWS": ["arn:aws:iam::ACCOUNT:user/break-glass-1"]},
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    aws iam update-role --role-name break-glass --max-session-duration 3600
2. Tell somebody whenever it is used, by a rule in the role's account:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        detail-type: [AWS API Call via CloudTrail]
        detail:
          eventName: [AssumeRole]
          requestParameters: {roleArn: [!GetAtt BreakGlassRole.Arn]}
      Targets: [{Id: security, Arn: !Ref SecurityTopic}]
3. Try it twice a year, on a day that is no emergency, and see that the message arrives.
To verify: assume it once; `aws iam get-role --role-name break-glass` shows RoleLastUsed, and the
security team has the message."""

ELEVATION = Question(
    "How do people get elevated access to production?",
    (
        Choice("broker", "By a broker, with approval and expiry", "pass"),
        Choice("ticket", "By a ticket", "info"),
        Choice("standing", "They have it all the time", "fail"),
        Choice("none", "Not at all", "pass"),
    ),
)

EMERGENCY = Question(
    "Is there an emergency path if single sign-on fails?",
    (
        Choice("tested", "Yes, and it is tested", "pass"),
        Choice("documented", "Yes, and it is documented", "info"),
        Choice("undocumented", "Some know one", "fail"),
        Choice("none", "No", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R08",
    prefix="TMP",
    slug="elevated_access",
    title="Grant elevated access for a fixed time",
    summary=(
        "When production needs somebody with more rights, the access has an end. Security does"
        " not become lax by accident, and a firefighter's path stays open."
    ),
    checks=(
        Check(
            id="TMP.1",
            title="Nobody has standing elevated access to production",
            severity="high",
            tables=(*IAM_TABLES, *CENTER_TABLES),
            absence=(),
            run=standing_access,
            remediation=STANDING_FIX,
        ),
        Check(
            id="TMP.2",
            title="Grants for a time are short",
            severity="medium",
            tables=TABLES,
            absence=(),
            run=short_windows,
            remediation=WINDOW_FIX,
        ),
        Check(
            id="TMP.3",
            title="Grants that are over are taken away",
            severity="low",
            tables=TABLES,
            absence=(),
            run=expired_grants,
            remediation=EXPIRED_FIX,
        ),
        Check(
            id="TMP.4",
            title="Time limits really limit",
            severity="high",
            tables=TABLES,
            absence=(),
            run=toothless_windows,
            remediation=TOOTHLESS_FIX,
        ),
        Check(
            id="TMP.5",
            title="The break-glass role is short, needs MFA, and its use is noticed",
            severity="medium",
            tables=(*IAM_TABLES, *WATCHING),
            absence=("iam_users", "iam_roles"),
            run=break_glass,
            remediation=BREAK_GLASS_FIX,
        ),
        Check(
            id="TMP.A",
            title="Elevated access is given by a process",
            severity="medium",
            question=ELEVATION,
            remediation=(
                "1. Grant elevated access through a broker with approval and expiry (AWS lists "
                "partners for Identity Center, and has a sample solution, TEAM), or by a ticket "
                "with a policy that ends by itself.\n"
                "To verify: nobody has elevated access to production who has not asked for it "
                "today."
            ),
        ),
        Check(
            id="TMP.B",
            title="There is an emergency path",
            severity="medium",
            question=EMERGENCY,
            remediation=(
                "1. Write down how to get in when single sign-on fails (a break-glass role or "
                "user, its MFA device, who may use it), and try it twice a year.\n"
                "To verify: the date of the last test is in the document."
            ),
        ),
    ),
)
