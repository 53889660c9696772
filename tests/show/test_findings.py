"""How many of a page's failures are shown: enough of each check, and a page that can be read."""

import pandas as pd
import pytest

from awsbasics.show.sections.findings import _rows_for_each


@pytest.mark.parametrize(
    ("failures", "shown"),
    [
        ({}, 25),
        ({"A": 3, "B": 4}, 25),
        ({"A": 900}, 25),
        ({"A": 900, "B": 900}, 25),
        (dict.fromkeys("ABCDE", 900), 20),
        ({**dict.fromkeys("ABCDE", 900), "F": 1, "G": 2}, 19),
        (dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 900), 5),
    ],
)
def test_the_pages_rows_are_shared_by_the_checks_that_fail(
    failures: dict[str, int], shown: int
) -> None:
    checks = [check for check, count in failures.items() for _ in range(count)]
    assert _rows_for_each(pd.DataFrame({"check": checks})) == shown
