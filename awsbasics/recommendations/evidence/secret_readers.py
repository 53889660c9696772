"""SEC.7: who can read secrets, by their policies, their keys' and the principals' own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.principals import (
    is_break_glass,
    is_human,
    is_left_alone,
    needs_text,
    runs_a_service,
    subject,
)
from awsbasics.recommendations.evidence.reach import Outsider, Reach, Reader
from awsbasics.recommendations.evidence.rows import counted, listed, rows, shown
from awsbasics.recommendations.evidence.stored_secrets import (
    READ,
    TABLE,
    Secret,
    application_of,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Readers = Mapping[str, Sequence[Reader]]


def meant_readers(facts: "Facts") -> Iterator[Result]:
    """SEC.7: one result per secret and kind of reader that is not meant to read it.

    Administrators, deployment roles and the emergency role are counted, not judged: other
    checks do. Who reads every secret of an account is told once for the account.
    """
    secrets = facts.secrets
    reach = Reach(facts.permissions, READ)
    inside = facts.secret_readers
    judge = _Judge(facts, reach, _readers_of_all(facts, secrets, inside))
    for secret in secrets:
        yield from judge.of_secret(secret, inside.get(secret.arn, ()))
    yield from judge.of_accounts(secrets)


def secret_readers(facts: "Facts") -> Readers:
    """The principals of each secret's own account that can read it, by its ARN.

    `facts.secret_readers` are these, found once.
    """
    found: dict[str, list[Reader]] = defaultdict(list)
    for thing, reader in Reach(facts.permissions, READ).inside(s.thing for s in facts.secrets):
        found[thing.target.arn].append(reader)
    return found


class _Judge:
    """Judges secrets, with what is known of readers."""

    def __init__(self, facts: "Facts", reach: Reach, of_all: Mapping[str, list[Principal]]) -> None:
        self._facts = facts
        self._reach = reach
        self._of_all = of_all
        self._every = {p.arn for principals in of_all.values() for p in principals}
        self._applications: dict[str, str | None] = {}
        frame = facts.frame("organizations_accounts")
        self._members = {row.id for row in rows(frame, "id")} | set(facts.accounts)

    def of_secret(self, secret: Secret, inside: Sequence[Reader]) -> Iterator[Result]:
        """All that is wrong with who reads a secret, or that nothing is."""
        if not secret.policy_was_read:
            title = f"The policy of secret {secret.name} was not read: it may let others in."
            yield _unknown(secret, title, "policy")
            return
        outsiders = self._reach.outsiders(secret.thing)
        across = list(self._reach.across(secret.thing))
        found = [
            *self._outsiders(secret, outsiders, across),
            *self._applications_that_read(secret, [*inside, *across]),
        ]
        yield from found or [ok(*secret.place)]

    def of_accounts(self, secrets: Iterable[Secret]) -> Iterator[Result]:
        """Principals that read every secret of an account, and policies that were not read."""
        by_account: dict[str, list[Secret]] = defaultdict(list)
        for secret in secrets:
            by_account[secret.account_id].append(secret)
        for account, own in by_account.items():
            yield from self._everything(account, own)
            yield from _unread(self._facts, account)

    def _outsiders(
        self, secret: Secret, outsiders: Iterable[Outsider], across: Sequence[Reader]
    ) -> Iterator[Result]:
        kinds = {each.kind: each for each in outsiders if each.verdict.status <= Status.CONDITIONAL}
        for each in outsiders:
            if each.kind == "account":
                yield from self._account(secret, each, across)
            elif each.kind == "public":
                yield _outsider(secret, each, "public", "Anybody", "critical")
            elif each.kind == "organization" and "public" not in kinds:
                text = "Every account of the organization"
                yield _outsider(secret, each, "organization", text, "high")
            elif each.kind == "inside" and not kinds.keys() & {"public", "organization"}:
                text = "Every principal of its account"
                yield _outsider(secret, each, "inside", text, _weight(secret))

    def _account(
        self, secret: Secret, outsider: Outsider, across: Sequence[Reader]
    ) -> Iterator[Result]:
        account = outsider.account_id
        if account in self._facts.engagement.trusted_accounts:
            return
        readers = [each for each in across if each.principal.account_id == account]
        seen = {"principals": shown(each.principal.arn for each in readers)}
        key = f"account/{account}"
        if account not in self._members:
            text = f"Account {account}, which is not of the organization,"
            yield _outsider(secret, outsider, key, text, "critical", seen)
            return
        environment = self._facts.ownership.environment(account).value
        if environment is None or environment != secret.environment:
            text = f"Account {account} ({environment or 'of no known environment'})"
            workload = "production" in (environment, secret.environment)
            yield _outsider(secret, outsider, key, text, "high" if workload else "medium", seen)

    def _applications_that_read(
        self, secret: Secret, readers: Iterable[Reader]
    ) -> Iterator[Result]:
        """Applications other than the secret's own; a shared secret is meant for several."""
        if secret.shared or secret.application is None:
            return
        others: dict[str, list[Reader]] = defaultdict(list)
        for reader in readers:
            principal = reader.principal
            application = self._application(principal)
            if application in (None, secret.application) or principal.arn in self._every:
                continue
            if not is_spared(self._facts, principal):
                others[str(application)].append(reader)
        sure = {
            name: own
            for name, own in others.items()
            if any(each.verdict.status <= Status.CONDITIONAL for each in own)
        }
        counts = len(others) - len(sure)
        if not sure:
            if counts:
                title = (
                    f"Whether other applications can read secret {secret.name} depends on a"
                    " policy that was not read."
                )
                yield _unknown(secret, title, "applications")
            return
        title = (
            f"Secret {secret.name} of {secret.application} can be read by"
            f" {counted(len(sure), 'other application', 'other applications')}:"
            f" {listed(shown(sure))}."
        )
        seen = {
            "application": secret.application,
            "readers": shown(
                f"{name}: {each.principal.arn}" for name, own in sure.items() for each in own
            ),
        }
        yield _failed(secret, "applications", title, seen, _weight(secret))

    def _everything(self, account: str, secrets: Sequence[Secret]) -> Iterator[Result]:
        found = [
            principal
            for principal in self._of_all.get(account, ())
            if not is_spared(self._facts, principal) and self._is_too_much(principal, secrets)
        ]
        if not found:
            return
        who = counted(len(found), "principal", "principals")
        title = (
            f"{who} beside the administrators can read all {len(secrets)} secrets of account"
            f" {account}."
        )
        matrix = self._facts.permissions.matrix
        spared = [p for p in self._reach.at_once(account) if matrix.profile(p).title]
        seen = {
            "principals": shown(subject(self._facts, p).label for p in found),
            "administrators": len(spared),
        }
        severity: Severity = "high" if secrets[0].environment == "production" else "medium"
        more: dict[str, Any] = {"facts": seen, "table": TABLE, "severity": severity}
        yield fail(account, key="everything", title=title, **more)

    def _is_too_much(self, principal: Principal, secrets: Iterable[Secret]) -> bool:
        """Whether a secret among them is known to be another's, or a program is nobody's.

        What people are and become is SEC.9's, where it belongs to no application.
        """
        application = self._application(principal)
        is_program = principal.kind == "user" and not is_human(self._facts, principal)
        if application is None and not (is_program or runs_a_service(principal)):
            return False
        return any(
            not secret.shared and application != secret.application
            for secret in secrets
            if application is None or secret.application is not None
        )

    def _application(self, principal: Principal) -> str | None:
        if principal.arn not in self._applications:
            self._applications[principal.arn] = application_of(self._facts, principal)
        return self._applications[principal.arn]


