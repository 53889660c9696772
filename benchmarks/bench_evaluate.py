"""Decisions a second, with compiled policies, with documents as they are, and open ones.

Every decision goes through two identity policies, a boundary and a chain of three levels of
SCPs, as in an organization that takes guard rails seriously; actions, resources and contexts
change from one to the next.
"""

import time
from collections.abc import Callable
from itertools import islice, product
from typing import Any

from awsbasics.iam import Request, compile_policy, evaluate
from benchmarks.results import Row

DECISIONS = 20_000
ACCOUNT = "111122223333"
SERVICES = ("s3", "ec2", "iam", "lambda", "dynamodb", "logs", "kms", "sqs")
VERBS = ("Get", "List", "Describe", "Create", "Put", "Update", "Delete", "Start", "Stop", "Tag")
THINGS = ("Object", "Instances", "Role", "Function", "Item")


def run() -> list[Row]:
    """What was measured, on one core."""
    documents = layers()
    compiled = {name: _compiled(content) for name, content in documents.items()}
    known = [_request(number, known=True) for number in range(DECISIONS)]
    unknown = [_request(number, known=False) for number in range(DECISIONS)]
    large = _policy(*(_allow(f"s{number}:Get*", f"*{number}*") for number in range(2_000)))
    return [
        _rate("with compiled policies", known, compiled, "over 20,000"),
        _rate("with documents as they are", known, documents),
        _rate("open, with compiled policies", unknown, compiled),
        Row("statements compiled", 2_000 / _seconds(lambda: compile_policy(large)), "/s"),
    ]


def layers() -> dict[str, Any]:
    """The layers of every decision, as documents."""
    reader = _policy(
        _allow([f"{service}:{verb}*" for service in SERVICES for verb in VERBS[:3]], "*"),
        _allow("s3:*", ["arn:aws:s3:::team-${aws:PrincipalTag/team}/*", "arn:aws:s3:::shared/*"]),
    )
    writer = _policy(
        _allow(["ec2:*", "lambda:*"], "*", StringEquals={"aws:RequestedRegion": ["eu-west-1"]}),
        _deny(["ec2:Delete*"], "*", Bool={"aws:MultiFactorAuthPresent": "false"}),
    )
    guard = _policy(
        _deny("iam:*", "*", ArnNotLike={"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}),
        _deny("*", "*", NotIpAddress={"aws:SourceIp": ["192.0.2.0/24", "198.51.100.0/24"]}),
    )
    everything = _policy(_allow("*", "*"))
    return {
        "identity": [reader, writer],
        "boundary": [_policy(_allow([f"{service}:*" for service in SERVICES], "*"))],
        "scps": [[everything], [everything, guard], [everything]],
    }


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: Any, resource: Any, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def _deny(action: Any, resource: Any, **condition: Any) -> dict[str, Any]:
    return {**_allow(action, resource, **condition), "Effect": "Deny"}


def _request(number: int, *, known: bool) -> Request:
    actions = [f"{a}:{b}{c}" for a, b, c in product(SERVICES, VERBS, THINGS)]
    context = {
        "aws:PrincipalTag/team": f"t{number % 7}",
        "aws:RequestedRegion": "eu-west-1" if number % 3 else "us-east-1",
        "aws:MultiFactorAuthPresent": "true" if number % 5 else "false",
        "aws:SourceIp": f"192.0.2.{number % 256}",
    }
    return Request(
        principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/app-{number % 50}/session",
        action=actions[number % len(actions)],
        resource=f"arn:aws:s3:::team-t{number % 9}/report-{number}",
        context=context if known else dict(islice(context.items(), number % 3)),
    )


def _compiled(content: Any) -> Any:
    if isinstance(content, list):
        return [_compiled(each) for each in content]
    return compile_policy(content)


def _rate(what: str, requests: list[Request], content: dict[str, Any], target: str = "") -> Row:
    def decide_all() -> None:
        for request in requests:
            evaluate(request, **content)

    return Row(f"decisions {what}", len(requests) / _seconds(decide_all), "/s", target)


def _seconds(work: Callable[[], object]) -> float:
    """Processor time, so that what else runs on the machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start
