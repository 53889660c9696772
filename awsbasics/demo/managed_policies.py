"""AWS's managed policies in every account, read once.

moto reads its 1,500 policies anew for every account and partition, a fifth of a second each
time: ten seconds for eight accounts. Here they are read once, for the partition `aws`, and
each account gets copies of its own, because a policy counts where it is attached.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any
from unittest.mock import patch

from moto.iam.models import IAMBackend

PARTITION = "aws"


@contextmanager
def read_once() -> Iterator[None]:
    """While inside, accounts take their copies of AWS's managed policies from one reading."""
    masters: list[Any] = []
    read = IAMBackend._init_aws_policies  # noqa: SLF001 - moto offers no other way

    def copies(backend: Any) -> list[Any]:
        if backend.region_name != PARTITION:
            return []
        if not masters:
            masters.extend(read(backend))
        return [_of_account(policy, backend.account_id) for policy in masters]

    with patch.object(IAMBackend, "_init_aws_policies", copies):
        yield


def _of_account(master: Any, account_id: str) -> Any:
    policy = copy(master)
    policy.account_id = account_id
    return policy
