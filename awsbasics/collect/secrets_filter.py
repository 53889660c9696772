"""Takes literals that may be secrets out of a template, before anything is written.

Kept are the shape (keys, types, references, conditions) and the literals that checks read:
everything in resources that are policies, roles, security groups, networks, keys or secrets;
policies, tags, names, types and ARNs in all others. Dropped, wherever they are: literals under
names of credentials, values of environment variables, user data and inline code, defaults of
`NoEcho` parameters, and what has the form of a key, a token or a URL with a password. A
dropped literal is replaced by `DROPPED`, so that a check can still see that there was one.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

DROPPED = "[dropped]"

_CREDENTIAL = re.compile(
    r"passw(?:or)?d|pwd|passphrase|secret|token|api[-_.]?key|access[-_.]?key|credential"
    r"|private[-_.]?key|connection[-_.]?string",
    re.IGNORECASE,
)
_ONLY_A_POINTER = re.compile(
    r"(?:(?:^|[_.-])(?i:(?:name|arn|id)s?)|(?<=[a-z0-9])(?:Name|Arn|ARN|Id|ID)s?|Length|Type)$",
    re.ASCII,
)
_LOOKS_SECRET = re.compile(
    r"-----BEGIN|\bA(?:K|S)IA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}"
    r"|\bglpat-[\w-]{16,}|\bxox[abeoprs]-|\bsk_live_\w{8,}|\beyJ[\w-]{8,}\.eyJ"
    r"|://[^/\s:@${}]*:[^/\s@${}]+@",
)
_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:[^{}]+\}\}$")
_SUB_VARIABLE = re.compile(r"\$\{[^!{}][^{}]*\}")
_IDENTIFIER = re.compile(r"[\w.-]+$", re.ASCII)  # unlike a condition key, such as oidc.example:aud

_REFERENCES = frozenset({"Ref", "Fn::GetAtt", "Fn::ImportValue", "Fn::FindInMap"})
_KEPT_WHOLE = (
    "AWS::CloudTrail::",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::EC2::PrefixList",
    "AWS::EC2::FlowLog",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::Route",
    "AWS::EC2::NetworkAcl",
    "AWS::IAM::",
    "AWS::IdentityStore::",
    "AWS::KMS::",
    "AWS::Lambda::Permission",
    "AWS::Organizations::",
    "AWS::RAM::",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SSO::",
    "AWS::SecretsManager::",
)
_NEVER_KEPT = frozenset(
    {
        "buildspec",
        "command",
        "defaultarguments",
        "definitionstring",
        "dockerlabels",
        "entrypoint",
        "environment",
        "environmentvariables",
        "inlinecode",
        "optionsettings",
        "runtimeenvironmentvariables",
        "stagevariables",
        "userdata",
        "variables",
        "zipfile",
    }
)
_NAMING_KEY = re.compile(
    r"(?:Name|Arn|ARN|Id|Type|Types|Runtime|Engine|Protocol|Scheme|Mode|State|Status|Effect)s?$"
)
_POLICY_KEY = re.compile(r"(?:Policy|Policies|PolicyDocument|Statements?|Tags)$")
_RESOURCE_ATTRIBUTES = frozenset(
    {"Type", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"}
)
_LABELS = ("Key", "Name", "OptionName", "ParameterKey")


def is_credential_name(name: str) -> bool:
    """Whether a name says that its value is a credential, and not where to find one."""
    return bool(
        _IDENTIFIER.match(name) and _CREDENTIAL.search(name) and not _ONLY_A_POINTER.search(name)
    )


def filter_template(template: Mapping[str, Any]) -> dict[str, Any]:
    """A template without literals that may be secrets; see this module's docstring."""
    kept = dict.fromkeys(("AWSTemplateFormatVersion", "Description", "Transform"), _kept)
    sections: Mapping[str, Callable[[Any], Any]] = {
        **kept,
        "Parameters": _each(_parameter),
        "Mappings": _kept,
        "Conditions": _each(lambda _, condition: _kept(condition)),
        "Rules": _each(lambda _, rule: _kept(rule)),
        "Resources": _each(lambda _, resource: _resource(resource)),
        "Outputs": _each(_output),
    }
    return {name: sections.get(name, _sparse)(section) for name, section in template.items()}


def _each(function: Callable[[str, Any], Any]) -> Callable[[Any], Any]:
    """A function over a section whose keys are names that a person chose."""

    def over(section: Any) -> Any:
        if not isinstance(section, Mapping):
            return _bare(section)
        return {name: function(str(name), part) for name, part in section.items()}

    return over


def _parameter(name: str, parameter: Any) -> Any:
    if not isinstance(parameter, Mapping):
        return _bare(parameter)
    hidden = is_credential_name(name) or str(parameter.get("NoEcho", "")).lower() == "true"
    dropped = ("Default", "AllowedValues") if hidden else ()
    return {key: _bare(part) if key in dropped else _kept(part) for key, part in parameter.items()}


