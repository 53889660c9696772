"""All checks as lines for a terminal."""

from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.recommendations.base import Check


def list_checks() -> str:
    """Each recommendation with its checks: id, severity, kind, title."""
    lines: list[str] = []
    for recommendation in RECOMMENDATIONS:
        lines += ["", f"{recommendation.id} {recommendation.title}"]
        lines += [
            f"  {check.id:<8} {check.severity:<9} {_kind(check):<12} {check.title}"
            for check in recommendation.checks
        ]
    return "\n".join(lines[1:])


def _kind(check: Check) -> str:
    if not check.written:
        return "not written"
    return "by facts" if check.run is not None else "by asking"
