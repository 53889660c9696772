"""What a gather brought, in a few lines for a terminal."""

from collections.abc import Iterator

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
    lines = [f"{snapshot.store.location}: {scope}", *_organization(snapshot)]
    missing = coverage[~coverage["status"].isin(READ)]
    for status, count in missing["status"].value_counts().items():
        some = missing[missing["status"] == status].iloc[0]
        reason = some["error_message"] or some["error_code"]
        lines.append(
            f"  {count} × {status}, e.g. {some['table']} in {some['account_id']}: {reason}"
        )
    return "\n".join(lines)


def _organization(snapshot: Snapshot) -> Iterator[str]:
    """Where the organization was not read in its management account: from where, or that not."""
    management = snapshot.management_account_id
    asked = snapshot.manifest.get("organization_read_from")
    if management is None or asked == management:
        return
    if asked:
        yield f"  the organization of {management} was read from its member {asked}"
        return
    home = snapshot.caller_account_id
    yield (
        f"  the organization of {management} was not read: account {home}, gathered alone, may "
        "not list it; use the management or a delegated administrator account"
    )
