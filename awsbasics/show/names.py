"""Names that a reader knows for ids: accounts as `payments-prod (111122223333)`."""

from collections import defaultdict

from awsbasics.facts import Facts
from awsbasics.recommendations.evidence.rows import rows


class _Names(defaultdict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


def account_names(facts: Facts) -> defaultdict[str, str]:
    """The name and id of every account by id; an id that is not known stays as it is."""
    names = _Names()
    for row in rows(facts.frame("organizations_accounts"), "id", "name"):
        if row.name:
            names[row.id] = f"{row.name} ({row.id})"
    return names


def short_account_names(facts: Facts) -> defaultdict[str, str]:
    """The name of every account by id, for figures; its id where it has none of its own."""
    pairs = [
        (row.id, row.name) for row in rows(facts.frame("organizations_accounts"), "id", "name")
    ]
    counts: dict[str, int] = {}
    for _, name in pairs:
        counts[name] = counts.get(name, 0) + 1
    names = _Names()
    names.update({id_: name for id_, name in pairs if name and counts[name] == 1})
    return names
