import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from awsbasics.assessment import Assessment, assess
from awsbasics.cli import main
from awsbasics.collect import collect as gather
from awsbasics.collect.export_shape import OPERATION
from awsbasics.collect.offline import import_authorization_details
from awsbasics.collect.tables import TABLES
from awsbasics.coverage import READ
from awsbasics.demo import DemoOrganization, demo_environment
from awsbasics.errors import SnapshotError, UsageError
from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.snapshot import Snapshot, open_snapshot
from tests.authorization_details import HOSTILE_TAGS, authorization_details
from tests.collect.members import member_session
from tests.policy_documents import MALFORMED, identity_documents, trust_documents

ACCOUNT = "000000000012"
OTHER = "111111111111"
LIVE = "billing-production"
FROM_OTHER_CALLS = {"max_session_duration", "description"}
IAM = f"arn:aws:iam::{ACCOUNT}"
FILLED = {table.name for table in TABLES.values() if table.operation == OPERATION}
PRINCIPALS = (
    ("UserDetailList", "UserPolicyList"),
    ("GroupDetailList", "GroupPolicyList"),
    ("RoleDetailList", "RolePolicyList"),
)


@pytest.fixture(scope="module")
def details() -> dict[str, Any]:
    return authorization_details(ACCOUNT)


@pytest.fixture(scope="module")
def snapshot(details: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("offline")
    return import_authorization_details([_file(folder, details)], folder / "snapshot")


@pytest.fixture(scope="module")
def assessment(snapshot: Snapshot) -> Assessment:
    return assess(snapshot)


def _file(folder: Path, *contents: Any, name: str = "export.json") -> Path:
    path = folder / name
    path.write_text("\n".join(json.dumps(content, indent=4) for content in contents))
    return path


def _row(snapshot: Snapshot, table: str, arn: str) -> Any:
    frame = snapshot.frame(table)
    found = frame[frame["arn"] == arn]
    assert len(found) == 1
    return found.iloc[0]


def _statuses(snapshot: Snapshot, account: str = ACCOUNT) -> dict[str, str]:
    """The status of each table in an account; every one of them has exactly one row."""
    rows = snapshot.coverage[snapshot.coverage["account_id"] == account]
    assert rows["table"].is_unique
    return dict(zip(rows["table"], rows["status"], strict=True))


def test_every_principal_policy_and_profile_is_a_row(
    details: dict[str, Any], snapshot: Snapshot
) -> None:
    for table, name in (
        ("iam_users", "UserDetailList"),
        ("iam_groups", "GroupDetailList"),
        ("iam_roles", "RoleDetailList"),
        ("iam_policies", "Policies"),
    ):
        arns = [item["Arn"] for item in details[name]]
        assert sorted(snapshot.frame(table)["arn"]) == sorted(arns)
    profiles = [
        p["Arn"] for role in details["RoleDetailList"] for p in role.get("InstanceProfileList", ())
    ]
    assert len(profiles) > 1
    assert sorted(snapshot.frame("iam_instance_profiles")["arn"]) == sorted(profiles)


def test_memberships_attachments_and_inline_policies_are_those_of_the_export(
    details: dict[str, Any], snapshot: Snapshot
) -> None:
    groups = {group["GroupName"]: group["Arn"] for group in details["GroupDetailList"]}
    users = details["UserDetailList"]
    members = {(groups[name], u["Arn"]) for u in users for name in u.get("GroupList", ())}
    attached, inline = set(), set()
    for name, policies in PRINCIPALS:
        for item in details[name]:
            held = item.get("AttachedManagedPolicies", ())
            attached |= {(item["Arn"], policy["PolicyArn"]) for policy in held}
            inline |= {(item["Arn"], policy["PolicyName"]) for policy in item.get(policies, ())}
    assert _pairs(snapshot, "iam_group_members", "group_arn", "user_arn") == members
    assert _pairs(snapshot, "iam_attachments", "principal_arn", "policy_arn") == attached
    assert _pairs(snapshot, "iam_inline_policies", "principal_arn", "name") == inline
    assert min(len(members), len(attached), len(inline)) > 100


def _pairs(snapshot: Snapshot, table: str, *columns: str) -> set[tuple[str, ...]]:
    frame = snapshot.frame(table, columns=columns)
    assert not frame.duplicated().any()
    return set(frame.itertuples(index=False, name=None))


def test_users_keep_path_boundary_time_and_hostile_tags(snapshot: Snapshot) -> None:
    ann = _row(snapshot, "iam_users", f"{IAM}:user/people/ann")
    assert (ann["name"], ann["path"]) == ("ann", "/people/")
    assert ann["boundary_arn"] == f"{IAM}:policy/limits/people"
    assert json.loads(ann["tags"]) == HOSTILE_TAGS
    assert ann["created"].tzname() == "UTC"
    bob = _row(snapshot, "iam_users", f"{IAM}:user/people/bob")
    assert pd.isna(bob["boundary_arn"])
    assert json.loads(bob["tags"]) == {}


def test_roles_keep_trust_last_use_and_what_aws_made(snapshot: Snapshot) -> None:
    batch = _row(snapshot, "iam_roles", f"{IAM}:role/billing/billing-batch")
    assert json.loads(batch["trust_policy"]) == trust_documents("aws", ACCOUNT)["service"]
    assert batch["boundary_arn"] == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert batch["last_used"] == pd.Timestamp("2026-11-01T00:30:00Z")
    assert pd.isna(batch["last_used_region"])
    service = f"{IAM}:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport"
    assert pd.isna(_row(snapshot, "iam_roles", service)["last_used"])
    name = "AWSReservedSSO_Payments_0123456789abcdef"
    reserved = f"{IAM}:role/aws-reserved/sso.amazonaws.com/eu-west-1/{name}"
    assert _row(snapshot, "iam_roles", reserved)["last_used_region"] == "eu-west-1"
    assert pd.isna(_row(snapshot, "iam_roles", f"{IAM}:role/plain")["last_used"])


def test_what_an_export_lacks_of_a_role_is_marked_and_not_guessed(snapshot: Snapshot) -> None:
    roles = snapshot.frame("iam_roles")
    assert set(roles["max_session_duration_status"]) == {"error"}
    assert roles["max_session_duration"].isna().all()


def test_the_default_version_counts_also_where_it_is_not_the_newest(snapshot: Snapshot) -> None:
    policy = _row(snapshot, "iam_policies", f"{IAM}:policy/app/versions")
    expected = identity_documents("aws", ACCOUNT)["single statement"]
    assert policy["default_version_id"] == "v2"
    assert json.loads(policy["document"]) == expected
    assert policy["attachment_count"] == 1
    limits = _row(snapshot, "iam_policies", f"{IAM}:policy/limits/people")
    assert limits["boundary_count"] > 1


def test_documents_are_the_same_text_however_they_were_written(snapshot: Snapshot) -> None:
    shapes = identity_documents("aws", ACCOUNT)
    frame = snapshot.frame("iam_inline_policies")
    texts = frame[frame["name"] == "inline-lettersandsigns"]["document"]
    assert len(texts) > 10  # by then each of the three ways was used
    (text,) = set(texts)
    assert json.loads(text) == shapes["letters and signs"]


def test_documents_that_cannot_be_read_stay_visible(snapshot: Snapshot) -> None:
    for number, document in enumerate(MALFORMED):
        policy = _row(snapshot, "iam_policies", f"{IAM}:policy/malformed-{number}")
        if isinstance(document, str):
            assert policy["document"] == document
        else:
            assert json.loads(policy["document"]) == document


def test_filled_tables_are_ok_and_all_others_are_not_read(snapshot: Snapshot) -> None:
    statuses = _statuses(snapshot)
    assert {name for name, status in statuses.items() if status == "ok"} == FILLED
    assert {statuses[name] for name in TABLES.keys() - FILLED} == {"not_read"}
    coverage = snapshot.coverage.set_index("table")
    assert coverage.loc["iam_users", "rows"] == len(snapshot.frame("iam_users"))
    assert coverage.loc["iam_credential_report", "error_code"] == "NotInExport"


def test_nothing_is_met_and_no_check_passes_that_needs_an_unread_table(
    assessment: Assessment,
) -> None:
    assert "met" not in set(assessment.ratings["rating"])
    needy = [
        check.id
        for recommendation in RECOMMENDATIONS
        for check in recommendation.checks
        if check.run is not None and not FILLED.issuperset(check.tables)
    ]
    assert len(needy) > 10
    for check in needy:
        found = assessment.findings[assessment.findings["check"] == check]
        assert "unknown" in set(found["status"]), check
        assert not {"pass", "ok", "not_applicable"} & set(found["status"]), check


def test_checks_that_have_all_they_need_find_what_is_wrong(assessment: Assessment) -> None:
    app3 = assessment.findings[assessment.findings["check"] == "APP.3"]
    failing = app3[app3["status"] == "fail"]
    assert f"{IAM}:role/billing/billing-batch" in set(failing["resource"])
    unreadable = set(app3[app3["status"] == "unknown"]["resource"])
    assert f"{IAM}:policy/malformed-0" in unreadable


@pytest.mark.parametrize("partition", ["aws-us-gov", "aws-cn"])
def test_other_partitions_keep_their_arns(partition: str, tmp_path: Path) -> None:
    details = authorization_details(ACCOUNT, 20, partition=partition)
    snapshot = import_authorization_details([_file(tmp_path, details)], tmp_path / "s")
    assert snapshot.manifest["partition"] == partition
    attachments = snapshot.frame("iam_attachments")
    assert attachments["aws_managed"].any()
    assert attachments["policy_arn"].str.startswith(f"arn:{partition}:iam::").all()
    assert set(_statuses(snapshot).values()) == {"ok", "not_read"}


def test_accounts_of_several_files_stay_apart(tmp_path: Path) -> None:
    files = [
        _file(tmp_path, authorization_details(account, 20), name=f"{account}.json")
        for account in (ACCOUNT, OTHER)
    ]
    snapshot = import_authorization_details(files, tmp_path / "s")
    assert snapshot.gathered_accounts == (ACCOUNT, OTHER)
    assert snapshot.caller_account_id == ACCOUNT
    query = "select account_id, count(*) as n from iam_users group by 1 order by 1"
    assert snapshot.sql(query).to_dict("list") == {"account_id": [ACCOUNT, OTHER], "n": [6, 6]}
    organization = {table.name for table in TABLES.values() if table.scope == "organization"}
    assert _statuses(snapshot).keys() == TABLES.keys()
    assert _statuses(snapshot, OTHER).keys() == TABLES.keys() - organization


def test_two_exports_of_one_account_make_one_account(tmp_path: Path) -> None:
    whole = authorization_details(ACCOUNT, 20)
    people = {**whole, "RoleDetailList": []}
    roles = {**whole, "UserDetailList": [], "GroupDetailList": []}
    files = [_file(tmp_path, people, name="1.json"), _file(tmp_path, roles, name="2.json")]
    snapshot = import_authorization_details(files, tmp_path / "s")
    together = import_authorization_details([_file(tmp_path, whole)], tmp_path / "t")
    for table in sorted(FILLED):
        pd.testing.assert_frame_equal(snapshot.frame(table), together.frame(table))
    assert _statuses(snapshot) == _statuses(together)


def test_a_truncated_export_is_partial_and_its_rows_are_there(tmp_path: Path) -> None:
    details = {**authorization_details(ACCOUNT, 20), "IsTruncated": True, "Marker": "x"}
    snapshot = import_authorization_details([_file(tmp_path, details)], tmp_path / "s")
    statuses = _statuses(snapshot)
    assert {statuses[name] for name in FILLED} == {"partial"}
    coverage = snapshot.coverage.set_index("table").loc["iam_users"]
    assert coverage["rows"] == len(snapshot.frame("iam_users")) == 6
    assert coverage["error_code"] == "IsTruncated"
    assert not set(assess(snapshot).findings["status"]) & {"pass", "ok"}


def test_a_list_that_is_missing_is_not_read_and_what_builds_on_it_is_partial(
    tmp_path: Path,
) -> None:
    details = authorization_details(ACCOUNT, 20)
    del details["GroupDetailList"]
    snapshot = import_authorization_details([_file(tmp_path, details)], tmp_path / "s")
    statuses = _statuses(snapshot)
    assert statuses["iam_groups"] == "not_read"
    assert statuses["iam_group_members"] == statuses["iam_attachments"] == "partial"
    assert statuses["iam_users"] == statuses["iam_roles"] == "ok"
    assert len(snapshot.frame("iam_attachments")) > 5


def test_a_policy_of_aws_that_was_filtered_out_is_a_row_without_its_document(
    tmp_path: Path,
) -> None:
    details = authorization_details(ACCOUNT, 20, aws_policies=False)
    snapshot = import_authorization_details([_file(tmp_path, details)], tmp_path / "s")
    policy = _row(snapshot, "iam_policies", "arn:aws:iam::aws:policy/AdministratorAccess")
    assert (policy["document_status"], policy["attachment_count"] > 0) == ("error", True)
    assert pd.isna(policy["document"])
    statuses = _statuses(snapshot)
    assert statuses["iam_policies"] == "partial"
    assert {statuses[name] for name in FILLED - {"iam_policies"}} == {"ok"}


def test_tables_count_as_read_when_their_file_was_written(tmp_path: Path) -> None:
    path = _file(tmp_path, authorization_details(ACCOUNT, 20))
    moment = pd.Timestamp("2026-03-01T12:00:00Z")
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    coverage = import_authorization_details([path], tmp_path / "s").coverage
    assert set(coverage[coverage["status"].isin(READ)]["read_at"]) == {moment}


def test_an_existing_snapshot_is_not_written_over(snapshot: Snapshot, tmp_path: Path) -> None:
    before = dict(snapshot.manifest)
    path = _file(tmp_path, authorization_details(OTHER, 20))
    with pytest.raises(SnapshotError, match="finished snapshot already"):
        import_authorization_details([path], snapshot.store.location)
    assert before == snapshot.manifest
    snapshot.verify()


def test_no_file_at_all_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file was given"):
        import_authorization_details([], tmp_path / "s")


@pytest.fixture
def collect(tmp_path: Path) -> Callable[..., Result]:
    def run(*files: Path) -> Result:
        options = [part for file in files for part in ("--authorization-details", str(file))]
        return CliRunner().invoke(main, ["collect", *options, "-o", str(tmp_path / "s")])

    return run


def test_the_command_says_what_it_made_and_what_is_missing(
    collect: Callable[..., Result], tmp_path: Path
) -> None:
    result = collect(_file(tmp_path, authorization_details(ACCOUNT, 20)))
    assert result.exit_code == 0
    assert "not_read" in result.stdout
    assert len(open_snapshot(tmp_path / "s").frame("iam_users")) == 6


BAD = {
    "no JSON": (b"UserDetailList:\n- Arn: x", "line 1 is not JSON"),
    "a list": (b"[]", "is JSON, but no object"),
    "empty": (b" \n", "is empty"),
    "truncated": (b'{"UserDetailList": [{"Arn": ', "ends in the middle"),
    "binary": (bytes(range(256)), "neither UTF-8 nor UTF-16"),
    "nested": (b'{"UserDetailList": ' + b"[" * 100_000, "nested too deeply"),
    "something else": (b'{"Users": []}', "has no UserDetailList"),
    "no account": (b'{"UserDetailList": [1, null, "x", {"Arn": "x"}]}', "names no account"),
    "a scalar for a list": (b'{"Policies": {"Arn": "x"}}', "Policies is not a list"),
    "mixed accounts": (
        json.dumps(
            {
                "UserDetailList": [
                    {"Arn": f"arn:aws:iam::{account}:user/ann", "UserName": "ann"}
                    for account in (ACCOUNT, OTHER)
                ]
            }
        ).encode(),
        f"mixes accounts {ACCOUNT} and {OTHER}",
    ),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_a_bad_file_is_one_line_with_exit_code_2_and_nothing_is_written(
    content: bytes, message: str, collect: Callable[..., Result], tmp_path: Path
) -> None:
    good = _file(tmp_path, authorization_details(OTHER, 20), name="good.json")
    bad = tmp_path / "bad.json"
    bad.write_bytes(content)
    _assert_refused(collect(good, bad), message, tmp_path)


def test_a_folder_or_a_missing_file_is_one_line_too(
    collect: Callable[..., Result], tmp_path: Path
) -> None:
    _assert_refused(collect(tmp_path), "cannot be read: Is a directory", tmp_path)
    _assert_refused(collect(tmp_path / "nothing"), "cannot be read: No such file", tmp_path)


def test_partitions_do_not_mix(collect: Callable[..., Result], tmp_path: Path) -> None:
    files = [
        _file(tmp_path, authorization_details(ACCOUNT, 8, partition=name), name=name)
        for name in ("aws", "aws-cn")
    ]
    _assert_refused(collect(*files), "partitions aws and aws-cn", tmp_path)


def _assert_refused(result: Result, message: str, folder: Path) -> None:
    lines = result.stderr.splitlines()
    assert (result.exit_code, len(lines)) == (2, 1), result.stderr
    assert lines[0].startswith("awsbasics: ")
    assert message in lines[0]
    assert not (folder / "s").exists()


def test_an_export_of_a_live_account_gives_what_its_gather_gives(
    organization: DemoOrganization, demo_endpoint: str, tmp_path: Path
) -> None:
    account = organization.accounts[LIVE]
    with demo_environment(demo_endpoint):
        session = member_session(organization, LIVE)
        options: dict[str, Any] = {"organization": "no", "regions": ["us-east-1"]}
        gathered = gather(tmp_path / "gathered", session=session, **options)
        pages = session.client("iam").get_paginator("get_account_authorization_details")
        details = pages.paginate().build_full_result()
    path = tmp_path / "export.json"
    path.write_text(json.dumps(details, default=str))
    imported = import_authorization_details([path], tmp_path / "imported")
    assert imported.gathered_accounts == gathered.gathered_accounts == (account,)
    for table in sorted(FILLED):
        names = {column.name for column in TABLES[table].columns} - FROM_OTHER_CALLS
        rows = imported.frame(table, columns=sorted(names))
        pd.testing.assert_frame_equal(rows, gathered.frame(table, columns=sorted(names)))
        assert len(rows) > 0, table
