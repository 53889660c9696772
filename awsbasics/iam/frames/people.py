"""People in Identity Center, and the roles that they sign in to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from awsbasics.iam.estate import Person, Principal, SignIn
from awsbasics.iam.frames.rows import Rows


class People:
    """The users of Identity Center: directly, or through groups, assigned to permission sets."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def all(self, principals: Iterable[Principal]) -> Iterator[Person]:
        """Each person, with the reserved roles of assignments, the person's own or a group's."""
        users = list(self._rows.of("identitystore_users", "id", "user_name", "account_id"))
        if not users:
            return
        reserved = _reserved_roles(principals)
        sets = self.permission_sets
        of_user, of_group = self._assignments()
        members = self._members()
        groups = dict(self._group_names())
        partition = str(self._rows.snapshot.manifest.get("partition", "aws"))
        for user in users:
            own = [(each, "") for each in of_user.get(user["id"], ())]
            own += [
                (each, groups.get(group, group))
                for group in members.get(user["id"], ())
                for each in of_group.get(group, ())
            ]
            sign_ins = (
                SignIn(role, sets[arn], through)
                for (arn, account), through in own
                if arn in sets
                for role in reserved.get((account, sets[arn]), ())
            )
            arn = f"arn:{partition}:identitystore:::user/{user['id']}"
            name = user["user_name"] or user["id"]
            yield Person(arn, name, user["account_id"], tuple(dict.fromkeys(sign_ins)))

    @cached_property
    def permission_sets(self) -> Mapping[str, str]:
        """The names of Identity Center's permission sets, by ARN."""
        return {
            r["arn"]: r["name"] or "" for r in self._rows.of("sso_permission_sets", "arn", "name")
        }

    def _assignments(self) -> tuple[dict[str, list[tuple[str, str]]], ...]:
        users: dict[str, list[tuple[str, str]]] = defaultdict(list)
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        columns = ("principal_type", "principal_id", "permission_set_arn", "target_account_id")
        for row in self._rows.of("sso_assignments", *columns):
            found = users if row["principal_type"] == "USER" else groups
            place = (row["permission_set_arn"], row["target_account_id"])
            found[row["principal_id"]].append(place)
        return users, groups

    def _members(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows.of("identitystore_group_members", "group_id", "user_id"):
            found[row["user_id"]].append(row["group_id"])
        return found

    def _group_names(self) -> Iterator[tuple[str, str]]:
        for row in self._rows.of("identitystore_groups", "id", "display_name"):
            yield row["id"], row["display_name"] or row["id"]


def _reserved_roles(principals: Iterable[Principal]) -> Mapping[tuple[str, str], list[str]]:
    """Identity Center's roles by account and permission set: AWSReservedSSO_<set>_<16 digits>."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in principals:
        head, _, _ = each.name.rpartition("_")
        if each.kind == "role" and head.startswith("AWSReservedSSO_"):
            found[each.account_id, head.removeprefix("AWSReservedSSO_")].append(each.arn)
    return found
