"""The declared guard rails ask for what AWS has."""

import pytest

from awsbasics.iam.vocabulary import service_actions
from awsbasics.recommendations.evidence.guard_rail_list import GUARD_RAILS, GuardRail


def known(action: str) -> frozenset[str] | None:
    """The condition keys of an action; None where AWS has no such action."""
    for each in service_actions(action.partition(":")[0]):
        if each.name == action:
            return frozenset(each.condition_keys)
    return None


@pytest.mark.parametrize("rail", GUARD_RAILS, ids=lambda rail: rail.id)
def test_its_actions_exist_and_know_its_keys(rail: GuardRail) -> None:
    assert rail.probes
    for probe in rail.probes:
        keys = known(probe.action)
        assert keys is not None, probe.action
        assert set(probe.context) <= keys


def test_ids_are_unique() -> None:
    assert len({rail.id for rail in GUARD_RAILS}) == len(GUARD_RAILS) == 17
