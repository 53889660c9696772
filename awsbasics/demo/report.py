"""The demo from end to end: build the organization, gather it, assess it, write its report."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from awsbasics.collect import collect
from awsbasics.demo.environment import demo_environment, demo_session
from awsbasics.demo.organization import ENGAGEMENT, build_organization
from awsbasics.demo.server import demo_server
from awsbasics.demo.setting import ACCOUNT_IDS, DEMO_NOW, MANAGEMENT, ROLE
from awsbasics.errors import UsageError
from awsbasics.progress import Progress
from awsbasics.run import RunResult, write_report


def run_demo(output: Path, progress: Callable[[str], Progress]) -> RunResult:
    """Write `snapshot/`, `engagement.yml` and `report/` into a folder.

    An earlier demo in it is replaced; UsageError where the folder holds something else.
    """
    _make_room(output)
    with demo_server() as endpoint_url, demo_environment(endpoint_url):
        build_organization(endpoint_url)
        collect(
            output / "snapshot",
            session=demo_session(),
            role=ROLE,
            progress=progress("gather"),
        )
    engagement = output / "engagement.yml"
    shutil.copyfile(ENGAGEMENT, engagement)
    return write_report(
        output / "snapshot",
        output / "report",
        engagement=engagement,
        as_of=DEMO_NOW.isoformat(),
        progress=progress("notebooks"),
    )


def _make_room(output: Path) -> None:
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    if not _is_demo(output):
        raise UsageError(f"{output} is not empty and no earlier demo; give another folder")
    for folder in ("snapshot", "report"):
        shutil.rmtree(output / folder, ignore_errors=True)


def _is_demo(output: Path) -> bool:
    """Whether all there is are the demo's own files, its snapshot of the demo's account."""
    if not output.is_dir():
        return False
    if {path.name for path in output.iterdir()} - {"snapshot", "engagement.yml", "report"}:
        return False
    try:
        manifest = json.loads((output / "snapshot/manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return not (output / "report").exists()  # an interrupted demo
    caller = manifest.get("caller", {}) if isinstance(manifest, dict) else {}
    return caller.get("account_id") == ACCOUNT_IDS[MANAGEMENT]
