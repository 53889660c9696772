"""What accounts share with each other."""

from tests.collect.fake_caller import ACCOUNT, rows_of
from tests.collect.recordings.delivery import RECORDED


def test_own_and_received_shares_are_told_apart() -> None:
    rows = rows_of("ram_resource_shares", RECORDED["ram_resource_shares"])
    assert {(row["sharing"], row["owner_id"]) for row in rows} == {
        ("own", ACCOUNT),
        ("received", "111122223333"),
    }


def test_a_share_has_principals_and_resources() -> None:
    table = "ram_resource_share_associations"
    entities = {row["type"]: row["associated_entity"] for row in rows_of(table, RECORDED[table])}
    assert entities["PRINCIPAL"] == "111122223333"
    assert entities["RESOURCE"].endswith("subnet/subnet-1")