def _readers_of_all(
    facts: "Facts", secrets: Iterable[Secret], inside: Readers
) -> Mapping[str, list[Principal]]:
    """By account, the principals that surely read every one of its secrets, if it has several."""
    count: dict[str, int] = defaultdict(int)
    reads: dict[str, int] = defaultdict(int)
    for secret in secrets:
        count[secret.account_id] += 1
        for reader in inside.get(secret.arn, ()):
            if reader.verdict.status <= Status.CONDITIONAL:
                reads[reader.principal.arn] += 1
    found: dict[str, list[Principal]] = defaultdict(list)
    for arn, number in sorted(reads.items()):
        principal = facts.permissions.estate.principals[arn]
        if 1 < count[principal.account_id] == number:
            found[principal.account_id].append(principal)
    return found


def is_spared(facts: "Facts", principal: Principal) -> bool:
    """Whether other checks judge what a principal can do."""
    roles = facts.engagement.roles
    return (
        bool(facts.permissions.matrix.profile(principal).title)
        or is_left_alone(facts, principal)
        or is_break_glass(facts, principal)
        or roles.is_deployment(principal.name, principal.path)
    )


def _weight(secret: Secret) -> Severity:
    return "high" if secret.environment == "production" else "medium"


def _outsider(
    secret: Secret,
    outsider: Outsider,
    key: str,
    who: str,
    severity: Severity,
    facts: Mapping[str, Any] | None = None,
) -> Result:
    """What letting an outsider in means: a key or a condition may still keep most of them out."""
    status = outsider.verdict.status
    seen = {**(facts or {}), "let_in": shown(outsider.names), "status": status.name.lower()}
    if status is Status.POSSIBLE:
        title = f"{who} may be able to read secret {secret.name}: {needs_text(outsider.verdict)}."
        return _unknown(secret, f"{title[:-1]} was not read.", key)
    if status is Status.BLOCKED:
        stopped = listed(sorted(outsider.verdict.blocked_by))
        title = f"{who} may read secret {secret.name} by its policy; {stopped} keeps them out."
        return _failed(secret, key, title, seen, "medium")
    needs = f" (under conditions on {needs_text(outsider.verdict)})"
    if status is Status.OPEN:
        return _failed(secret, key, f"{who} can read secret {secret.name}.", seen, severity)
    lighter: Severity = "high" if severity == "critical" else severity
    return _failed(secret, key, f"{who} can read secret {secret.name}{needs}.", seen, lighter)


def _failed(
    secret: Secret, key: str, title: str, facts: Mapping[str, Any], severity: Severity
) -> Result:
    more: dict[str, Any] = {"facts": facts, "severity": severity, "table": TABLE}
    return fail(*secret.place, key=key, title=title, application=secret.application, **more)


def _unknown(secret: Secret, title: str, key: str) -> Result:
    account, arn, region = secret.place
    return unknown(account, title, arn, region, key=key, table=TABLE)


def _unread(facts: "Facts", account: str) -> Iterator[Result]:
    """Principals of which a policy was not read, once for the account."""
    permissions = facts.permissions
    found = [
        principal
        for principal in permissions.estate.by_account.get(account, ())
        if permissions.matrix.profile(principal).unread_identity
    ]
    if found:
        who = counted(len(found), "principal was", "principals were")
        title = f"A policy of {who} not read: it may allow reading secrets of account {account}."
        seen = {"principals": shown(principal.arn for principal in found)}
        yield unknown(account, title, key="policies", facts=seen, table="iam_policies")
