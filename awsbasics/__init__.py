"""Gathers AWS account data and reports on thirteen security basics.

    from awsbasics import assess, collect, load_engagement, open_snapshot

    snapshot = collect("snapshot", role="Audit")        # or open_snapshot("snapshot")
    assessment = assess(snapshot, load_engagement("engagement.yml"))
    assessment.ratings, assessment.findings             # pandas frames

Reports are made by `awsbasics assess`, or notebook by notebook with papermill.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

from awsbasics.collect import collect

if TYPE_CHECKING:
    from awsbasics.assessment import Assessment, assess
    from awsbasics.collect.offline import import_authorization_details
    from awsbasics.engagement import Engagement, load_engagement
    from awsbasics.errors import AwsbasicsError
    from awsbasics.snapshot import Snapshot, open_snapshot

__all__ = [
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

_HOMES = {
    "Assessment": "assessment",
    "AwsbasicsError": "errors",
    "Engagement": "engagement",
    "Snapshot": "snapshot",
    "assess": "assessment",
    "import_authorization_details": "collect.offline",
    "load_engagement": "engagement",
    "open_snapshot": "snapshot",
}


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used: pandas and Arrow cost half a second."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
