"""All recorded answers: of each table, the answers to every call that it makes."""

from collections.abc import Mapping
from typing import Any

from tests.collect.recordings import delivery, identity, network, watch, workloads

RECORDED: Mapping[str, Mapping[str, Any]] = {
    **identity.RECORDED,
    **network.RECORDED,
    **workloads.RECORDED,
    **delivery.RECORDED,
    **watch.RECORDED,
}
