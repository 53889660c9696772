"""What a gather brought, in a few lines for a terminal."""

from awsbasics.coverage import READ
from awsbasics.snapshot import Snapshot


def summary(snapshot: Snapshot) -> str:
    """Accounts, regions, rows and calls; and what was not read, by status."""
    coverage = snapshot.coverage
    accounts = len(snapshot.gathered_accounts)
    regions = len(snapshot.manifest["regions"])
    rows, calls = int(coverage["rows"].sum()), int(coverage["calls"].sum())
    counts = {"account": accounts, "region": regions, "row": rows, "call": calls}
    scope = ", ".join(f"{n} {what}{'' if n == 1 else 's'}" for what, n in counts.items())
    lines = [f"{snapshot.store.location}: {scope}"]
    missing = coverage[~coverage["status"].isin(READ)]
    for status, count in missing["status"].value_counts().items():
        some = missing[missing["status"] == status].iloc[0]
        reason = some["error_message"] or some["error_code"]
        lines.append(
            f"  {count} × {status}, e.g. {some['table']} in {some['account_id']}: {reason}"
        )
    return "\n".join(lines)
