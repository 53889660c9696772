"""A notebook's six parameters, and what they open: snapshot, engagement file, assessment.

Parameters are plain strings, because papermill, schedulers and people hand over nothing
else alike (`-r accounts 000000000012` keeps its zeros); an empty one means its default.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass, fields
from functools import cached_property

from awsbasics.assessment import Assessment, assess, parse_moment
from awsbasics.engagement import Engagement, load_engagement
from awsbasics.errors import UsageError
from awsbasics.snapshot import Snapshot, open_snapshot

_ACCOUNT_ID = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The parameters of every notebook, as given.

    `snapshot` and `since` are folders or `s3://` addresses, `engagement` a file, `as_of` an
    ISO 8601 time, `accounts` 12-digit ids with commas between; `redact` comes later.
    """

    snapshot: str = ""
    engagement: str = ""
    since: str = ""
    as_of: str = ""
    accounts: str = ""
    redact: str = ""

    def __post_init__(self) -> None:
        for name, value in zip(PARAMETERS, astuple(self), strict=True):
            if not isinstance(value, str):
                raise UsageError(
                    f"{name} must be text, not {type(value).__name__}: with papermill give it "
                    f"as `-r {name} …`, which keeps leading zeros"
                )
        if not self.snapshot:
            raise UsageError(
                "no snapshot is set: put the folder that `awsbasics collect -o` (or `awsbasics "
                'demo`) wrote into `snapshot = ""` above, or run with `-r snapshot FOLDER`'
            )
        if self.redact:
            raise UsageError("redact is not available in this version: leave it empty")

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The ids in `accounts`; none means all. UsageError for one that is no account id."""
        ids = tuple(part.strip() for part in self.accounts.split(",") if part.strip())
        for text in ids:
            if not _ACCOUNT_ID.fullmatch(text):
                raise UsageError(f"accounts: {text!r} is not a 12-digit account id")
        return ids


PARAMETERS = tuple(field.name for field in fields(Parameters))


def check_names(names: Iterable[str]) -> None:
    """Refuse parameters outside the fixed list: papermill writes names into code unescaped."""
    unknown = sorted(set(names) - set(PARAMETERS))
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no parameter; they are {', '.join(PARAMETERS)}")


class Sources:
    """What a page works from; everything is read when it is first asked for."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot that is assessed."""
        return open_snapshot(self.parameters.snapshot)

    @cached_property
    def earlier(self) -> Snapshot | None:
        """The older snapshot to compare with, if one is given."""
        return open_snapshot(self.parameters.since) if self.parameters.since else None

    @cached_property
    def engagement(self) -> Engagement:
        """The engagement file's content; its defaults where none is given."""
        path = self.parameters.engagement
        return load_engagement(path) if path else Engagement()

    def open(self) -> None:
        """Open and verify everything that is given: what cannot be read is told at once."""
        _ = self.engagement, self.parameters.account_ids
        self.snapshot.verify()
        if self.earlier is not None:
            self.earlier.verify()

    def assess(self, only: Collection[str] = ()) -> Assessment:
        """The assessment of some recommendations, or of all."""
        as_of = self.parameters.as_of
        return assess(
            self.snapshot,
            self.engagement,
            as_of=parse_moment(as_of) if as_of else None,
            since=self.earlier,
            only=only,
            accounts=self.parameters.account_ids,
        )