def _output(name: str, output: Any) -> Any:
    if not isinstance(output, Mapping):
        return _bare(output)
    hidden = is_credential_name(name)
    return {
        key: _bare(part) if hidden and key == "Value" else _kept(part)
        for key, part in output.items()
    }


def _resource(resource: Any) -> Any:
    if not isinstance(resource, Mapping):
        return _bare(resource)
    whole = str(resource.get("Type", "")).startswith(_KEPT_WHOLE)
    how = dict.fromkeys(_RESOURCE_ATTRIBUTES, _kept) | {"Properties": _kept if whole else _sparse}
    return {key: how.get(key, _bare)(part) for key, part in resource.items()}


def _kept(value: Any) -> Any:
    """A value with its literals, but for those that have the name or the form of a secret."""
    if isinstance(value, Mapping):
        hidden = {"Value"} if _labels_credential(value) else set()
        return {
            key: _bare(part) if key in hidden or is_closed(str(key)) else _kept(part)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_kept(part) for part in value]
    return DROPPED if looks_secret(value) else value


def _sparse(value: Any, key: str = "") -> Any:
    """A value with only those literals that name a thing or say what kind it is."""
    if is_closed(key):
        return _bare(value)
    names_something = bool(_NAMING_KEY.search(key))
    if _POLICY_KEY.search(key) or (names_something and _is_intrinsic(value)) or _is_arn(value):
        return _kept(value)
    if _is_intrinsic(value):
        return _bare(value)
    if isinstance(value, Mapping):
        return {name: _sparse(part, str(name)) for name, part in value.items()}
    if isinstance(value, list):
        return [_sparse(part, key) for part in value]
    return _kept(value) if names_something or not isinstance(value, str) else _bare(value)


def _bare(value: Any) -> Any:
    """A value without literals: keys, references and ARNs stay."""
    if isinstance(value, Mapping):
        if _is_intrinsic(value):
            return {name: _bare_intrinsic(name, part) for name, part in value.items()}
        label = _LABELS if "Value" in value or "ValueFrom" in value else ()
        return {name: _kept(part) if name in label else _bare(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_bare(part) for part in value]
    if value is None or isinstance(value, bool):
        return value
    pointer = isinstance(value, str) and _DYNAMIC_REFERENCE.match(value)
    return value if pointer or (_is_arn(value) and not looks_secret(value)) else DROPPED


def _bare_intrinsic(name: str, part: Any) -> Any:
    if name in _REFERENCES:
        return _kept(part)
    if name == "Fn::If" and isinstance(part, list):
        return [*part[:1], *(_bare(choice) for choice in part[1:])]
    if name == "Fn::Sub" and isinstance(part, list):
        return [*(_variables(text) for text in part[:1]), *(_bare(more) for more in part[1:])]
    return _variables(part) if name == "Fn::Sub" else _bare(part)


def _variables(text: Any) -> str:
    """The variables of a `Fn::Sub`, without the text between them."""
    return "".join(_SUB_VARIABLE.findall(str(text))) or DROPPED


def _is_intrinsic(value: Any) -> bool:
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    name = str(next(iter(value)))
    return name in _REFERENCES or name.startswith("Fn::")


def _is_arn(value: Any) -> bool:
    text = value if isinstance(value, str) else _first_text(value)
    return text.startswith("arn:") and " " not in text


def _first_text(value: Any) -> str:
    """The text that `Fn::Sub` or `Fn::Join` begins with; empty for everything else."""
    if not _is_intrinsic(value):
        return ""
    match dict(value):
        case {"Fn::Sub": str(text) | [str(text), *_]} | {"Fn::Join": [_, [str(text), *_]]}:
            return text
    return ""


def _labels_credential(value: Mapping[str, Any]) -> bool:
    return any(is_credential_name(str(value.get(label, ""))) for label in _LABELS)


def is_closed(key: str) -> bool:
    """Whether all literals under a key are dropped."""
    free_text = key.lower() in _NEVER_KEPT or key.startswith("AWS::CloudFormation::")
    return free_text or is_credential_name(key)


def looks_secret(value: Any) -> bool:
    """Whether a text has the form of a key, a token or a URL with a password."""
    return isinstance(value, str) and _has_sign(value) and bool(_LOOKS_SECRET.search(value))


def _has_sign(text: str) -> bool:
    """Whether the pattern could match: several times as fast as to try it."""
    return (
        "gh" in text
        or "://" in text
        or "AKIA" in text
        or "ASIA" in text
        or "eyJ" in text
        or "xox" in text
        or "-----BEGIN" in text
        or "github_pat_" in text
        or "glpat-" in text
        or "sk_live_" in text
    )
