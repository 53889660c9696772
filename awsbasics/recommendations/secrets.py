"""R12: Secrets Manager under a policy: names, updates and reuse."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.ownership.tags import read_tags
from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    Severity,
    ask,
    fail,
    ok,
    unknown,
)
from awsbasics.recommendations.evidence import kept_elsewhere, secret_makers
from awsbasics.recommendations.evidence.people_and_secrets import people_who_read
from awsbasics.recommendations.evidence.principals import CENTER_TABLES, GUARD_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.rows import rows, text_of, texts_in
from awsbasics.recommendations.evidence.secret_copies import one_secret_per_credential
from awsbasics.recommendations.evidence.secret_readers import meant_readers
from awsbasics.recommendations.evidence.secrets_policy import Against, answers_hold
from awsbasics.recommendations.remediation.secrets import (
    COPIES_FIX,
    ELSEWHERE_FIX,
    MAKERS_FIX,
    NAMES_FIX,
    PEOPLE_FIX,
    PHASES_FIX,
    POLICY_FIX,
    READERS_FIX,
    RENEWAL_FIX,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "secretsmanager_secrets"
COLUMNS = (
    "account_id",
    "region",
    "arn",
    "name",
    "rotation_enabled",
    "last_rotated",
    "last_changed",
    "created",
    "deleted",
    "primary_region",
    "owning_service",
    "tags",
)
VERSIONS = "secretsmanager_secret_versions"
STACK_TABLES = ("cloudformation_stacks", "cloudformation_stack_resources")
OWNER_TAGS = frozenset({"owner", "team", "contact"})


def names(facts: "Facts") -> Iterator[Result]:
    """SEC.2: each secret's name follows the format, or is declared as shared."""
    formats = facts.engagement.secret_names
    for secret in _secrets(facts):
        place = (secret.account_id, secret.arn, secret.region)
        parts = facts.engagement.secret_name(secret.name)
        if parts is not None or facts.engagement.is_shared_secret(secret.name):
            yield ok(*place)
            continue
        title = f"The name of secret {secret.name} does not follow the format."
        yield fail(*place, title=title, facts={"formats": list(formats)}, table=TABLE)


def phases(facts: "Facts") -> Iterator[Result]:
    """SEC.3: the phase in a secret's name fits the environment of its account."""
    phased = frozenset(facts.engagement.phases.values())
    unclassified: set[str] = set()
    for secret in _secrets(facts):
        parts = facts.engagement.secret_name(secret.name) or {}
        named = facts.engagement.environment_of(parts.get("phase", ""))
        environment = facts.ownership.environment(secret.account_id).value
        if named is None:
            continue  # SEC.2 says what is wrong with the name
        if environment is None:
            unclassified.add(secret.account_id)
        elif environment in phased:
            yield _phase_result(secret, parts["phase"], named, environment)
    for account_id in sorted(unclassified):
        title = f"Which environment is account {account_id}? Its secrets name phases."
        yield ask(account_id, title, key="environment", table=TABLE)


def owned_and_renewed(facts: "Facts") -> Iterator[Result]:
    """SEC.4: each secret has a known owner, and its value is rotated or young."""
    values = _values(facts)
    for secret in _secrets(facts):
        place = (secret.account_id, secret.arn, secret.region)
        if _has_owner(facts, secret):
            yield ok(*place)
        else:
            title = f"Nobody is known to own secret {secret.name}."
            seen = {"tags": dict(read_tags(secret.tags))}
            yield fail(*place, key="owner", title=title, facts=seen, table=TABLE)
        yield _renewal(facts, secret, values.get(secret.arn))


def policy_holds(facts: "Facts") -> Iterator[Result]:
    """SEC.1: the answers about names, updates and reuse, compared with the secrets."""
    return answers_hold(facts, "SEC.1", POLICY.parts, AGAINST)


def _secrets(facts: "Facts") -> Iterator[Any]:
    """Secrets that people answer for: not a service's own, not a replica, not being deleted."""
    for secret in rows(facts.frame(TABLE), *COLUMNS):
        replica = secret.primary_region not in (None, secret.region)
        if secret.owning_service is None and secret.deleted is None and not replica:
            yield secret


