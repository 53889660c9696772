"""Application, team and environment of things: what the recommendations are about."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache

import pandas as pd

from awsbasics.engagement.model import Engagement
from awsbasics.ownership.accounts import Owner, account_frame
from awsbasics.ownership.code import terraform_tag
from awsbasics.ownership.resource_tags import ResourceTags
from awsbasics.ownership.resources import Resource, identify
from awsbasics.ownership.stacks import Stack, StackIndex
from awsbasics.ownership.tags import find_tag, read_tags
from awsbasics.patterns import MAX_TEXT


class Ownership:
    """Who owns what in one snapshot, as one engagement file reads its names.

    `frame` gives a table by name; `account_ids` are the accounts to know even where the
    organization's list was not read. Every answer is an `Owner`: the value or None, and the
    rule it comes from. Frames are read when first needed, and turned into dicts once.
    """

    def __init__(
        self,
        frame: Callable[[str], pd.DataFrame],
        engagement: Engagement,
        account_ids: Iterable[str] = (),
        management_account_id: str | None = None,
    ) -> None:
        self._frame = frame
        self._engagement = engagement
        self._account_ids = tuple(account_ids)
        self._management = management_account_id
        self._tags = ResourceTags(frame)
        self._remembered_name = lru_cache(maxsize=65536)(self._first_fit)
        applications, teams = engagement.applications, engagement.teams
        self._patterns = {
            "stack": engagement.compile(applications.stack_pattern),
            "name": engagement.compile(applications.name_pattern),
            "secret": engagement.compile((*engagement.secret_names, *applications.name_pattern)),
            "group": engagement.compile(teams.group_pattern),
            "permission_set": engagement.compile(teams.permission_set_pattern),
        }

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """account_id, name, ou_path, environment, rule, is_management, status; sorted by id."""
        return account_frame(
            self._frame("organizations_accounts"),
            self._engagement.environments,
            self._account_ids,
            self._management,
        )

    def environment(self, account_id: str) -> Owner:
        """The environment of an account."""
        return self._environments.get(account_id, Owner(None, "not an account of the snapshot"))

    def stack_of(
        self, account_id: str, region: str, resource: str, tags: object = None
    ) -> str | None:
        """The name of the stack that owns a resource (ARN, id or name), or None."""
        stack = self._stack(account_id, region, resource, read_tags(tags))
        return stack.name if stack else None

    def application(
        self,
        account_id: str,
        region: str,
        resource: str,
        tags: object = None,
        name: str | None = None,
    ) -> Owner:
        """The application that a resource belongs to.

        By the stack that owns it (a nested one through its root): the stack's name, then its
        tags; then by the resource's tags; then by its name. `tags` are a mapping or JSON text;
        where they are None, those in the snapshot count. A shared secret belongs to none.
        """
        if self._is_shared(identify(resource), name):
            return Owner(None, "a shared secret")
        own_tags = self._tags_of(account_id, resource, tags)
        stack = self._stack(account_id, region, resource, own_tags)
        return (
            (self._by_stack(stack) if stack else None)
            or self._by_tags(own_tags)
            or self._by_name(identify(resource), name)
            or Owner(None, f"stack {stack.name} names no application" if stack else "no rule fits")
        )

    def managed_by(
        self,
        account_id: str,
        region: str,
        resource: str,
        tags: object = None,
    ) -> Owner:
        """The kind of code that owns a resource: `cloudformation`, `cdk`, `terraform` or None.

        CDK's stacks are those that hold a CDK metadata resource, and its bootstrap stack;
        Terraform is known by tags alone, see `terraform_tag`.
        """
        own_tags = self._tags_of(account_id, resource, tags)
        stack = self._stack(account_id, region, resource, own_tags)
        if stack:
            is_cdk = stack.is_cdk or self._stacks.root(stack).is_cdk
            return Owner("cdk" if is_cdk else "cloudformation", f"stack {stack.name}")
        key = terraform_tag(own_tags)
        return (
            Owner("terraform", f"tag {key}") if key else Owner(None, "no stack, no tag of a tool")
        )

    def team_of_group(self, name: str, path: str | None = "/") -> Owner:
        """The team of a group, by its name or, for patterns that begin with `/`, with its path."""
        by_name = self._read_name("group", name, path or "/")
        return by_name or Owner(None, "no pattern fits")

    def team_of_permission_set(self, name: str, tags: object = None) -> Owner:
        """The team of a permission set, by a tag or its name."""
        found = find_tag(read_tags(tags), self._engagement.teams.tags)
        if found:
            return Owner(found[1], f"tag {found[0]}")
        by_name = self._read_name("permission_set", name)
        return by_name or Owner(None, "no tag, and no pattern fits")

    @cached_property
    def _environments(self) -> dict[str, Owner]:
        frame = self.accounts
        values = frame["environment"].astype(object).where(frame["environment"].notna(), None)
        return dict(zip(frame["account_id"], map(Owner, values, frame["rule"]), strict=True))

    @cached_property
    def _stacks(self) -> StackIndex:
        return StackIndex(
            self._frame("cloudformation_stacks"), self._frame("cloudformation_stack_resources")
        )

    def _stack(
        self, account_id: str, region: str, resource: str, tags: Mapping[str, str]
    ) -> Stack | None:
        return self._stacks.owner(account_id, region, resource, tags)

    def _tags_of(self, account_id: str, resource: str, tags: object) -> Mapping[str, str]:
        if tags is None:
            return self._tags.of(account_id, identify(resource))
        return read_tags(tags)

    def _by_stack(self, stack: Stack) -> Owner | None:
        """By the root stack's name, then by its tags and those of the nested stack itself."""
        root = self._stacks.root(stack)
        by_name = self._read_name("stack", root.name)
        if by_name:
            return Owner(by_name.value, f"stack {root.name}")
        return self._by_tags(root.tags, root.name) or self._by_tags(stack.tags, stack.name)

    def _by_tags(self, tags: Mapping[str, str], stack: str = "") -> Owner | None:
        found = find_tag(tags, self._engagement.applications.tags)
        if not found:
            return None
        where = f" of stack {stack}" if stack else ""
        return Owner(_application_name(found[1]), f"tag {found[0]}{where}")

    def _by_name(self, thing: Resource, name: str | None) -> Owner | None:
        kind = "secret" if thing.service == "secretsmanager" else "name"
        return self._read_name(kind, thing.name if name is None else name)

    def _is_shared(self, thing: Resource, name: str | None) -> bool:
        own = thing.name if name is None else name
        return thing.service == "secretsmanager" and self._engagement.is_shared_secret(own)

    def _read_name(self, kind: str, name: str, path: str = "/") -> Owner | None:
        """The application or team that a name speaks of, by the first pattern that it fits."""
        too_long = len(path) + len(name) > MAX_TEXT
        return None if too_long else self._remembered_name(kind, name, path)

    def _first_fit(self, kind: str, name: str, path: str) -> Owner | None:
        wanted = "team" if kind in ("group", "permission_set") else "application"
        for pattern in self._patterns[kind]:
            values = pattern.match(path + name if pattern.text.startswith("/") else name)
            if values is not None:
                return Owner(values[wanted], f"name fits {pattern.text}")
        return None


def _application_name(value: str) -> str:
    """A tag's value; of the ARN that `awsApplication` holds, the application's name.

    Source: the Resource Groups API reference, `Group`: `…:group/<name>/<id>` for applications,
    where older ones have no id. Of any other ARN it is the last part.
    """
    if not value.startswith("arn:"):
        return value
    thing = identify(value)
    parts = [part for part in thing.id.split("/") if part] or [value]
    return parts[0] if thing.kind == "group" else parts[-1]
