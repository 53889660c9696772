"""A notebook to run and the page to make of it: plain data that travels between processes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

ERROR_LENGTH = 300  # so that an outcome, escaped, stays under PIPE_BUF


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another page of the same report; `label` is its name in a word."""

    file: str
    title: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInfo:
    """What a page says around its notebook; `links`: the run's other files lie beside it."""

    title: str
    client: str = ""
    date: str = ""
    confidentiality: str = ""
    snapshot: str = ""
    links: bool = False
    previous: Neighbour | None = None
    next: Neighbour | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A notebook to run: where it is, where its page and its executed self go, and for whom."""

    name: str
    notebook: str
    folder: str
    parameters: Mapping[str, str]
    info: PageInfo

    def to_json(self) -> dict[str, Any]:
        """The job as JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Job":
        """The job from its JSON data."""
        info = dict(data["info"])
        for side in ("previous", "next"):
            info[side] = Neighbour(**info[side]) if info[side] else None
        return cls(**{**data, "info": PageInfo(**info)})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended; `error` is empty where it ended well."""

    name: str
    error: str = ""