def _phase_result(secret: Any, phase: str, named: str, environment: str) -> Result:
    place = (secret.account_id, secret.arn, secret.region)
    if named == environment:
        return ok(*place)
    severity: Severity = "high" if "production" in (named, environment) else "medium"
    title = f"Secret {secret.name} is for {named} but lies in a {environment} account."
    seen = {"phase": phase, "phase_means": named, "environment": environment}
    return fail(*place, title=title, facts=seen, table=TABLE, severity=severity)


def _has_owner(facts: "Facts", secret: Any) -> bool:
    tags = read_tags(secret.tags)
    if any(key.casefold() in OWNER_TAGS and value for key, value in tags.items()):
        return True
    place = (secret.account_id, secret.region, secret.arn)
    owner = facts.ownership.application(*place, tags=tags, name=secret.name)
    return owner.value is not None


def _values(facts: "Facts") -> dict[str, Any]:
    """When each secret's current value was made, by ARN."""
    frame = facts.frame(VERSIONS)
    return {
        row.secret_arn: row.created
        for row in rows(frame, "secret_arn", "stages", "created")
        if "AWSCURRENT" in texts_in(row.stages) and row.created is not None
    }


def _renewal(facts: "Facts", secret: Any, value_made: Any) -> Result:
    """Rotation is on, or the value is young, or it is old, or its age cannot be told.

    The current version was made with its value. Where no version was read, the value is as old
    as the last rotation or the creation, unless somebody put a new one. That moves
    `last_changed`, but so does an edit of a tag: it can show that a value is old (nothing
    changed since), never that it is young.
    """
    place = (secret.account_id, secret.arn, secret.region)
    days = facts.engagement.thresholds["secret_age_days"]
    limit = facts.as_of - pd.Timedelta(days=days)
    known = (value_made,) if value_made is not None else (secret.last_rotated, secret.created)
    renewed = max(filter(None, known), default=None)
    if secret.rotation_enabled or (renewed is not None and renewed >= limit):
        return ok(*place)
    seen = {
        "rotation_enabled": bool(secret.rotation_enabled),
        "created": text_of(secret.created),
        "last_rotated": text_of(secret.last_rotated),
        "last_changed": text_of(secret.last_changed),
        "value_made": text_of(value_made),
        "limit_days": days,
    }
    changed = secret.last_changed is not None and secret.last_changed >= limit
    if value_made is None and (renewed is None or changed):
        title = (
            f"Secret {secret.name} was changed in the last {days:g} days, but whether its value"
            " was is not known: the dates of versions were not read."
        )
        account, resource, region = place
        return unknown(account, title, resource, region, key="rotation", facts=seen, table=TABLE)
    title = f"Secret {secret.name} is not rotated, and its value is older than {days:g} days."
    return fail(*place, key="rotation", title=title, facts=seen, table=TABLE)


POLICY = Question(
    "Is there a policy for secrets?",
    (
        Choice("complete", "Yes: it settles names, updates and reuse", "pass"),
        Choice("partly", "It settles some of them", "fail"),
        Choice("none", "No", "fail"),
    ),
    parts=(
        Question(
            "Is the format of secret names laid down?",
            (
                Choice("written", "Yes, in writing", "pass"),
                Choice("habit", "There is a habit", "fail"),
                Choice("none", "No", "fail"),
            ),
            id="names",
        ),
        Question(
            "Whose responsibility is it to update secrets?",
            (
                Choice("automated", "They are updated automatically", "pass"),
                Choice("owner_by_hand", "Their owners', by hand", "pass"),
                Choice("nobody", "Nobody's", "fail"),
            ),
            id="updates",
        ),
        Question(
            "How is one credential used by several applications?",
            (
                Choice("copied", "It is copied to a secret of each application", "info"),
                Choice("shared", "The applications share one secret", "pass"),
                Choice("no_rule", "There is no rule", "fail"),
            ),
            id="reuse",
        ),
    ),
)

