"""The account's own keys."""

import json

from tests.collect.fake_caller import asked, fake_caller, rows_of
from tests.collect.recordings.watch import RECORDED


def test_keys_of_aws_are_neither_rows_nor_asked_about() -> None:
    caller = fake_caller(RECORDED["kms_keys"])
    (row,) = rows_of("kms_keys", caller)
    assert (row["id"], json.loads(row["aliases"])) == ("k1", ["alias/billing"])
    assert asked(caller).count("GetKeyPolicy") == 1
