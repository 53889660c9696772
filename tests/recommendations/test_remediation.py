"""What the remediations tell people to type exists."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.model import OperationModel

from awsbasics.recommendations import CHECKS

COMMAND = re.compile(r"\baws ([a-z0-9]+) ([a-z-]+)([^`\n]*)")

# Commands and options that the AWS CLI adds to the APIs.
CLI_ONLY = {("cloudformation", "deploy"), ("configure", "sso"), ("sso", "login")}
CLI_OPTIONS = {"notification-endpoint", "query"}


def commands() -> Iterator[tuple[str, str, str, frozenset[str]]]:
    for check in CHECKS.values():
        text = check.remediation.replace("\\\n", " ")
        for service, command, rest in COMMAND.findall(text):
            options = frozenset(re.findall(r"--([a-z-]+)", rest)) - CLI_OPTIONS
            yield check.id, service, command, options


@cache
def operations(service: str) -> dict[str, OperationModel]:
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


@pytest.mark.parametrize(
    ("check", "service", "command", "options"),
    sorted(commands(), key=repr),
)
def test_commands_and_their_options_are_awss(
    check: str, service: str, command: str, options: frozenset[str]
) -> None:
    if (service, command) in CLI_ONLY:
        return
    operation = operations(service)[command]
    shape: Any = operation.input_shape
    members = shape.members if shape else {}
    given = {option.removeprefix("no-") for option in options}  # the CLI's way to say false
    assert given <= {xform_name(name, "-") for name in members}


def test_there_are_commands_to_look_at() -> None:
    assert len(list(commands())) > 50