# What SEC.2, SEC.4 and SEC.5 find speaks against an answer.
AGAINST = {
    "names.written": Against(names, frozenset({""}), "have names of another format"),
    "updates.automated": Against(
        owned_and_renewed, frozenset({"rotation"}), "are old and not rotated"
    ),
    "updates.owner_by_hand": Against(
        owned_and_renewed, frozenset({"owner", "rotation"}), "have no owner, or an old value"
    ),
    "reuse.shared": Against(
        one_secret_per_credential, frozenset({"copy"}), "are likely copies of others"
    ),
    "reuse.copied": Against(
        one_secret_per_credential, frozenset({"readers"}), "are read by several applications"
    ),
}

IN_SOURCE = Question(
    "What keeps secrets out of source code?",
    (
        Choice("blocked", "A push that holds one is blocked", "pass"),
        Choice("scanned", "Repositories are scanned", "pass"),
        Choice("not_prevented", "Nothing", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R12",
    prefix="SEC",
    slug="secrets",
    title="Use Secrets Manager under a policy",
    summary=(
        "Settle how secrets are named, who updates them, and how they are reused: best one"
        " secret for each credential, made by the application's stack."
    ),
    checks=(
        Check(
            id="SEC.1",
            title="A policy settles names, updates and reuse of secrets, and they follow it",
            severity="medium",
            question=POLICY,
            tables=(TABLE, VERSIONS, "kms_keys", *IAM_TABLES, *GUARD_TABLES, *STACK_TABLES),
            absence=STACK_TABLES,
            run=policy_holds,
            remediation=POLICY_FIX,
        ),
        Check(
            id="SEC.2",
            title="Names of secrets follow the format",
            severity="low",
            tables=(TABLE,),
            absence=(),
            run=names,
            remediation=NAMES_FIX,
        ),
        Check(
            id="SEC.3",
            title="The phase in a secret's name fits its account",
            severity="high",
            tables=(TABLE,),
            absence=(),
            run=phases,
            remediation=PHASES_FIX,
        ),
        Check(
            id="SEC.4",
            title="Secrets have an owner, and are rotated or young",
            severity="medium",
            tables=(TABLE, VERSIONS, "cloudformation_stack_resources"),
            absence=("cloudformation_stack_resources",),
            run=owned_and_renewed,
            remediation=RENEWAL_FIX,
        ),
        Check(
            id="SEC.5",
            title="Each credential is one secret, read by one application",
            severity="medium",
            tables=(TABLE, "kms_keys", *IAM_TABLES, *GUARD_TABLES, *STACK_TABLES),
            absence=(),
            run=one_secret_per_credential,
            remediation=COPIES_FIX,
        ),
        Check(
            id="SEC.6",
            title="Secrets come from a stack, or stacks refer to them",
            severity="medium",
            tables=secret_makers.TABLES,
            absence=secret_makers.TABLES[1:],
            run=secret_makers.made_by_code,
            remediation=MAKERS_FIX,
        ),
        Check(
            id="SEC.7",
            title="Only those meant to can read a secret",
            severity="critical",
            tables=(TABLE, "kms_keys", *IAM_TABLES, *GUARD_TABLES, *STACK_TABLES),
            absence=("organizations_accounts",),
            run=meant_readers,
            remediation=READERS_FIX,
        ),
        Check(
            id="SEC.8",
            title="No secret is unused, or kept elsewhere",
            severity="high",
            tables=kept_elsewhere.TABLES,
            absence=(),
            run=kept_elsewhere.kept_elsewhere,
            remediation=ELSEWHERE_FIX,
        ),
        Check(
            id="SEC.9",
            title="People read production secrets by elevation only",
            severity="high",
            tables=(TABLE, "kms_keys", *IAM_TABLES, *GUARD_TABLES, *CENTER_TABLES),
            absence=(),
            run=people_who_read,
            remediation=PEOPLE_FIX,
        ),
        Check(
            id="SEC.A",
            title="Secrets stay out of source code",
            severity="medium",
            question=IN_SOURCE,
            remediation=(
                "1. Block secrets at push (GitHub push protection, GitLab secret push "
                "protection, or gitleaks as a hook that the server runs).\n"
                "To verify: push a made-up key to a test repository; it must be refused."
            ),
        ),
    ),
)
