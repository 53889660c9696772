"""What a recommendation, a check and a question are: declarations that `assessment` reads.

A check is a plain function from `Facts` to results: for each thing it looks at, one `ok`
or one or more `fail`s. It never decides what was not read; the assessment does, from the
tables that the check declares.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from awsbasics.engagement import model

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Severity = Literal["critical", "high", "medium", "low", "info"]
ResultStatus = Literal["fail", "ok", "not_applicable", "ask", "unknown"]
Verdict = Literal["pass", "fail", "info"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
DONT_KNOW = model.DONT_KNOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a check says of one thing."""

    status: ResultStatus
    account_id: str
    region: str = "global"
    resource: str = ""
    key: str = ""
    title: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    table: str = ""
    severity: Severity | None = None
    application: str | None = None
    team: str | None = None


def fail(account_id: str, resource: str = "", region: str = "global", **more: Any) -> Result:
    """A thing that does not meet the check; `title` is a sentence, `facts` its evidence."""
    return Result(status="fail", account_id=account_id, resource=resource, region=region, **more)


def ok(account_id: str, resource: str = "", region: str = "global") -> Result:
    """A thing that meets the check."""
    return Result(status="ok", account_id=account_id, resource=resource, region=region)


def not_applicable(account_id: str, title: str, region: str = "global") -> Result:
    """There is nothing here for the check to look at, and that is known."""
    return Result(status="not_applicable", account_id=account_id, title=title, region=region)


def unknown(
    account_id: str, title: str, resource: str = "", region: str = "global", **more: Any
) -> Result:
    """The table was read, but not the part that this one thing is judged by; `title` says which."""
    return Result(
        status="unknown",
        account_id=account_id,
        title=title,
        resource=resource,
        region=region,
        **more,
    )


def ask(
    account_id: str, title: str, resource: str = "", region: str = "global", **more: Any
) -> Result:
    """Only a person can tell; `title` is the question."""
    return Result(
        status="ask", account_id=account_id, title=title, resource=resource, region=region, **more
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a question offers and what it means for the check."""

    id: str
    label: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """A question for the engagement file; "don't know" is always offered too.

    `parts` are further questions of the same check, each answered under the check's id and
    its own (`SEC.1.updates`).
    """

    text: str
    choices: tuple[Choice, ...]
    id: str = ""
    parts: "tuple[Question, ...]" = ()

    def choice(self, choice_id: str) -> Choice | None:
        """The choice with an id, or None (also for "don't know")."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. `run` is None while it is declared but not written.

    `tables` must have been read for a pass. `absence` are those of them whose missing rows
    would make a thing fail: where one of these was not read, failures there are unknown too
    (None: all of `tables`). `sandboxes` overrides the recommendation's scope. With
    `facts_pending` the question can be answered, but the facts that its answer is to be
    compared with are not looked at yet: the check counts as not written.
    `home_only` says that only the management account's tables (or those of the one account)
    are required; what the check needs of others it settles by itself.
    `where_asked` says that it is about what its optional tables tell, where a gather was asked
    to read them: where it was not, nothing is missing, and the check says so itself.
    `remediation` is plain text, one step a line; lines of code are indented by four spaces.
    """

    id: str
    title: str
    severity: Severity
    tables: tuple[str, ...] = ()
    run: "Callable[[Facts], Iterable[Result]] | None" = None
    absence: tuple[str, ...] | None = None
    question: Question | None = None
    remediation: str = ""
    sandboxes: bool | None = None
    facts_pending: bool = False
    home_only: bool = False
    where_asked: bool = False

    @property
    def written(self) -> bool:
        """Whether the kit can judge it: by facts or by asking."""
        return self.run is not None or (self.question is not None and not self.facts_pending)

    @property
    def questions(self) -> tuple[tuple[str, Question], ...]:
        """Its questions with the ids under which the engagement file answers them."""
        if self.question is None:
            return ()
        parts = ((f"{self.id}.{part.id}", part) for part in self.question.parts)
        return ((self.id, self.question), *parts)

    @property
    def absence_tables(self) -> frozenset[str]:
        """The tables without which a failure cannot be told from missing evidence."""
        return frozenset(self.tables if self.absence is None else self.absence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One of the thirteen: its id (`R05`), check prefix (`APP`), notebook slug and checks.

    `sandboxes` says whether sandbox accounts are in its scope (recommendations 4 to 13 are
    for accounts with long-running services).
    """

    id: str
    prefix: str
    slug: str
    title: str
    summary: str
    checks: tuple[Check, ...]
    sandboxes: bool = False

    @property
    def notebook(self) -> str:
        """The notebook's file name without its ending: `05_application_roles`."""
        return f"{self.id[1:]}_{self.slug}"
