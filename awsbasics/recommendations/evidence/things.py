"""Resources as their owners protect them: by a policy of their own, and by a key."""

from dataclasses import dataclass

from awsbasics.iam.target import Target


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A resource to reach: `key` encrypts it, None where that keeps nobody out.

    `sealed` says that AWS's own key encrypts it, which serves the resource's account alone.
    `key_context` are the condition keys of its use.
    """

    region: str
    target: Target
    key: Target | None = None
    sealed: bool = False

    @property
    def account_id(self) -> str:
        """The account that owns it."""
        return self.target.account_id or ""
