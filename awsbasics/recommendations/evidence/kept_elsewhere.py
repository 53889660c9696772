"""SEC.8: secrets that nobody reads, and credentials that are kept elsewhere, by their names.

No value is in a snapshot. A name is all there is to go by, so that most of this weighs medium;
what a template writes in plain under a property for credentials weighs more.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.cloudformation.parameters import is_true
from awsbasics.cloudformation.resolve import Stack, section
from awsbasics.cloudformation.values import Open, options, walk
from awsbasics.collect.secrets_filter import DROPPED, is_credential_name
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.deployed_stacks import Deployed
from awsbasics.recommendations.evidence.rows import (
    counted,
    from_json,
    listed,
    rows,
    shown,
    text_of,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLES = (
    "secretsmanager_secrets",
    "cloudformation_stacks",
    "cloudformation_stack_resources",
    "cloudformation_templates",
    "ssm_parameters",
    "lambda_functions",
    "ecs_task_definitions",
    "codebuild_projects",
)
# Properties of CloudFormation's that hold a credential itself.
CREDENTIAL_PROPERTIES = frozenset(
    {
        "adminpassword",
        "adminuserpassword",
        "apikey",
        "authtoken",
        "clientsecret",
        "masteruserpassword",
        "oauthtoken",
        "password",
        "privatekey",
        "secretaccesskey",
        "secretkey",
        "secretstring",
        "userpassword",
    }
)
# What a name says that speaks of a credential and holds none.
_ABOUT_ONE = re.compile(
    r"(?:ur[il]|path|file|prefix|suffix|header|host|port|ttl|expir\w*|validity|timeout|interval"
    r"|enabled|disabled|policy|rotation|region|version|provider|table|bucket|queue|topic|endpoint"
    r"|issuer|audience|manager|store|count|limit|max|min|days|hours|minutes|seconds|ref|reference"
    r"|parameter|param|location|scope|algorithm|format|label|key_?id|kms_?key)s?$",
    re.IGNORECASE,
)
_OF_AWS = ("/aws/", "/cdk-bootstrap/")
_KEY_ATTRIBUTE = ".SecretAccessKey"


def kept_elsewhere(facts: "Facts") -> Iterator[Result]:
    """SEC.8: one result per secret, stack, parameter, function, task family and build."""
    yield from _unused(facts)
    frame = facts.frame("cloudformation_templates")
    bodies = {row.stack_id: row.body for row in rows(frame, "stack_id", "body")}
    for deployed, stack in facts.templates:
        yield from _of_stack(deployed, stack, from_json(bodies.get(deployed.arn)))
    yield from _parameters(facts)
    yield from _environments(facts)


def names_credential(name: str) -> bool:
    """Whether a name says that its value is a credential, not where one is or what it is like."""
    return is_credential_name(name) and not _ABOUT_ONE.search(name)


def _unused(facts: "Facts") -> Iterator[Result]:
    """Secrets made before the limit that nobody has read since."""
    days = facts.engagement.thresholds["unused_days"]
    limit = facts.as_of - pd.Timedelta(days=days)
    for secret in facts.secrets:
        if not secret.is_own:
            continue
        recent = [each for each in (secret.created, secret.last_accessed) if each is not None]
        if not recent or max(recent) >= limit:
            yield ok(*secret.place)
            continue
        seen = {
            "created": text_of(secret.created),
            "last_accessed": text_of(secret.last_accessed),
            "limit_days": days,
        }
        since = text_of(secret.last_accessed)
        when = f"was last read on {since[:10]}" if since else "was never read"
        title = f"Secret {secret.name} {when}: it may be unused."
        more: dict[str, Any] = {"facts": seen, "severity": "medium", "table": TABLES[0]}
        yield fail(*secret.place, key="unused", title=title, **more)


def _of_stack(deployed: Deployed, stack: Stack | None, body: Any) -> Iterator[Result]:
    place = (deployed.account_id, deployed.arn, deployed.region)
    if stack is None:
        title = f"The template of stack {deployed.name} was not read."
        yield unknown(place[0], title, place[1], place[2], key="template")
        return
    taken = section(body, "Parameters")
    kinds: tuple[tuple[str, list[str], str, Severity], ...] = (
        ("values", _plain_values(stack), "writes credentials in plain", "high"),
        ("keys", _secret_keys(stack), "puts secret access keys into its outputs", "high"),
        ("outputs", _outputs(stack, taken), "seems to put credentials into its outputs", "medium"),
        ("parameters", _readable(taken), "seems to take credentials without NoEcho", "medium"),
    )
    found = False
    for key, names, what, severity in kinds:
        if names:
            found = True
            title = f"The template of stack {deployed.name} {what}: {listed(shown(names))}."
            more: dict[str, Any] = {"facts": {"names": shown(names)}, "severity": severity}
            yield fail(*place, key=key, title=title, table="cloudformation_templates", **more)
    if not found:
        yield ok(*place)


def _plain_values(stack: Stack) -> list[str]:
    """Properties for credentials with a literal, as `Database.MasterUserPassword`."""
    return [
        f"{resource.logical_id}.{key}"
        for resource in stack.resources.values()
        if resource.condition is not False
        for key in _literals(dict(resource.properties))
    ]


def _literals(properties: Any) -> Iterator[str]:
    for part in walk(properties):
        for key, value in part.items() if isinstance(part, dict) else ():
            if str(key).casefold() in CREDENTIAL_PROPERTIES and DROPPED in options(value):
                yield str(key)


def _outputs(stack: Stack, taken: Mapping[str, Any]) -> list[str]:
    """Outputs whose name speaks of a credential and whose value is a literal, or a parameter's."""
    return [
        name
        for name, output in stack.outputs.items()
        if any(_may_be_credential(name, value, taken) for value in _values(output))
    ]


