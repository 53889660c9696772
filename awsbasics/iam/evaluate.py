"""Whether AWS would allow a request: all layers, in AWS's order.

Sources: the IAM user guide, "How AWS enforcement code logic evaluates requests to allow or deny
access", "Policy evaluation for requests within a single account", "Cross-account policy
evaluation logic" and "Permissions boundaries for IAM entities".

An explicit deny of any layer wins. Then each step must hold: every level of RCPs, every level
of SCPs, the resource policy where it is needed (other account, role trust, KMS keys), and the
identity policies, boundary and session policies, as far as the resource policy has not granted
the request to the caller himself.
"""

from dataclasses import replace
from typing import Literal

from awsbasics.iam.context import context_of
from awsbasics.iam.decide import Part, decide
from awsbasics.iam.explain import Decision, Layer
from awsbasics.iam.layers import (
    NO_LOOK,
    UNKNOWN,
    Document,
    Levels,
    Look,
    Policies,
    Question,
    Unknown,
    look,
)
from awsbasics.iam.logic import Atom, Truth, all_of, any_of, negate
from awsbasics.iam.principals import Grant
from awsbasics.iam.request import Kind, Request, caller_of, derived_keys, resource_account_of
from awsbasics.iam.services import (
    crosses_accounts_alone,
    is_closed_to_root,
    needs_no_permission,
    needs_resource_policy,
    opens_to_owner,
    rcps_bind,
    scps_bind,
)

_BOUNDED = frozenset({Kind.USER, Kind.ROLE, Kind.SESSION})


def evaluate(
    request: Request,
    *,
    identity: Policies = (),
    boundary: Policies | None = None,
    session: Policies | None = None,
    scps: Levels | None = None,
    rcps: Levels | None = None,
    resource_policy: Document | Unknown | None = None,
    unknown_keys: Literal["depends", "absent"] = "depends",
) -> Decision:
    """Whether AWS would allow a request, and why; never raises over what a policy holds.

    Policies are documents as AWS gives them (mappings or JSON text) or from `compile_policy`.
    `scps` are levels from the root down to the principal's account, `rcps` to the resource's.
    None: the layer does not apply. UNKNOWN, also in place of a level or a policy: not read.
    A key that the context lacks is not known, or, with "absent", not in the request.
    """
    question = _question(request, boundary, session, absent=unknown_keys == "absent")
    if question.caller.is_identity and needs_no_permission(question.action):
        return Decision("allow", "identity", note="AWS asks for no permission here")
    parts = [
        _guard("rcp", rcps, rcps_bind(request, question.action, question.caller), question),
        _guard("scp", scps, scps_bind(question.caller), question),
    ]
    resource = _resource_look(resource_policy, question)
    parts.append(_resource_part(resource, question))
    if question.caller.is_identity and question.caller.kind is not Kind.ROOT:
        granted = resource if question.is_local else NO_LOOK
        parts.append(_own("identity", identity, granted.allowed(Grant.ENTITY), question))
        if boundary is not None:
            parts.append(_own("boundary", boundary, granted.allowed(Grant.DIRECT), question))
        if session is not None:
            parts.append(_own("session", session, granted.allowed(Grant.DIRECT), question))
    decision = decide(parts)
    if decision.outcome == "implicit_deny" and _is_closed(question):
        return replace(decision, note="an account's root user cannot assume roles")
    return decision


def _question(
    request: Request, boundary: Policies | None, session: Policies | None, *, absent: bool
) -> Question:
    caller = caller_of(request)
    if session is not None and caller.kind is Kind.USER:
        caller = replace(caller, in_session=True)
    bounded: Truth = boundary is not None and caller.kind in _BOUNDED
    if bounded and boundary is UNKNOWN:
        bounded = Atom(("bounded", caller.id), f"{caller.id} has a permissions boundary")
    context = context_of(request.context, derived_keys(caller), complete=absent)
    is_local = resource_account_of(request, caller) == caller.account
    action = request.action.lower()
    return Question(action, request.resource, caller, context, is_local, bounded)


def _guard(layer: Layer, levels: Levels | None, binds: Truth, question: Question) -> Part:
    """SCPs or RCPs: every level must allow, where they bind the request at all."""
    if levels is None or binds is False:
        return Part(layer, True, False, ())
    if isinstance(levels, Unknown):
        looks = [look(layer, UNKNOWN, question)]
    else:
        looks = [
            look(layer, policies, question, level) for level, policies in enumerate(levels, start=1)
        ]
    holds = any_of((negate(binds), all_of([each.allowed() for each in looks])))
    denied = all_of((binds, any_of([each.denied() for each in looks])))
    return Part(layer, holds, denied, tuple(looks))


def _resource_look(policy: Document | Unknown | None, question: Question) -> Look:
    if policy is None:
        return NO_LOOK
    found = look("resource", (policy,), question)
    is_owner = question.caller.kind is Kind.ROOT and question.is_local
    if is_owner and opens_to_owner(question.action):
        return replace(found, denies=())
    return found


def _resource_part(found: Look, question: Question) -> Part:
    needed = not question.is_local or not question.caller.is_identity
    if needed and crosses_accounts_alone(question.action):
        needed = False
    needed = needed or needs_resource_policy(question.action, question.resource)
    holds: Truth = found.allowed() if needed else True
    if _is_closed(question):
        holds = False
    return Part("resource", holds, found.denied(), (found,), found.allowed())


def _is_closed(question: Question) -> bool:
    return question.caller.kind is Kind.ROOT and is_closed_to_root(question.action)


def _own(layer: Layer, policies: Policies, granted: Truth, question: Question) -> Part:
    """The caller's own policies: they must allow what the resource has not granted already."""
    found = look(layer, policies, question)
    allows = found.allowed()
    return Part(layer, any_of((granted, allows)), found.denied(), (found,), allows)
