"""What a resource is, read from its ARN or id."""

from dataclasses import dataclass
from functools import lru_cache

MAX_TEXT = 2048
_ARN_PARTS = 6

_ID_PREFIXES = {
    "sg": "security-group",
    "sgr": "security-group-rule",
    "vpc": "vpc",
    "subnet": "subnet",
    "i": "instance",
    "eni": "network-interface",
    "igw": "internet-gateway",
    "pl": "prefix-list",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource by its parts: `text` as given, `service` and `kind` in ARN words.

    `id` is the part of the ARN after its kind (with its path); `name` that without path.
    Service and kind are empty where the text does not say.
    """

    text: str
    service: str
    kind: str
    region: str
    id: str
    name: str


def identify(text: str) -> Resource:
    """The parts of an ARN (any partition), of an EC2 id, or of a plain name.

    What is longer than any ARN has no parts.
    """
    return _identify(text) if len(text) <= MAX_TEXT else Resource("", "", "", "", "", "")


@lru_cache(maxsize=65536)
def _identify(text: str) -> Resource:
    parts = text.split(":", _ARN_PARTS - 1)
    if len(parts) == _ARN_PARTS and parts[0] == "arn":
        return _from_arn(text, parts[2], parts[3], parts[5])
    kind = _ID_PREFIXES.get(text.partition("-")[0], "") if "-" in text else ""
    return Resource(text, "ec2" if kind else "", kind, "", text, "" if kind else text)


def _from_arn(text: str, service: str, region: str, rest: str) -> Resource:
    rest = rest.removesuffix(":*")
    cuts = [rest.index(mark) for mark in ":/" if mark in rest]
    cut = min(cuts, default=-1)
    has_kind = service not in ("s3", "sns", "sqs") and cut > 0
    kind, own = (rest[:cut], rest[cut + 1 :]) if has_kind else ("", rest)
    name = own.rpartition("/")[2] if service == "iam" else own
    if service == "secretsmanager":
        name = _without_suffix(own)
    return Resource(text, service, kind, region, own, name)


def _without_suffix(name: str) -> str:
    """A secret's name without the dash and six characters that AWS appends in its ARN."""
    head, dash, tail = name.rpartition("-")
    return head if dash and len(tail) == 6 and tail.isalnum() else name