def _may_be_credential(name: str, value: Any, taken: Mapping[str, Any]) -> bool:
    if value == DROPPED:
        return names_credential(name)
    holes = value.holes if isinstance(value, Open) else ()
    return any(hole in taken and names_credential(hole) for hole in holes)


def _secret_keys(stack: Stack) -> list[str]:
    return [
        name
        for name, output in stack.outputs.items()
        for value in _values(output)
        if isinstance(value, Open) and any(hole.endswith(_KEY_ATTRIBUTE) for hole in value.holes)
    ]


def _values(output: Any) -> Iterator[Any]:
    if isinstance(output, dict):
        yield from options(output.get("Value"))


def _readable(taken: Mapping[str, Any]) -> list[str]:
    """Parameters with the name of a credential that everybody who sees the stack can read.

    Those of Systems Manager's types, and those whose default is a dynamic reference, refer to
    what they are for.
    """
    return [
        name
        for name, declared in taken.items()
        if isinstance(declared, dict)
        and names_credential(str(name))
        and not is_true(declared.get("NoEcho"))
        and declared.get("Type", "String") == "String"
        and not str(declared.get("Default", "")).startswith(("{{resolve:", "arn:"))
    ]


def _parameters(facts: "Facts") -> Iterator[Result]:
    frame = facts.frame("ssm_parameters")
    for row in rows(frame, "account_id", "region", "arn", "name", "type"):
        name = row.name or ""
        if row.type == "SecureString" or name.startswith(_OF_AWS):
            continue
        place = (row.account_id, row.arn or name, row.region)
        if not names_credential(name.rpartition("/")[2]):
            yield ok(*place)
            continue
        title = f"Parameter {name} has the name of a credential and is not encrypted ({row.type})."
        more: dict[str, Any] = {"severity": "medium", "table": "ssm_parameters"}
        yield fail(*place, key="parameter", title=title, facts={"type": row.type}, **more)


def _environments(facts: "Facts") -> Iterator[Result]:
    """Literals in environment variables of functions, builds and tasks."""
    for table, kind in (("lambda_functions", "Function"), ("codebuild_projects", "Build project")):
        columns = ("account_id", "region", "arn", "name", "environment")
        for row in rows(facts.frame(table), *columns):
            names = _named(from_json(row.environment))
            yield _environment((row.account_id, row.arn, row.region), kind, row.name, names, table)
    yield from _tasks(facts)


def _tasks(facts: "Facts") -> Iterator[Result]:
    """Families of task definitions, so that a finding outlives a revision.

    Those that no service runs count as well: others start them, and anybody may read them.
    """
    table = "ecs_task_definitions"
    found: dict[tuple[tuple[str, str, str], str], list[str]] = {}
    for row in rows(facts.frame(table), "account_id", "region", "arn", "family", "containers"):
        containers = from_json(row.containers)
        place = (row.account_id, row.arn.rpartition(":")[0], row.region)
        names = found.setdefault((place, row.family), [])
        for container in containers if isinstance(containers, list) else ():
            if isinstance(container, dict):
                names += _named(container.get("environment"))
    for (place, family), names in found.items():
        yield _environment(place, "Task definition", family, names, table)


def _named(environment: Any) -> list[str]:
    kinds = environment if isinstance(environment, dict) else {}
    return [name for name, kind in kinds.items() if kind == "literal" and names_credential(name)]


def _environment(
    place: tuple[str, str, str], kind: str, name: str, names: list[str], table: str
) -> Result:
    if not names:
        return ok(*place)
    variables = counted(len(set(names)), "environment variable", "environment variables")
    title = f"{kind} {name} has {variables} with the name of a credential: {listed(shown(names))}."
    more: dict[str, Any] = {"facts": {"names": shown(names)}, "severity": "medium"}
    return fail(*place, key="environment", title=title, table=table, **more)
