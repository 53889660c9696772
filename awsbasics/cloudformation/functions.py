"""CloudFormation's intrinsic functions; what one cannot tell is open."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_network
from itertools import islice
from typing import TYPE_CHECKING, Any

from awsbasics.cloudformation.values import (
    Either,
    Open,
    as_text,
    is_known,
    joined,
    open_text,
)

if TYPE_CHECKING:
    from awsbasics.cloudformation.resolve import Resolver

Function = Callable[["Resolver", Any], Any]

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
DEFAULT_BITS = 8
MOST_BLOCKS = 256


def _ref(resolver: "Resolver", name: Any) -> Any:
    return resolver.names.ref(name) if isinstance(name, str) else open_text("Ref")


def _get_att(resolver: "Resolver", argument: Any) -> Any:
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) != 2:
        return open_text("Fn::GetAtt")
    resource, attribute = (resolver.value(part) for part in parts)
    if isinstance(resource, str) and isinstance(attribute, str):
        return resolver.names.attribute(resource, attribute)
    return open_text(f"{resource}.{attribute}")


def _sub(resolver: "Resolver", argument: Any) -> Any:
    text, given = argument, {}
    if isinstance(argument, list) and len(argument) == 2:
        text, given = argument
    if not isinstance(text, str) or not isinstance(given, dict):
        return open_text("Fn::Sub")
    known = {name: resolver.value(value) for name, value in given.items()}
    return joined(_substituted(resolver, text, known))


def _substituted(resolver: "Resolver", text: str, known: Mapping[str, Any]) -> Iterator[Any]:
    end = 0
    for found in _VARIABLE.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        name = found[1].strip()
        if name.startswith("!"):
            yield f"${{{name[1:]}}}"  # written so that IAM, or a shell, gets it
        elif name in known:
            yield known[name]
        else:
            yield _get_att(resolver, name) if "." in name else _ref(resolver, name)
    yield text[end:]


def _join(resolver: "Resolver", argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) != 2:
        return open_text("Fn::Join")
    between, items = argument[0], resolver.value(argument[1])
    if not isinstance(between, str) or not isinstance(items, list):
        return open_text(f"Fn::Join of {items}" if isinstance(items, Open) else "Fn::Join")
    parts = [part for item in items for part in (between, item)]
    return joined(parts[1:])


def _split(resolver: "Resolver", argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) != 2:
        return open_text("Fn::Split")
    between, text = argument[0], resolver.value(argument[1])
    if isinstance(between, str) and between and isinstance(text, str):
        return text.split(between)
    return open_text(f"Fn::Split of {text}" if isinstance(text, Open) else "Fn::Split")


def _select(resolver: "Resolver", argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) != 2:
        return open_text("Fn::Select")
    place, items = (resolver.value(part) for part in argument)
    if isinstance(items, list) and as_text(place).isdecimal() and int(place) < len(items):
        return items[int(place)]
    return open_text(f"Fn::Select {place} of {items}" if isinstance(items, Open) else "Fn::Select")


def _find_in_map(resolver: "Resolver", argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        return open_text("Fn::FindInMap")
    keys = [resolver.value(key) for key in argument[:3]]
    found: Any = resolver.mappings
    for key in keys:
        name = as_text(key) if not isinstance(key, Open | Either | dict | list) else None
        found = found.get(name) if isinstance(found, dict) and name is not None else None
    if found is not None:
        return resolver.value(found)
    default = argument[3].get("DefaultValue") if len(argument) > 3 else None
    if default is not None and is_known(keys):
        return resolver.value(default)
    return open_text("Fn::FindInMap " + ".".join(map(str, keys)))


def _if(resolver: "Resolver", argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) != 3:
        return open_text("Fn::If")
    name, then, otherwise = argument
    holds = resolver.conditions.of(name) if isinstance(name, str) else None
    if holds is not None:
        return resolver.value(then if holds else otherwise)
    return Either(str(name), (resolver.value(then), resolver.value(otherwise)))


def _import_value(resolver: "Resolver", argument: Any) -> Any:
    name = resolver.value(argument)
    exports = resolver.context.exports
    return exports[name] if isinstance(name, str) and name in exports else open_text(f"{name}")


def _base64(resolver: "Resolver", argument: Any) -> Any:
    text = resolver.value(argument)
    if isinstance(text, str):
        return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    return open_text("Fn::Base64")


def _cidr(resolver: "Resolver", argument: Any) -> Any:
    parts = resolver.value(argument)
    try:
        block, count, bits = map(as_text, (*parts, DEFAULT_BITS)[:3])
        network = ip_network(block)
        size = network.max_prefixlen - int(bits)
        blocks = [str(subnet) for subnet in islice(network.subnets(new_prefix=size), MOST_BLOCKS)]
        wanted = int(count)
        return blocks[:wanted] if 0 < wanted <= len(blocks) else open_text("Fn::Cidr")
    except (TypeError, ValueError):
        return open_text("Fn::Cidr")


def _length(resolver: "Resolver", argument: Any) -> Any:
    items = resolver.value(argument)
    return len(items) if isinstance(items, list) else open_text("Fn::Length")


def _to_json(resolver: "Resolver", argument: Any) -> Any:
    value = resolver.value(argument)
    return json.dumps(value) if is_known(value) else open_text("Fn::ToJsonString")


def _zones(resolver: "Resolver", argument: Any) -> Any:
    return open_text(f"Fn::GetAZs {resolver.value(argument)}")


def _macro(resolver: "Resolver", argument: Any) -> Any:
    name = argument.get("Name", "") if isinstance(argument, dict) else argument
    return open_text(f"Fn::Transform {resolver.value(name)}")


FUNCTIONS: Mapping[str, Function] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _zones,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json,
    "Fn::Transform": _macro,
}
