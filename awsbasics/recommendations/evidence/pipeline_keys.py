"""DEP.6: pipelines sign in by federation, not with access keys."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from awsbasics.engagement.model import Humans
from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.access_keys import active_keys
from awsbasics.recommendations.evidence.deployers import can_deploy
from awsbasics.recommendations.evidence.principals import iam_was_read, is_human
from awsbasics.recommendations.evidence.rows import counted, from_json, rows, text_of

if TYPE_CHECKING:
    from awsbasics.facts import Facts

KEYS, BUILDS = "iam_access_keys", "codebuild_projects"
NONE = "No pipeline that signs in from outside is seen."
# What AWS's tools read long-lived keys from (AWS SDKs and Tools reference guide).
_KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def pipeline_keys(facts: "Facts") -> Iterator[Result]:
    """DEP.6: one result per program with keys that can deploy, and per build that is handed keys.

    Deployment roles that a provider's tokens open pass. The engagement file says which users are
    people, whose keys are ENG.6's; where it says nothing, those without a password are none.
    """
    found = [*_users(facts), *_federated(facts), *_builds(facts)]
    yield from found or [not_applicable(facts.home_account_id, NONE)]


def _users(facts: "Facts") -> Iterator[Result]:
    estate = facts.permissions.estate
    for arn, keys in active_keys(facts).items():
        user = estate.principals.get(arn)
        if user is None or not _is_program(facts, user):
            continue
        if can_deploy(facts, user):
            many = counted(len(keys), "active access key", "active access keys")
            title = f"User {user.name} is a program that can deploy, with {many}."
            seen = {"keys": [{"created": text_of(k.created), "last_used": text_of(k.last_used)}
                             for k in keys]}  # fmt: skip
            yield fail(user.account_id, arn, key="keys", title=title, facts=seen, table=KEYS)
        elif facts.permissions.matrix.profile(user).unread_identity and iam_was_read(
            estate, user.account_id
        ):
            title = f"A policy of user {user.name} was not read: it may deploy with its keys."
            yield unknown(user.account_id, title, arn, key="policies", table=KEYS)


def _is_program(facts: "Facts", user: Principal) -> bool:
    if not is_human(facts, user):
        return True
    says_nothing = facts.engagement.humans == Humans()
    return says_nothing and facts.permissions.estate.passwords.get(user.arn) is False


def _federated(facts: "Facts") -> Iterator[Result]:
    """The deployment roles that take tokens of an OpenID Connect provider."""
    for deployer in facts.deployers:
        trust = deployer.role.trust
        if isinstance(trust, CompiledPolicy) and any(
            ":oidc-provider/" in named.id
            for rule in trust.rules
            if rule.allows
            for named in rule.source.principals
        ):
            yield ok(deployer.role.account_id, deployer.role.arn)


def _builds(facts: "Facts") -> Iterator[Result]:
    columns = ("account_id", "region", "arn", "name", "environment")
    for project in rows(facts.frame(BUILDS), *columns):
        variables = from_json(project.environment)
        known = variables if isinstance(variables, dict) else {}
        handed = [name for name in _KEY_VARIABLES if name in known]
        if handed:
            title = f"Build project {project.name} is handed long-lived keys ({handed[0]})."
            place = (project.account_id, project.arn, project.region)
            seen = {"variables": {name: known[name] for name in handed}}
            yield fail(*place, key="environment", title=title, facts=seen, table=BUILDS)
