"""A page's style and script, and the policy that lets the browser run that script and nothing else.

The policy is the Content-Security-Policy of every page: nothing is fetched from anywhere,
pictures come from `data:` only, and the script is pinned by the sha256 of its bytes.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

TEMPLATE = Path(__file__).parent / "template" / "awsbasics"


@dataclass(frozen=True, slots=True)
class Assets:
    """What a page carries inside itself; both texts are emitted as they are."""

    style: Markup
    script: Markup
    policy: str


@cache
def assets() -> Assets:
    """The assets of this version of the template."""
    script = (TEMPLATE / "tables.js").read_text(encoding="utf-8")
    style = (TEMPLATE / "style.css").read_text(encoding="utf-8")
    return Assets(Markup(style), Markup(script), Markup(policy_for(script)))  # noqa: S704 - our own files


def policy_for(script: str) -> str:
    """The Content-Security-Policy that allows one inline script, by the bytes as emitted."""
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; script-src 'sha256-{digest}'"
    )
