"""Takes what may be a secret out of events' parameters and answers, before anything is written.

CloudTrail hides some values itself, but not all: the session token in the answer to AssumeRole,
environment variables in task definitions, presigned URLs. What is kept depends on the service:

- whole: services that checks read events of (policies, security groups, trails, sign-in). All
  literals stay but those that have the name or the form of a secret.
- sparse: all others. Literals stay only where they name a thing or say what kind it is.

Ids of access keys stay: they are no secret, and they tell which key, and whose session, it was.
A literal that is dropped leaves `DROPPED`, so that one can see that there was one.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal

from awsbasics.collect.secrets_filter import DROPPED, is_closed, is_credential_name, looks_secret

Keep = Callable[[Any, str], Any]
Kind = Literal["closed", "label", "labelled", "plain"]

# Who signed in as whom, and who read which secret: parameters of reads are wanted as well.
TRACED_SOURCES = frozenset(
    f"{name}.amazonaws.com" for name in ("secretsmanager", "signin", "sso", "ssm", "sts")
)
WHOLE_SOURCES = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "access-analyzer",
        "cloudtrail",
        "config",
        "ec2",
        "guardduty",
        "iam",
        "identitystore",
        "kms",
        "organizations",
        "ram",
        "s3",
        "secretsmanager",
        "securityhub",
        "signin",
        "sso",
        "sso-directory",
        "sts",
    )
)

_CLOSED = frozenset(
    {
        "assertion",
        "base32stringseed",
        "body",
        "code",
        "commands",
        "devicecode",
        "keymaterial",
        "otp",
        "parameters",
        "passcode",
        "payload",
        "pin",
        "qrcodepng",
        "samlassertion",
        "script",
        "signature",
        "x-amz-signature",
    }
)
_NAMING_KEY = re.compile(
    r"(?:Name|Arn|ARN|Id|Type|Runtime|Engine|Protocol|Scheme|Mode|State|Status|Effect|Action"
    r"|Principal|Family|Cluster|Version|Region)s?$"
)
_POLICY_KEY = re.compile(r"(?:Policy|Policies|PolicyDocument|PolicyText|Statements?|Tags)$")
_LABELS = frozenset({"key", "name", "optionname", "parameterkey"})
_LABELLED = frozenset({"value", "parametervalue"})
# As `canonical_json` does, but made once: events are many.
_ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_KEY_ID = re.compile(r"A(?:K|S)IA[A-Z0-9]{12,28}")


def kept_json(text: str, *, whole: bool) -> str:
    """The canonical JSON of an event's part without what may be a secret.

    What cannot be read (too deep, no JSON) is dropped as a whole.
    """
    try:
        value = json.loads(text)
        kept = _kept(value, "") if whole else _sparse(value, "")
        return kept if isinstance(kept, str) else _ENCODE(kept)
    except (ValueError, RecursionError):
        return DROPPED


def kept_text(text: str) -> str:
    """A message without what has the form of a secret."""
    return DROPPED if looks_secret(text) else text


def _kept(value: Any, key: str) -> Any:
    """A value with its literals, but for those that have the name or the form of a secret."""
    if isinstance(value, str):
        return _literal(value, key)
    if isinstance(value, dict):
        return _mapping(value, _kept)
    return [_kept(part, key) for part in value] if isinstance(value, list) else value


def _sparse(value: Any, key: str) -> Any:
    """A value with only those literals that name a thing or say what kind it is."""
    named = key[:1].upper() + key[1:]  # most services' keys begin small, some do not
    if _POLICY_KEY.search(named) or _NAMING_KEY.search(named):
        return _kept(value, key)
    if isinstance(value, Mapping):
        return _mapping(value, _sparse)
    if isinstance(value, list):
        return [_sparse(part, key) for part in value]
    return _bare(value) if isinstance(value, str) else value


def _mapping(value: Mapping[str, Any], keep: Keep) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, part in value.items():
        kind = _kind(name)
        drop = kind == "closed" or (kind == "labelled" and _labels_credential(value))
        kept[name] = _bare(part) if drop else keep(part, name)
    return kept


def _labels_credential(value: Mapping[str, Any]) -> bool:
    return any(_kind(name) == "label" and is_credential_name(str(value[name])) for name in value)


@lru_cache(maxsize=10_000)
def _kind(name: str) -> Kind:
    """What a key is: closed, the label of a labelled value, such a value, or nothing of it."""
    small = name.lower()
    if small in _CLOSED or is_closed(name):
        return "closed"
    return "label" if small in _LABELS else "labelled" if small in _LABELLED else "plain"


def _bare(value: Any) -> Any:
    """A value without literals: keys, labels and ARNs stay."""
    if isinstance(value, Mapping):
        labelled = any(_kind(name) == "labelled" for name in value)
        return {
            name: _kept(part, name) if labelled and _kind(name) == "label" else _bare(part)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [_bare(part) for part in value]
    if value is None or isinstance(value, bool):
        return value
    is_arn = isinstance(value, str) and value.startswith("arn:") and " " not in value
    return value if is_arn and not looks_secret(value) else DROPPED


def _literal(text: str, key: str) -> str:
    if not looks_secret(text):
        # A presigned URL has its signature, and sometimes a token, behind the question mark.
        return text.partition("?")[0] if text.startswith(("https://", "http://")) else text
    is_id = key.lower().endswith("accesskeyid") and _KEY_ID.fullmatch(text)
    return text if is_id else DROPPED
