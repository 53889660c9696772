"""Powers that the organization hands on."""

import json

from tests.collect.fake_caller import read, refused, rows_of
from tests.collect.recordings.identity import RECORDED

FEATURES = RECORDED["iam_organizations_features"]


def test_features_are_one_row_also_where_none_is_on() -> None:
    (row,) = rows_of("iam_organizations_features", FEATURES)
    assert json.loads(row["enabled_features"]) == ["RootCredentialsManagement", "RootSessions"]

    none = {"ListOrganizationsFeatures": {"OrganizationId": "o-example", "EnabledFeatures": []}}
    (row,) = rows_of("iam_organizations_features", none)
    assert json.loads(row["enabled_features"]) == []


def test_a_member_that_may_not_ask_does_not_make_features_look_off() -> None:
    code = "AccountNotManagementOrDelegatedAdministratorException"
    found = read("iam_organizations_features", {"ListOrganizationsFeatures": refused(code)})
    assert (found.coverage.status, found.rows) == ("denied", [])


def test_the_delegation_policy_is_json() -> None:
    (row,) = rows_of("organizations_resource_policy", RECORDED["organizations_resource_policy"])
    assert json.loads(row["content"])["Statement"] == []
