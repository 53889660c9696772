"""All paths that are declared, by id."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from awsbasics.iam.paths.declaration import Need, Path
from awsbasics.iam.paths.own import OWN
from awsbasics.iam.paths.published import SHAPES
from awsbasics.iam.paths.shape import ALWAYS_ON, DEFAULT_ON, Shape


@cache
def escalation_path_declarations() -> Mapping[str, Path]:
    """All paths by id: pathfinding.cloud's, then our own."""
    file = files("awsbasics") / "data" / "privilege_escalation_paths.json"
    facts = json.loads(file.read_text(encoding="utf-8"))
    found = [
        _path(
            each["id"],
            each["name"],
            SHAPES[each["id"]],
            each["required"],
            each["passed_role_trusts"],
            f"https://pathfinding.cloud/paths/{each['id']}",
        )
        for each in facts["paths"]
    ]
    found += [
        _path(f"awsbasics-{number:03}", own.name, own.shape, own.actions, (), own.source)
        for number, own in enumerate(OWN, start=1)
    ]
    return {path.id: path for path in found}


def _path(
    path_id: str,
    name: str,
    shape: Shape,
    actions: Iterable[str],
    services: Iterable[str],
    source: str,
) -> Path:
    default = DEFAULT_ON[shape.gain]
    needs = (
        Need(action, shape.on.get(action) or ALWAYS_ON.get(action) or default) for action in actions
    )
    return Path(
        id=path_id,
        name=name,
        gain=shape.gain,
        needs=tuple(needs),
        source=source,
        only=shape.only,
        services=tuple(services) or shape.services,
        table=shape.table,
        exists=shape.exists,
    )
