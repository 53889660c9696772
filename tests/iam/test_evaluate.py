"""What holds of every decision, whatever the policies; single cases are in the golden set."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from awsbasics.iam import UNKNOWN, Decision, Request, compile_policy, evaluate
from tests.iam.random_policies import LEAN, THOROUGH, USER, Scenario, scenarios

DENIED = {"explicit_deny", "implicit_deny"}
REQUEST = Request(USER, "s3:GetObject", "arn:aws:s3:::data/x")
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def policy(*items: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(items)}


def completed(case: Scenario) -> Request:
    """The request with a value, or the word that it is absent, for every key."""
    return replace(case.request, context={**case.context, **case.request.context})


def rank(decision: Decision) -> int:
    """Denied, open, allowed."""
    return {"explicit_deny": 0, "implicit_deny": 0, "depends": 1, "allow": 2}[decision.outcome]


def summary(decision: Decision) -> tuple[str, str, frozenset[str]]:
    return decision.outcome, decision.layer, frozenset(decision.missing_keys)


@given(scenarios())
@THOROUGH
def test_whatever_the_missing_keys_are_the_decision_allowed_for_it(case: Scenario) -> None:
    before = evaluate(case.request, **case.layers)
    after = evaluate(completed(case), **case.layers, unknown_keys="absent")
    if before.outcome == "allow":
        assert after.outcome == "allow"
    elif before.outcome != "depends":
        assert after.outcome in DENIED
        assert before.outcome == "implicit_deny" or after.outcome == "explicit_deny"


@given(scenarios())
@LEAN
def test_what_depends_only_on_keys_is_settled_by_them(case: Scenario) -> None:
    decision = evaluate(completed(case), **case.layers)
    assert decision.outcome != "depends"
    assert decision == evaluate(completed(case), **case.layers, unknown_keys="absent")


@given(scenarios())
@LEAN
def test_only_an_open_decision_names_keys_and_has_an_expression(case: Scenario) -> None:
    decision = evaluate(case.request, **case.layers)
    is_open = decision.outcome == "depends"
    assert bool(decision.missing_keys) is is_open
    assert (decision.expression is not None) is is_open
    assert list(decision.missing_keys) == sorted(decision.missing_keys)
    assert not set(decision.missing_keys) & set(case.request.context)


@given(scenarios())
@LEAN
def test_one_more_deny_never_allows_more(case: Scenario) -> None:
    deny = policy({**case.statement, "Effect": "Deny"})
    before = rank(evaluate(case.request, **case.layers))
    for layer in {"identity", "boundary", "session"} & set(case.layers):
        more = {**case.layers, layer: [*case.layers[layer], deny]}
        assert rank(evaluate(case.request, **more)) <= before


@given(scenarios())
@LEAN
def test_one_more_allow_never_allows_less(case: Scenario) -> None:
    allow = policy({**case.statement, "Effect": "Allow"})
    more = {**case.layers, "identity": [*case.layers["identity"], allow]}
    assert rank(evaluate(case.request, **more)) >= rank(evaluate(case.request, **case.layers))


@given(scenarios())
@LEAN
def test_one_more_layer_never_allows_more(case: Scenario) -> None:
    before = rank(evaluate(case.request, **case.layers))
    guarded = {**case.layers, "scps": [*case.layers.get("scps", []), [case.policy]]}
    assert rank(evaluate(case.request, **guarded)) <= before
    bounded: dict[str, Any] = {"boundary": [case.policy], **case.layers}
    assert rank(evaluate(case.request, **bounded)) <= before


@given(scenarios())
@LEAN
def test_the_order_of_policies_statements_and_values_does_not_matter(case: Scenario) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            items = [(key, shuffled(item)) for key, item in value.items()]
            return dict(case.random.sample(items, len(items)))
        if isinstance(value, list):
            return case.random.sample([shuffled(item) for item in value], len(value))
        return value

    again: dict[str, Any] = {
        layer: [shuffled(level) for level in content] if layer == "scps" else shuffled(content)
        for layer, content in case.layers.items()
    }
    after = evaluate(case.request, **again)
    assert summary(after) == summary(evaluate(case.request, **case.layers))


@given(scenarios())
@LEAN
def test_a_list_of_one_is_its_element(case: Scenario) -> None:
    def unwrapped(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: unwrapped(item) for key, item in value.items()}
        if isinstance(value, list) and len(value) == 1:
            return unwrapped(value[0])
        return [unwrapped(item) for item in value] if isinstance(value, list) else value

    def rewritten(value: Any) -> Any:
        """The layers' own lists stay, those in documents are unwrapped."""
        return [rewritten(each) for each in value] if isinstance(value, list) else unwrapped(value)

    again = {layer: rewritten(content) for layer, content in case.layers.items()}
    after = evaluate(case.request, **again)
    assert summary(after) == summary(evaluate(case.request, **case.layers))


