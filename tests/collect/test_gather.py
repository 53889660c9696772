"""The gather over HTTP: the demo organization, with AWS's refusals planted before it."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from awsbasics.collect import collect
from awsbasics.collect.summary import summary
from awsbasics.collect.tables import TABLES
from awsbasics.demo import REGIONS, DemoOrganization, demo_session
from awsbasics.demo.setting import ACCESS_KEY_ID
from awsbasics.errors import (
    AccessError,
    CredentialsError,
    OrganizationError,
    SnapshotError,
    UsageError,
)
from awsbasics.snapshot import Snapshot, open_snapshot
from tests.collect.members import member_session
from tests.faulty_aws import Fault, FaultyAws

ROLE = "OrganizationAccountAccessRole"
DENIED = Fault("AccessDenied", "User: x is not authorized to perform this")


@pytest.fixture
def aws(faulty_demo: FaultyAws) -> Iterator[FaultyAws]:
    """The demo behind a faulty endpoint, without faults to begin with."""
    faulty_demo.faults.clear()
    faulty_demo.times.clear()
    faulty_demo.calls.clear()
    faulty_demo.organizations_as = ""
    yield faulty_demo
    faulty_demo.faults.clear()


def gather(path: Path, **more: Any) -> Snapshot:
    options: dict[str, Any] = {"role": ROLE, "regions": ["us-east-1"], **more}
    return collect(path, **{"session": demo_session(), **options})


def statuses(snapshot: Snapshot, account: str, table: str) -> dict[str, str]:
    rows = snapshot.coverage.query("account_id == @account and table == @table")
    return dict(zip(rows["region"], rows["status"], strict=True))


def test_an_organization_is_gathered_whole(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path
) -> None:
    snapshot = collect(tmp_path / "s", session=demo_session(), role=ROLE)

    assert set(snapshot.gathered_accounts) == set(organization.accounts.values())
    assert snapshot.manifest["regions"] == sorted(REGIONS)
    assert set(snapshot.coverage["status"]) <= {"ok", "empty"}, snapshot.coverage.query(
        "status not in ('ok', 'empty')"
    ).to_string()
    expected = {"organization": 1, "account": 8, "region": 8 * len(REGIONS)}
    for name, count in snapshot.coverage["table"].value_counts().items():
        assert count == expected[TABLES[str(name)].scope], name
    assert "000000000012" in set(snapshot.frame("iam_roles")["account_id"])


def test_what_roles_last_used_is_asked_only_where_the_gather_says_so(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    home, table = organization.management_account_id, "iam_service_last_accessed"
    plain = gather(tmp_path / "plain", accounts=[home])
    assert (statuses(plain, home, table), len(plain.frame(table))) == ({}, 0)
    assert aws.calls["GenerateServiceLastAccessedDetails"] == 0

    gather(tmp_path / "more", accounts=[home], last_accessed=True)
    assert aws.calls["GenerateServiceLastAccessedDetails"] > 0


def test_a_member_that_cannot_be_entered_is_denied_and_the_others_are_read(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    aws.faults["AssumeRole"] = DENIED
    snapshot = gather(tmp_path / "s")

    member = organization.accounts["sandbox"]
    own = snapshot.coverage[snapshot.coverage["account_id"] == member]
    assert set(own["status"]) == {"denied"}
    assert set(own["error_code"]) == {"AssumeRole"}
    assert "cannot be assumed" in own.iloc[0]["error_message"]
    home = organization.management_account_id
    assert statuses(snapshot, home, "iam_users")["global"] == "ok"


def test_without_a_role_members_are_listed_as_not_read(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    snapshot = gather(tmp_path / "s", role=None)
    assert statuses(snapshot, organization.accounts["test"], "iam_users") == {"global": "not_read"}
    assert aws.calls["AssumeRole"] == 0


def test_an_account_outside_an_organization_is_gathered_alone(
    aws: FaultyAws, tmp_path: Path, few_tables: None
) -> None:
    fault = Fault("AWSOrganizationsNotInUseException", "not a member", status=400)
    for operation in ("DescribeOrganization", "ListAccounts", "ListRoots", "ListPolicies"):
        aws.faults[operation] = fault
    snapshot = gather(tmp_path / "s")

    home = snapshot.caller_account_id
    assert snapshot.gathered_accounts == (home,)
    assert snapshot.management_account_id is None
    assert statuses(snapshot, home, "organizations_organization") == {"global": "empty"}
    with pytest.raises(OrganizationError, match="is not in an organization"):
        gather(tmp_path / "t", organization="yes")
    assert not (tmp_path / "t").exists()


def test_a_denied_list_of_accounts_is_told_and_never_taken_for_none(
    aws: FaultyAws, tmp_path: Path, few_tables: None
) -> None:
    aws.faults["ListAccounts"] = Fault("AccessDeniedException", "not authorized", status=400)
    with pytest.raises(OrganizationError, match=r"may not call organizations:ListAccounts"):
        gather(tmp_path / "s", organization="yes")

    snapshot = gather(tmp_path / "t")
    assert snapshot.gathered_accounts == (snapshot.caller_account_id,)
    status = statuses(snapshot, snapshot.caller_account_id, "organizations_accounts")
    assert status == {"global": "denied"}


def test_an_organization_is_gathered_from_a_delegated_administrator(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    home, management = organization.accounts["security"], organization.management_account_id
    session = member_session(organization, "security")
    aws.organizations_as = ACCESS_KEY_ID
    aws.faults["ListOrganizationsFeatures"] = Fault(
        "AccountNotManagementOrDelegatedAdministratorException", "not by you", status=400
    )
    aws.faults["DescribeResourcePolicy"] = Fault("AccessDeniedException", "no", status=400)
    snapshot = gather(tmp_path / "s", session=session, organization="yes")

    assert set(snapshot.gathered_accounts) == set(organization.accounts.values())
    about = snapshot.manifest
    assert about["organization_read_from"] == snapshot.caller_account_id == home
    assert snapshot.management_account_id == management
    assert f"organization of {management} was read from its member {home}" in summary(snapshot)
    frame = snapshot.frame("organizations_accounts")
    assert set(frame["account_id"]) == {home}
    assert set(frame.loc[frame["is_management"], "id"]) == {management}

    of_organization = [n for n, table in TABLES.items() if table.scope == "organization"]
    rows = snapshot.coverage[snapshot.coverage["table"].isin(of_organization)]
    assert set(rows["account_id"]) == {home}
    only_elsewhere = {"iam_organizations_features", "organizations_resource_policy"}
    assert set(rows.loc[rows["status"] == "denied", "table"]) == only_elsewhere
    assert statuses(snapshot, management, "iam_users") == {"global": "ok"}  # a member like others
    assert set(rows.loc[~rows["table"].isin(only_elsewhere), "status"]) <= {"ok", "empty"}


def test_a_plain_member_is_gathered_alone_and_the_summary_says_so(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    home, management = organization.accounts["sandbox"], organization.management_account_id
    session = member_session(organization, "sandbox")
    snapshot = gather(tmp_path / "s", session=session)

    assert snapshot.gathered_accounts == (home,)
    assert snapshot.manifest["organization_read_from"] is None
    assert f"organization of {management} was not read: account {home}" in summary(snapshot)
    assert statuses(snapshot, home, "organizations_roots") == {"global": "denied"}
    assert statuses(snapshot, home, "iam_users")["global"] in ("ok", "empty")
    with pytest.raises(OrganizationError, match=f"account {home} may not call .*ListAccounts"):
        gather(tmp_path / "t", session=session, organization="yes")
    assert not (tmp_path / "t").exists()


def test_where_the_organization_does_not_answer_nothing_is_taken_for_a_single_account(
    aws: FaultyAws, tmp_path: Path, few_tables: None
) -> None:
    for operation in ("DescribeOrganization", "ListAccounts"):
        aws.faults[operation] = Fault("ServiceException", "try later", status=400)
        with pytest.raises(AccessError, match=rf"{operation} failed \(ServiceException: try later"):
            gather(tmp_path / "s")
        del aws.faults[operation]
    assert not (tmp_path / "s").exists()


def test_where_regions_cannot_be_listed_they_have_to_be_named(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    aws.faults["DescribeRegions"] = Fault("InternalFailure", "try later", status=400)
    with pytest.raises(AccessError, match=r"ec2:DescribeRegions failed .* use --regions"):
        gather(tmp_path / "s", regions=None)
    assert not (tmp_path / "s").exists()


def test_credentials_that_expire_stop_the_gather_and_what_is_done_stays_done(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    home, member = organization.management_account_id, organization.accounts["sandbox"]
    aws.faults["ListSecrets"] = Fault("ExpiredTokenException", "expired", status=400)
    with pytest.raises(CredentialsError, match="expired; sign in again and go on with --resume"):
        gather(tmp_path / "s", accounts=[home])
    aws.faults.clear()
    aws.faults["AssumeRole"] = Fault("ExpiredToken", "expired")
    with pytest.raises(CredentialsError, match="--resume"):
        gather(tmp_path / "t", accounts=[member])
    aws.faults.clear()
    for folder, account in (("s", home), ("t", member)):
        snapshot = gather(tmp_path / folder, accounts=[account], resume=True)
        assert set(snapshot.coverage["status"]) <= {"ok", "empty"}


def test_a_members_credentials_are_renewed_before_they_expire(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    member = organization.accounts["sandbox"]
    soon = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    keys = (
        demo_session()
        .client("sts")
        .assume_role(RoleArn=f"arn:aws:iam::{member}:role/{ROLE}", RoleSessionName="test")[
            "Credentials"
        ]
    )
    parts = {
        "AccessKeyId": keys["AccessKeyId"],
        "SecretAccessKey": keys["SecretAccessKey"],
        "SessionToken": keys["SessionToken"],
        "Expiration": soon,
    }
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    body = f"<R><AssumeRoleResult><Credentials>{inside}</Credentials></AssumeRoleResult></R>"
    aws.faults["AssumeRole"] = Fault("", raw=body.encode())
    snapshot = gather(tmp_path / "s", accounts=[member])
    assert set(snapshot.coverage["status"]) <= {"ok", "empty"}
    assert aws.calls["AssumeRole"] > 10  # half a minute is always too soon: each call renews


def test_a_role_that_fails_for_another_reason_than_refusal_is_not_denied(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    aws.faults["AssumeRole"] = Fault("InternalFailure", "planted", status=400)
    member = organization.accounts["sandbox"]
    snapshot = gather(tmp_path / "s", accounts=[member])
    assert set(snapshot.coverage["status"]) == {"error"}


def test_a_suspended_account_is_listed_and_left_alone(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    home, gone = organization.management_account_id, "999999999999"
    accounts = [
        {"Id": home, "Name": "management", "Status": "ACTIVE", "State": "ACTIVE"},
        {"Id": gone, "Name": "gone", "Status": "SUSPENDED", "State": "SUSPENDED"},
    ]
    aws.faults["ListAccounts"] = Fault("", raw=json.dumps({"Accounts": accounts}).encode())
    snapshot = gather(tmp_path / "s")
    assert snapshot.gathered_accounts == (home,)
    [entry] = [one for one in snapshot.manifest["accounts"] if one["id"] == gone]
    assert entry["reason"] == "its status is SUSPENDED"
    assert gone not in set(snapshot.coverage["account_id"])
    assert aws.calls["AssumeRole"] == 0


def test_a_region_that_is_off_costs_no_calls_and_is_listed(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    home = organization.management_account_id
    snapshot = gather(tmp_path / "s", regions=["us-east-1", "af-south-1"], accounts=[home])
    by_region = statuses(snapshot, home, "ec2_vpcs")
    assert by_region["af-south-1"] == "region_off"
    assert by_region["us-east-1"] in ("ok", "empty")


def test_denied_regions_are_found_by_asking(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    aws.faults["ec2:*@eu-west-1"] = Fault(
        "UnauthorizedOperation", "with an explicit deny in a service control policy"
    )
    home = organization.management_account_id
    snapshot = gather(tmp_path / "s", regions=list(REGIONS), accounts=[home])
    assert statuses(snapshot, home, "ec2_vpcs")["eu-west-1"] == "scp_denied"


def test_an_unknown_region_or_account_is_bad_usage_and_leaves_nothing(
    aws: FaultyAws, tmp_path: Path, few_tables: None
) -> None:
    with pytest.raises(UsageError, match="there is no region 'mars-1'"):
        gather(tmp_path / "s", regions=["mars-1"])
    with pytest.raises(UsageError, match="account 222222222222 is not among"):
        gather(tmp_path / "s", accounts=["222222222222"])
    assert not (tmp_path / "s").exists()


def test_denied_iam_is_in_coverage_of_every_iam_table(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    aws.faults["iam:*"] = DENIED
    home = organization.management_account_id
    snapshot = gather(tmp_path / "s", accounts=[home])
    iam = [n for n, table in TABLES.items() if table.service == "iam" and not table.optional]
    assert {statuses(snapshot, home, name)["global"] for name in iam} == {"denied"}
    assert statuses(snapshot, home, "ec2_vpcs")["us-east-1"] in ("ok", "empty")


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"SecretLi'])
def test_a_truncated_answer_with_status_200_is_an_error_and_not_an_empty_list(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None, body: bytes
) -> None:
    aws.faults["ListSecrets"] = Fault("", raw=body)
    home = organization.management_account_id
    snapshot = gather(tmp_path / "s", accounts=[home])
    assert statuses(snapshot, home, "secretsmanager_secrets") == {"us-east-1": "error"}


def test_what_is_broken_or_throttled_for_a_moment_is_asked_again(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    home = organization.management_account_id
    plain = gather(tmp_path / "plain", accounts=[home])
    aws.faults["ListSecrets"], aws.times["ListSecrets"] = Fault("", raw=b"{"), 1
    aws.faults["DescribeVpcs"] = Fault("RequestLimitExceeded", status=503)
    aws.times["DescribeVpcs"] = 1
    aws.faults["ListRoles"], aws.times["ListRoles"] = Fault("", raw=b"<ListRolesRespo"), 1
    disturbed = gather(tmp_path / "disturbed", accounts=[home])
    assert set(disturbed.coverage["status"]) <= {"ok", "empty"}
    assert_equal_frames(plain, disturbed)


def test_an_interrupted_gather_goes_on_and_ends_in_equal_frames(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path, few_tables: None
) -> None:
    accounts = list(organization.accounts.values())[:3]
    whole = gather(tmp_path / "whole", accounts=accounts)
    unfinished = tmp_path / "unfinished"
    shutil.copytree(tmp_path / "whole", unfinished)
    _interrupt(unfinished, keep=accounts[1])

    with pytest.raises(SnapshotError, match="unfinished"):
        open_snapshot(unfinished)
    aws.calls.clear()
    resumed = gather(unfinished, accounts=accounts, resume=True)
    assert_equal_frames(whole, resumed)
    assert aws.calls["GetAccountAuthorizationDetails"] == 2


def _interrupt(folder: Path, keep: str) -> None:
    """What a kill leaves: one account done, another half, no manifest."""
    manifest = open_snapshot(folder).manifest
    begun = {name: manifest[name] for name in ("id", "started", "caller")}
    (folder / "gather.json").write_text(pd.Series(begun).to_json())
    (folder / "manifest.json").unlink()
    for file in folder.glob("coverage/*.parquet"):
        if keep not in file.name:
            file.unlink()
    next(file for file in folder.glob("frames/*/*.parquet") if keep not in file.name).unlink()


def assert_equal_frames(one: Snapshot, other: Snapshot) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(one.frame(name), other.frame(name), obj=name)
