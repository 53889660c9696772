"""What single services do otherwise than the rest, as far as decisions are concerned.

Sources are named at each function. Not modelled, because no policy says it: KMS grants, S3
access control lists and Block Public Access, and which account is the management account
(whoever asks leaves out the SCPs and RCPs there).
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from awsbasics.iam.logic import Atom, Truth
from awsbasics.iam.request import Caller, Kind, Request

_TRUST_ACTIONS = frozenset(
    {
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:setcontext",
        "sts:setsourceidentity",
        "sts:tagsession",
    }
)
_OWN_BUCKET_POLICY = frozenset(
    {"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"}
)


@dataclass(frozen=True, slots=True)
class ControlledServices:
    """The services whose resources RCPs control, as AWS documented them on a day."""

    as_of: str
    services: frozenset[str]
    actions_not_restricted: frozenset[str]


@cache
def controlled_services() -> ControlledServices:
    """What data/rcp_services.json says; its `source` is the page that it was taken from."""
    path = files("awsbasics") / "data" / "rcp_services.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    return ControlledServices(
        as_of=data["as_of"],
        services=frozenset(data["services"]),
        actions_not_restricted=frozenset(name.lower() for name in data["actions_not_restricted"]),
    )


def needs_no_permission(action: str) -> bool:
    """Whether everyone with credentials can do it, whatever policies say.

    Source: the STS API reference, "GetCallerIdentity": an explicit deny does not stop it.
    """
    return action == "sts:getcalleridentity"


def needs_resource_policy(action: str, resource: str) -> bool:
    """Whether the resource's policy must allow it even in the resource's own account.

    Sources: the IAM user guide, "Policy evaluation for requests within a single account" (role
    trust policies and key policies are the exceptions); the KMS developer guide, "Key policies".
    """
    if action in _TRUST_ACTIONS:
        return True
    return action.startswith("kms:") and resource.split(":", 5)[-1].startswith("key/")


def crosses_accounts_alone(action: str) -> bool:
    """Whether it needs no resource policy in another account.

    Source: the STS API reference, "AssumeRoot": the organization decides who may.
    """
    return action == "sts:assumeroot"


def is_closed_to_root(action: str) -> bool:
    """Whether an account's root user can never do it.

    Source: the STS API reference, "AssumeRole": root credentials cannot call it.
    """
    return action == "sts:assumerole"


def opens_to_owner(action: str) -> bool:
    """Whether a Deny of the resource's policy does not bind the root user of its account.

    Source: the S3 user guide, "Bucket policies": so that nobody locks himself out.
    """
    return action in _OWN_BUCKET_POLICY


def scps_bind(caller: Caller) -> Truth:
    """Whether the SCPs of its account bind a caller.

    Source: the Organizations user guide, "Service control policies": they bind users, roles and
    root users of member accounts, not service-linked roles.
    """
    if not caller.is_identity:
        return False
    return _unless_service_linked(caller)


def rcps_bind(request: Request, action: str, caller: Caller) -> Truth:
    """Whether the RCPs of the resource's account are heard on a request.

    Source: the Organizations user guide, "Resource control policies": some services only;
    not service-linked roles, nor the services that assume them.
    """
    known = controlled_services()
    assumes_service_linked = caller.kind is Kind.SERVICE and (
        ":role/aws-service-role/" in request.resource
    )
    if action in known.actions_not_restricted or assumes_service_linked:
        return False
    service = action.partition(":")[0]
    if service not in known.services:
        text = f"RCPs bind {service} (not among the services documented by {known.as_of})"
        return Atom(("rcp", service), text)
    return _unless_service_linked(caller)


def _unless_service_linked(caller: Caller) -> Truth:
    linked = caller.is_service_linked
    if linked is None:
        text = f"{caller.name} is no service-linked role (its path is not known)"
        return Atom(("service-linked", caller.id), text)
    return not linked
