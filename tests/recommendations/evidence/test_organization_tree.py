"""Where accounts lie."""

from awsbasics.recommendations.evidence.organization_tree import chains, organization_keys
from tests.recommendations.principal_rows import joined, organization
from tests.recommendations.support import DEVELOPMENT, MANAGEMENT, PRODUCTION, facts_of

OWN = {"account_id": MANAGEMENT}
TREE = {
    "organizations_organization": [{**OWN, "id": "o-1"}],
    "organizations_ous": [
        {**OWN, "id": "ou-1", "parent_id": "r-1"},
        {**OWN, "id": "ou-2", "parent_id": "ou-1"},
    ],
    "organizations_accounts": [{**OWN, "id": PRODUCTION, "parent_id": "ou-2"}],
}


def test_a_chain_leads_from_the_root_to_the_account() -> None:
    assert chains(facts_of(TREE))[PRODUCTION] == ("r-1", "ou-1", "ou-2", PRODUCTION)


def test_the_path_is_as_policies_write_it() -> None:
    keys = organization_keys(facts_of(TREE))[PRODUCTION]
    assert keys["aws:PrincipalOrgPaths"] == ["o-1/r-1/ou-1/ou-2/"]
    assert keys["aws:PrincipalOrgID"] == "o-1"


def test_a_circle_ends() -> None:
    circle = {"organizations_ous": [{**OWN, "id": "ou-1", "parent_id": "ou-2"}]}
    assert chains(facts_of(joined(TREE, circle)))[PRODUCTION][-1] == PRODUCTION


def test_without_an_organization_there_are_no_keys() -> None:
    rows = organization(members=(DEVELOPMENT,))
    assert organization_keys(facts_of(rows))
    assert organization_keys(facts_of({**rows, "organizations_organization": []})) == {}