@given(scenarios())
@LEAN
def test_compiled_policies_are_documents(case: Scenario) -> None:
    def compiled(value: Any) -> Any:
        return [compiled(v) for v in value] if isinstance(value, list) else compile_policy(value)

    again = {layer: compiled(content) for layer, content in case.layers.items()}
    assert evaluate(case.request, **again) == evaluate(case.request, **case.layers)


@given(scenarios())
@LEAN
def test_a_layer_that_was_not_read_allows_for_any_that_it_may_be(case: Scenario) -> None:
    actual = evaluate(case.request, **case.layers)
    for layer in case.layers:
        unread = evaluate(case.request, **{**case.layers, layer: UNKNOWN})
        if unread.outcome == "allow":
            assert actual.outcome == "allow"
        elif unread.outcome != "depends":
            assert actual.outcome in DENIED


@given(scenarios())
@LEAN
def test_every_decision_says_why_in_a_sentence(case: Scenario) -> None:
    reason = evaluate(case.request, **case.layers).reason
    assert reason[0].isupper()
    assert reason.endswith(".")
    assert "\n" not in reason


@pytest.mark.parametrize("layer", ["identity", "boundary", "session", "scps"])
def test_a_layer_may_be_given_without_its_list(layer: str) -> None:
    given_layers: dict[str, Any] = {"identity": [policy(ALL)]}
    given_layers[layer] = [policy(ALL)] if layer == "scps" else policy(ALL)
    assert evaluate(REQUEST, **given_layers).outcome == "allow"


def test_statements_say_where_they_stand() -> None:
    named = compile_policy(policy(ALL, {**ALL, "Effect": "Deny", "Sid": "No"}), name="guard")
    decision = evaluate(REQUEST, identity=[policy(ALL)], scps=[[policy(ALL)], [named]])
    (found,) = decision.statements
    assert (found.layer, found.policy, found.sid, found.index) == ("scp", "guard", "No", 1)
    assert decision.reason == "Denied by statement 1 (No) of the SCP guard."


def test_a_policy_without_a_name_is_called_by_its_number() -> None:
    deny = policy({**ALL, "Effect": "Deny"})
    in_scps = evaluate(REQUEST, identity=[policy(ALL)], scps=[[policy(ALL)], [policy(ALL), deny]])
    assert [each.policy for each in in_scps.statements] == ["2.2"]
    in_identity = evaluate(REQUEST, identity=[policy(ALL), deny])
    assert [each.policy for each in in_identity.statements] == ["2"]


def test_the_expression_is_the_condition_under_which_it_is_allowed() -> None:
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    decision = evaluate(
        REQUEST,
        identity=[policy(ALL, {**ALL, "Effect": "Deny", "Condition": condition})],
    )
    assert str(decision.expression) == "not StringEquals aws:RequestedRegion eu-west-1"
    assert decision.reason == "Depends on aws:RequestedRegion."
