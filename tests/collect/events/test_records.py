"""Records become rows: whose call, of what, from where; nothing strange costs more than itself."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from awsbasics.collect.events import records
from awsbasics.collect.events.columns import COLUMNS, SCHEMA
from awsbasics.collect.events.records import RecordReader
from tests.collect.events.event_records import (
    ACCOUNT,
    ASSUMED_ROLE,
    AWS_SERVICE,
    IAM_USER,
    IDENTITIES,
    KEY_ID,
    OTHER,
    ROOT,
    SESSION_KEY_ID,
    Record,
    log_text,
    numbered,
    record,
)


@cache
def reader() -> RecordReader:
    return RecordReader()


def rows(*records: Any) -> list[dict[str, Any]]:
    found = reader().read([log_text(records)], "log")
    listed: list[dict[str, Any]] = found.rows.to_pylist()
    return listed


def row(**fields: Any) -> dict[str, Any]:
    (only,) = rows(record(**fields))
    return only


def by(identity: Any, **fields: Any) -> dict[str, Any]:
    return row(userIdentity=identity, **fields)


def sign_in(**fields: Any) -> Record:
    return record(
        "ConsoleLogin",
        "signin",
        userIdentity={**IAM_USER, "accessKeyId": ""},
        requestParameters=None,
        **{
            "responseElements": {"ConsoleLogin": "Success"},
            "additionalEventData": {"MobileVersion": "No", "MFAUsed": "No"},
            "eventType": "AwsConsoleSignIn",
            **fields,
        },
    )


def test_a_change_says_who_did_what_when_and_from_where() -> None:
    found = row()
    assert found["account_id"] == ACCOUNT
    assert found["region"] == "us-east-1"
    assert found["event_time"] == datetime(2026, 11, 1, 10, 20, 30, tzinfo=UTC)
    assert (found["event_source"], found["event_name"]) == ("iam.amazonaws.com", "PutRolePolicy")
    assert (found["read_only"], found["management_event"]) == (False, True)
    assert (found["event_type"], found["event_category"]) == ("AwsApiCall", "Management")
    assert found["user_arn"] == IAM_USER["arn"]
    assert found["user_name"] == "Alice"
    assert found["access_key_id"] == KEY_ID
    assert found["source_ip"] == "192.0.2.0"
    assert found["user_agent"].startswith("aws-cli/2")
    assert (found["error_code"], found["error_message"]) == (None, None)
    assert json.loads(found["request_parameters"])["roleName"] == "billing"
    assert found["response_elements"] is None
    assert found["origin"] == "log"


def test_every_column_is_filled_by_some_record() -> None:
    shown = [
        by(identity, sharedEventID="5a2e", vpcEndpointId="vpce-1", errorCode="AccessDenied")
        for identity in IDENTITIES.values()
    ]
    shown += rows(
        record(
            errorMessage="is not authorized",
            responseElements={"role": {"arn": "arn:aws:iam::1:role/r"}},
            resources=[
                {"ARN": "arn:aws:iam::1:role/r", "accountId": ACCOUNT, "type": "AWS::IAM::Role"}
            ],
            sessionCredentialFromConsole="true",
        ),
        sign_in(),
    )
    assert [name for name in SCHEMA.names if all(one[name] is None for one in shown)] == []


def test_the_schema_is_that_of_the_declared_columns() -> None:
    assert SCHEMA.names == ["account_id", "region", *(column.name for column in COLUMNS)]


@pytest.mark.parametrize("identity", IDENTITIES.values(), ids=IDENTITIES)
def test_every_type_of_identity_is_a_row(identity: dict[str, Any]) -> None:
    found = by(identity)
    assert found["user_type"] == identity["type"]
    assert found["user_arn"] == identity.get("arn")
    assert found["principal_id"] == identity.get("principalId")
    assert found["user_name"] == identity.get("userName")
    assert found["invoked_by"] == identity.get("invokedBy")
    assert found["identity_provider"] == identity.get("identityProvider")
    assert found["on_behalf_of"] == identity.get("onBehalfOf", {}).get("userId")


def test_a_session_says_which_role_it_is_of_and_who_it_was_made_for() -> None:
    found = by(ASSUMED_ROLE)
    assert found["session_name"] == "MySessionName"
    assert found["session_issuer_type"] == "Role"
    assert found["session_issuer_arn"] == f"arn:aws:iam::{ACCOUNT}:role/team/RoleToBeAssumed"
    assert found["session_created"] == datetime(2026, 11, 2, 1, 6, 28, tzinfo=UTC)
    assert found["source_identity"] == "alice@example.com"
    assert found["mfa_authenticated"] is True
    assert found["access_key_id"] == SESSION_KEY_ID


def test_a_federated_users_session_is_of_the_user_who_made_it() -> None:
    found = by(IDENTITIES["FederatedUser"])
    assert (found["session_name"], found["session_issuer_type"]) == ("Bob", "IAMUser")
    assert found["session_created"] == datetime(2013, 11, 2, 1, 6, 28, tzinfo=UTC)
    assert found["mfa_authenticated"] is False


def test_a_role_that_a_provider_signed_in_to_names_the_provider() -> None:
    context: Any = ASSUMED_ROLE["sessionContext"]
    provider = {"federatedProvider": f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"}
    session = {**context, "webIdFederationData": provider}
    found = by({**ASSUMED_ROLE, "sessionContext": session})
    assert found["identity_provider"].endswith(":oidc-provider/example.com")


def test_a_user_has_no_session_and_an_empty_key_is_none() -> None:
    found = by(ROOT)
    assert (found["session_name"], found["session_issuer_arn"]) == (None, None)
    assert (found["access_key_id"], found["mfa_authenticated"]) == (None, None)


def test_an_account_with_leading_zeros_keeps_them() -> None:
    assert row()["account_id"] == ACCOUNT == "000000000012"


def test_the_event_belongs_to_the_account_that_received_it() -> None:
    shared = by(IDENTITIES["AWSAccount"], sharedEventID="5a2e")
    assert (shared["account_id"], shared["user_account_id"]) == (ACCOUNT, OTHER)
    assert shared["shared_event_id"] == "5a2e"


def test_an_old_record_without_recipient_belongs_to_the_account_of_its_user() -> None:
    old = record()
    del old["recipientAccountId"], old["readOnly"], old["managementEvent"], old["eventCategory"]
    (found,) = rows(old)
    assert found["account_id"] == ACCOUNT
    assert (found["read_only"], found["management_event"]) == (None, None)


@pytest.mark.parametrize(("used", "said"), [("Yes", True), ("No", False)])
def test_a_console_sign_in_says_whether_mfa_was_used(used: str, said: bool) -> None:
    (found,) = rows(sign_in(additionalEventData={"MFAUsed": used}))
    assert found["mfa_authenticated"] is said


def test_a_sign_in_that_failed_has_a_message_and_no_code() -> None:
    (found,) = rows(
        sign_in(errorMessage="Failed authentication", responseElements={"ConsoleLogin": "Failure"})
    )
    assert (found["error_code"], found["error_message"]) == (None, "Failed authentication")
    assert json.loads(found["response_elements"]) == {"ConsoleLogin": "Failure"}


def test_what_a_service_did_names_the_service() -> None:
    found = by(AWS_SERVICE, sourceIPAddress="autoscaling.amazonaws.com")
    assert found["invoked_by"] == "autoscaling.amazonaws.com"
    assert (found["user_arn"], found["user_account_id"]) == (None, None)


def test_parameters_are_canonical_whatever_their_order() -> None:
    assert (
        row(requestParameters={"b": 1, "a": [2]})["request_parameters"]
        == row(requestParameters={"a": [2], "b": 1})["request_parameters"]
        == '{"a":[2],"b":1}'
    )


def test_a_read_has_its_parameters_only_where_they_tell_who_became_whom_or_read_a_secret() -> None:
    assert row(name="DescribeInstances", source="ec2", readOnly=True)["request_parameters"] is None
    assumed = row(name="AssumeRole", source="sts", readOnly=True)
    secret = row(
        name="GetSecretValue",
        source="secretsmanager",
        readOnly=True,
        requestParameters={"secretId": "prod/billing/database"},
    )
    assert assumed["request_parameters"] is not None
    assert json.loads(secret["request_parameters"]) == {"secretId": "prod/billing/database"}


def test_a_data_event_has_resources_and_no_parameters() -> None:
    touched = [{"ARN": "arn:aws:s3:::b/k", "type": "AWS::S3::Object"}]
    found = row(
        name="PutObject",
        source="s3",
        managementEvent=False,
        eventCategory="Data",
        resources=touched,
    )
    assert found["request_parameters"] is None
    assert json.loads(found["resources"]) == [{**touched[0], "accountId": None}]


@pytest.mark.parametrize(
    "fields",
    [
        {"userIdentity": "somebody"},
        {"userIdentity": None},
        {"userIdentity": {"sessionContext": ["?"]}},
        {"resources": "many"},
        {"resources": [5, None]},
        {"readOnly": "perhaps"},
        {"requestParameters": "text"},
        {"requestParameters": [1, 2]},
        {"eventID": {"a": 1}},
        {"additionalEventData": 7},
    ],
    ids=str,
)
def test_a_field_of_a_strange_type_costs_no_more_than_itself(fields: dict[str, Any]) -> None:
    assert row(**fields)["event_name"] == "PutRolePolicy"


def test_an_event_without_region_still_has_one() -> None:
    assert row(awsRegion=None)["region"] == "global"


def test_what_is_no_event_is_counted_and_left_out() -> None:
    nameless, timeless = record(), record(eventTime="soon")
    del nameless["eventName"]
    found = reader().read(
        [log_text([record()]), log_text([nameless, timeless, 5, record()])], "log"
    )
    assert found.rows.num_rows == 2
    assert found.strange == {1: 3}
    assert found.unread == ()


@pytest.mark.parametrize(
    "text", [b"", b"nonsense", b"[]", b"null", b'{"Records": 5}', b'{"Records": []}', b'{"Rec']
)
def test_a_text_without_records_is_named_and_costs_no_other(text: bytes) -> None:
    found = reader().read([log_text([record()]), text, log_text([record()])], "log")
    assert found.unread == (1,)
    assert found.rows.num_rows == 2


@pytest.mark.parametrize("chunk", [1, 3_000, 2**20])
def test_texts_of_all_sizes_keep_their_places(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "CHUNK", chunk)
    sizes = (1, 1, 0, 40, 0, 0, 3, 1, 40, 0)
    found = reader().read(
        [log_text([*numbered(size), *[5] * (size // 3)]) for size in sizes], "log"
    )
    assert found.unread == (2, 4, 5, 9)
    assert found.strange == {3: 13, 6: 1, 8: 13}
    assert found.rows.num_rows == sum(sizes)


def test_the_reader_can_reach_neither_files_nor_network() -> None:
    connection = reader()._connection
    for reach in ("SELECT * FROM read_text('/etc/hostname')", "SET threads=2", "INSTALL httpfs"):
        with pytest.raises(Exception, match=r"disabled|locked|Permission"):
            connection.execute(reach)
