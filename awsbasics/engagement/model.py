"""What an engagement file holds, as frozen values; every default is here.

Mappings are read-only. Patterns for names (`roles`, `humans`, `shared_secrets`, `dmz_vpcs`,
`allow`, an exception's `match`) take `*`, `?` and `[...]` and are case-sensitive, as AWS's names
are; one that begins with `/` is compared with path and name together. The keys that end in
`_pattern`, and `secret_names`, take placeholders: see `awsbasics.patterns`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from types import MappingProxyType

from awsbasics.patterns import Pattern, compile_pattern, first_match

ENVIRONMENTS = (
    "production",
    "test",
    "development",
    "sandbox",
    "security",
    "infrastructure",
    "management",
)
# Those that names of stacks and roles speak of; "management" or "security" at the end of a name
# more often says what the thing is for.
NAMED_ENVIRONMENTS = ("production", "test", "development", "sandbox")
MATCH_PARTS = ("account", "resource", "region", "key")
ACCESS_LEVELS = ("none", "read", "write", "administer")
DONT_KNOW = "dont_know"
RATINGS = ("met", "partly_met", "not_met", "not_assessed", "not_applicable")

DEFAULT_PHASES: Mapping[str, str] = MappingProxyType(
    {
        "dev": "development",
        "development": "development",
        "test": "test",
        "testing": "test",
        "qa": "test",
        "uat": "test",
        "stage": "test",
        "staging": "test",
        "prod": "production",
        "production": "production",
        "sandbox": "sandbox",
    }
)

DEFAULT_EXPECTED_ACCESS: Mapping[str, str] = MappingProxyType(
    {"development": "write", "test": "read", "production": "read"}
)

# Names as AWS gives them: the Control Tower user guide ("How AWS Control Tower works with
# roles"), the CloudFormation user guide (self-managed and service-managed StackSets), and the
# CDK's bootstrap template.
PROVISIONING_ROLES = (
    "AWSControlTower*",
    "aws-controltower-*",
    "AWSCloudFormationStackSetAdministrationRole",
    "AWSCloudFormationStackSetExecutionRole",
    "stacksets-exec-*",
    "cdk-*-cfn-exec-role-*",
    "cdk-*-deploy-role-*",
    "cdk-*-file-publishing-role-*",
    "cdk-*-image-publishing-role-*",
    "cdk-*-lookup-role-*",
)

# The limits that the checks name, beside their sources: CIS and AWS Foundational Security Best
# Practices ask for 90 days for unused credentials, access keys (IAM.3) and secrets
# (SecretsManager.4), CIS for passwords of 14 characters, none of the last 24; the others are this
# kit's own.
DEFAULT_THRESHOLDS: Mapping[str, float] = MappingProxyType(
    {
        "unused_days": 90,
        "access_key_age_days": 90,
        "secret_age_days": 90,
        "sandbox_age_days": 7,
        "elevation_hours": 12,
        "break_glass_hours": 1,
        "session_hours": 12,
        "developer_rule_days": 30,
        "organization_administrators": 5,
        "password_length": 14,
        "password_reuse": 24,
    }
)


def fits(patterns: Iterable[str], name: str, path: str = "/") -> bool:
    """Whether a name (or, for patterns that begin with `/`, path and name) fits any pattern."""
    return any(
        fnmatchcase(path + name if pattern.startswith("/") else name, pattern)
        for pattern in patterns
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    """How the report looks: a logo beside the engagement file, a colour `#rrggbb`."""

    logo: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which accounts and regions the engagement is about; None for all."""

    accounts: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentRule:
    """One rule that gives accounts an environment; exactly one of the four selectors is set.

    `ou` is an OU's path below the root, wildcards allowed, and takes in all OUs below it;
    `account` an id; `name` a pattern for the account's name; `tag` a tag's key, whose value
    must fit the pattern `value` (default `*`: any).
    """

    environment: str
    ou: str | None = None
    account: str | None = None
    name: str | None = None
    tag: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        if self.tag is not None:
            return f"tag {self.tag}={self.value or '*'}"
        kind = next(kind for kind in ("ou", "account", "name") if getattr(self, kind) is not None)
        return f"{kind} {getattr(self, kind)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applications:
    """How to tell an application: tag keys (in any case), patterns of stack and of other names."""

    tags: tuple[str, ...] = ("application", "app", "awsApplication")
    stack_pattern: tuple[str, ...] = ("{application}-{environment}",)
    name_pattern: tuple[str, ...] = ("{application}-{environment}", "{application}-{environment}-*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """How to tell a team, and which applications each team maintains."""

    tags: tuple[str, ...] = ("team",)
    group_pattern: tuple[str, ...] = ("team-{team}",)
    permission_set_pattern: tuple[str, ...] = ("team-{team}",)
    maintain: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Role names with a special task: deployment, emergencies, provisioning of accounts."""

    deployment: tuple[str, ...] = ("*-deploy", "*-deployment")
    break_glass: tuple[str, ...] = ("break-glass*", "breakglass*", "BreakGlass*")
    provisioning: tuple[str, ...] = PROVISIONING_ROLES

    def is_deployment(self, name: str, path: str = "/") -> bool:
        """Whether it deploys applications."""
        return fits(self.deployment, name, path)

    def is_break_glass(self, name: str, path: str = "/") -> bool:
        """Whether it is the emergency access."""
        return fits(self.break_glass, name, path)

    def is_provisioning(self, name: str, path: str = "/") -> bool:
        """Whether Control Tower, StackSets, CDK or the like own it: exempt from most checks."""
        return fits(self.provisioning, name, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Humans:
    """Which IAM users are people."""

    users: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()

    def includes(self, name: str, path: str = "/") -> bool:
        """Whether an IAM user is a person's."""
        return fits(self.users, name, path) and not fits(self.exclude, name, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allow:
    """What is accepted by rule: resources (ARN or id patterns) in the management account."""

    management_account: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a check's question: the id of a choice, or `dont_know`."""

    choice: str
    note: str = ""
    evidence: str = ""
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The assessor's note on a recommendation."""

    text: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A rating by the assessor, shown beside the evidence's."""

    rating: str
    reason: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRule:
    """Findings of one check that someone accepts until a date; `line` is where it is written.

    `match` has a pattern for one or more of `account`, `resource`, `region` and `key`; what it
    leaves out takes in all.
    """

    check: str
    match: Mapping[str, str] = field(hash=False)
    reason: str
    owner: str
    expires: date
    approved_by: str = ""
    line: int = 0

    def matches(
        self, check: str, account_id: str, resource: str = "", region: str = "", key: str = ""
    ) -> bool:
        """Whether it takes in a finding, expired or not."""
        if check != self.check:
            return False
        place = {"account": account_id, "resource": resource, "region": region, "key": key}
        return all(_same(pattern, place[part]) for part, pattern in self.match.items())

    def expired(self, as_of: date | datetime) -> bool:
        """Whether its last day, in UTC, is over."""
        if isinstance(as_of, datetime):
            as_of = (as_of if as_of.tzinfo is None else as_of.astimezone(UTC)).date()
        return as_of > self.expires


def _same(pattern: str, value: str) -> bool:
    """Equal comes first: a resource pasted from a report may hold `[`."""
    return pattern in ("*", value) or fnmatchcase(value, pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """An engagement file's content; `Engagement()` is the file that says nothing.

    There are no default rules for `environments`: an account that none fits is a finding.
    `phases` maps words in names to environments and, where given, replaces the default words.
    """

    client: str = ""
    assessor: str = ""
    confidentiality: str = ""
    branding: Branding = Branding()
    scope: Scope = Scope()
    environments: tuple[EnvironmentRule, ...] = ()
    phases: Mapping[str, str] = field(default_factory=lambda: DEFAULT_PHASES)
    applications: Applications = Applications()
    teams: Teams = Teams()
    roles: Roles = Roles()
    humans: Humans = Humans()
    secret_names: tuple[str, ...] = ("{phase}/{application}/{item}",)
    shared_secrets: tuple[str, ...] = ()
    expected_access: Mapping[str, str] = field(default_factory=lambda: DEFAULT_EXPECTED_ACCESS)
    trusted_accounts: tuple[str, ...] = ()
    vpn_ranges: tuple[str, ...] = ()
    dmz_vpcs: tuple[str, ...] = ("*dmz*", "*DMZ*")
    allow: Allow = Allow()
    thresholds: Mapping[str, float] = field(default_factory=lambda: DEFAULT_THRESHOLDS)
    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    notes: Mapping[str, Note] = field(default_factory=lambda: MappingProxyType({}))
    overrides: Mapping[str, Override] = field(default_factory=lambda: MappingProxyType({}))
    exceptions: tuple[ExceptionRule, ...] = ()

    def environment_of(self, word: str) -> str | None:
        """The environment that a word in a name stands for: `prod` → `production`."""
        folded = word.casefold()
        phases = {phase.casefold(): environment for phase, environment in self.phases.items()}
        return phases.get(folded) or (folded if folded in NAMED_ENVIRONMENTS else None)

    def compile(self, patterns: Iterable[str]) -> tuple[Pattern, ...]:
        """Patterns with this file's words for `{environment}` and `{phase}`."""
        phases = tuple(self.phases)
        words = (*phases, *NAMED_ENVIRONMENTS)
        return tuple(compile_pattern(text, words, phases) for text in patterns)

    def secret_name(self, name: str) -> dict[str, str] | None:
        """The parts of a secret's name (`phase`, `application`, `item`); None if no format fits."""
        found = first_match(self.compile(self.secret_names), name)
        return found[1] if found else None

    def is_dmz(self, vpc_id: str, name: str) -> bool:
        """Whether a VPC is where the Internet may come in, by its id or its `Name` tag."""
        return fits(self.dmz_vpcs, vpc_id) or fits(self.dmz_vpcs, name)

    def is_shared_secret(self, name: str) -> bool:
        """Whether a secret is declared as shared between applications."""
        return fits(self.shared_secrets, name)
