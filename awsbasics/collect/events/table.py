"""The table of CloudTrail's events, from `LookupEvents` or from a trail's log files.

Rows of both are equal; an account has them from one of the two. It is optional: looking
events up takes a minute or more for an account, and log files have to be pointed at.
"""

from functools import partial

from awsbasics.collect.events.columns import COLUMNS, EVENTS
from awsbasics.collect.events.lookup import LOOKUP_DAYS, look_up
from awsbasics.collect.table import Table

TABLES = (
    Table(
        name=EVENTS,
        description="What CloudTrail recorded: by LookupEvents, or from a trail's log files.",
        service="cloudtrail",
        operation="LookupEvents",
        path="Events",
        columns=COLUMNS,
        gather=partial(look_up, days=LOOKUP_DAYS),
        optional=True,
    ),
)
