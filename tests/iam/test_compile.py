import gc
import json
import weakref
from typing import Any

from awsbasics.iam import CompiledPolicy, compile_policy

READ: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"},
        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"},
    ],
}


def about(policy: CompiledPolicy, action: str) -> list[int]:
    return [rule.source.index for rule, _ in policy.content.about(action)]


def test_equal_documents_share_their_content() -> None:
    one, other = compile_policy(READ, "one"), compile_policy(json.loads(json.dumps(READ)), "other")
    assert one.content is other.content
    assert (one.name, other.name) == ("one", "other")
    assert one.digest == other.digest


def test_the_order_of_keys_does_not_make_another_document() -> None:
    turned = {"Statement": READ["Statement"], "Version": READ["Version"]}
    assert compile_policy(turned).content is compile_policy(READ).content


def test_different_documents_do_not_share() -> None:
    changed = {**READ, "Version": "2008-10-17"}
    assert compile_policy(changed).content is not compile_policy(READ).content


def test_what_nobody_holds_is_forgotten() -> None:
    large = {"Statement": [{**READ["Statement"][0], "Sid": f"S{n}"} for n in range(500)]}
    content = weakref.ref(compile_policy(large).content)
    gc.collect()
    assert content() is None


def test_a_compiled_policy_stays_and_may_be_named() -> None:
    compiled = compile_policy(READ)
    assert compile_policy(compiled) is compiled
    named = compile_policy(compiled, "name")
    assert (named.name, named.content) == ("name", compiled.content)


def test_it_knows_which_statements_are_about_an_action() -> None:
    policy = compile_policy(READ)
    assert about(policy, "s3:getobject") == [0]
    assert about(policy, "ec2:runinstances") == [1]
    assert about(policy, "s3:putobject") == []
    assert about(policy, "s3:getobject") == [0]


def test_what_is_not_understood_of_an_action_may_be_about_it() -> None:
    policy = compile_policy({"Statement": {"Effect": "Deny", "Action": [None], "Resource": "*"}})
    assert about(policy, "s3:getobject") == [0]


def test_what_json_cannot_say_is_not_shared() -> None:
    strange = {"Statement": READ["Statement"], "Id": object()}
    policy = compile_policy(strange)
    assert policy.digest == ""
    assert policy.content is not compile_policy(strange).content
    assert about(policy, "s3:getobject") == [0]


def test_statements_are_in_the_documents_order() -> None:
    assert [rule.source.index for rule in compile_policy(READ).rules] == [0, 1]
    assert [rule.is_conditional for rule in compile_policy(READ).rules] == [False, False]
