"""Pointers to other frameworks."""

from awsbasics.recommendations import CHECKS
from awsbasics.recommendations.frameworks import FRAMEWORKS, _mappings, pointers


def test_a_check_points_to_the_frameworks_that_have_the_same() -> None:
    assert pointers("ENG.5") == {
        "cis_6_0": ("2.9",),
        "cis_7_0": ("2.10",),
        "fsbp": ("IAM.5",),
        "well_architected": ("SEC02-BP01",),
    }


def test_a_framework_without_the_same_is_left_out() -> None:
    assert list(pointers("APP.3")) == ["fsbp", "well_architected"]


def test_a_check_that_none_has_points_nowhere() -> None:
    assert pointers("SG.2") == {}


def test_all_mappings_are_of_known_checks_and_frameworks() -> None:
    assert len(_mappings()) == 67
    assert set(_mappings()) <= set(CHECKS)
    assert {name for found in _mappings().values() for name in found} <= set(FRAMEWORKS)
