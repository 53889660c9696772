import subprocess
import sys

import pytest

import awsbasics


def test_the_public_names_are_these_and_no_others() -> None:
    assert awsbasics.__all__ == [
        "Assessment",
        "AwsbasicsError",
        "Engagement",
        "Snapshot",
        "__version__",
        "assess",
        "collect",
        "import_authorization_details",
        "load_engagement",
        "open_snapshot",
    ]


@pytest.mark.parametrize("name", awsbasics.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(awsbasics, name).__doc__


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'scan'"):
        awsbasics.scan  # noqa: B018


def test_importing_the_package_or_asking_for_help_loads_nothing_heavy() -> None:
    heavy = "('pandas', 'boto3', 'pyarrow')"
    code = f"import sys, awsbasics.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_collect_is_a_function_also_after_its_package_was_used() -> None:
    from awsbasics.collect.tables import TABLES

    assert TABLES
    assert callable(awsbasics.collect)
