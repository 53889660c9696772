"""The columns of CloudTrail's events: whose call it was, of what, from where, what came of it.

They are fields of an event record, as AWS documents them
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html);
`awsbasics.collect.events.records` says how each is made of a record.
"""

import pyarrow as pa

from awsbasics.collect.table import ARROW_TYPES, OWNER_COLUMNS, Column

EVENTS = "cloudtrail_events"

_WHAT = (
    Column("event_id", "string", "", "AWS's id of the event; events of one id are one event."),
    Column("event_time", "timestamp", "", "When the request was completed."),
    Column("event_name", "string", "", "The action: `PutRolePolicy`, `ConsoleLogin`."),
    Column("event_source", "string", "", "The service's address: `iam.amazonaws.com`."),
    Column("event_type", "string", "", "AwsApiCall, AwsServiceEvent, AwsConsoleSignIn, …."),
    Column(
        "event_category", "string", "", "Management, Data or NetworkActivity; null before 2021."
    ),
    Column("management_event", "bool", "", "Whether it is no data event; null before 2020."),
    Column("read_only", "bool", "", "Whether it changed nothing; AssumeRole counts as reading."),
    Column("error_code", "string", "", "Why it failed; null where it succeeded."),
    Column("error_message", "string", "", "The error in words; alone where a sign-in failed."),
)
_WHO = (
    Column("user_type", "string", "", "Root, IAMUser, AssumedRole, AWSService, AWSAccount, …."),
    Column("user_arn", "string", "", "ARN of who called: of a session, where it was one."),
    Column("user_account_id", "string", "", "The account of who called; another in shared events."),
    Column("user_name", "string", "", "Name of the user; the account's alias for root."),
    Column("principal_id", "string", "", "AWS's unique id of who called."),
    Column(
        "session_issuer_type", "string", "", "What a session was made from: Role, IAMUser, Root."
    ),
    Column("session_issuer_arn", "string", "", "ARN of the role or user that a session is of."),
    Column("session_name", "string", "", "The name that its maker gave the session."),
    Column("session_created", "timestamp", "", "When the session's credentials were issued."),
    Column("source_identity", "string", "", "The source identity that the session carries."),
    Column(
        "identity_provider", "string", "", "The provider, where SAML or a web identity signed in."
    ),
    Column("on_behalf_of", "string", "", "Id of the Identity Center user it was done for."),
    Column(
        "mfa_authenticated",
        "bool",
        "",
        "Whether MFA was used: of the session, or of a console sign-in. People who sign in by a "
        "provider have false here, whatever their provider asks for.",
    ),
    Column(
        "access_key_id",
        "string",
        "",
        "Id of the key that signed the call, AKIA… or ASIA…: an identifier and no secret, kept "
        "whole, because it tells which key to switch off and which sessions belong together.",
    ),
)
_HOW = (
    Column("from_console", "bool", "", "True where a console session signed it; else null."),
    Column("invoked_by", "string", "", "The service that called on somebody's behalf."),
    Column("source_ip", "string", "", "Address of who called, or the name of a service."),
    Column("user_agent", "string", "", "The program that called, by its own word."),
    Column("vpc_endpoint_id", "string", "", "The VPC endpoint that it came through."),
    Column(
        "request_parameters",
        "json",
        "",
        "What was asked for, without what may be a secret; null for data events, and for reads "
        "but those of sts, signin, sso, ssm and secretsmanager.",
    ),
    Column("response_elements", "json", "", "What a change answered, without secrets."),
    Column(
        "additional_event_data",
        "json",
        "",
        "More of a sign-in: where to, which MFA, from whom a role was switched.",
    ),
    Column("resources", "json", "", "List of what it touched: ARN, accountId, type."),
    Column("shared_event_id", "string", "", "The same in both accounts of a cross-account event."),
    Column("origin", "string", "", "Where the row is from: `api` (LookupEvents) or `log`."),
)

COLUMNS = (*_WHAT, *_WHO, *_HOW)
SCHEMA = pa.schema(
    [(column.name, ARROW_TYPES[column.dtype]) for column in (*OWNER_COLUMNS, *COLUMNS)]
)
