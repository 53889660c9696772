"""Facts of the demo that moto has no field for; the overlay's answers read them from here."""

from dataclasses import dataclass
from datetime import timedelta

from awsbasics.demo.setting import MANAGEMENT


@dataclass(frozen=True, slots=True)
class Root:
    """The root user of one account; its last use in days before now, None for never."""

    password: bool = False
    mfa: bool = False
    access_key: bool = False
    last_used: int | None = None


ROOTS = {
    MANAGEMENT: Root(password=True, mfa=True, last_used=203),
    "ledger-production": Root(password=True, access_key=True, last_used=12),
    "sandbox": Root(password=True, mfa=True),
}
"""Root users by account; the others' credentials were removed (`Root()`)."""

PASSWORD_LAST_USED = {
    "amara.okafor": 1,
    "ben.larsson": 3,
    "chloe.martin": 0,
    "diego.santos": 171,
    "erin.walsh": 9,
    "grace.kim": 2,
    "hugo.brandt": 44,
    "ines.moreau": 1,
    "olivia.reed": 6,
}
"""Days since each IAM user's last sign-in; who is not named never signed in."""

KEY_LAST_USED = {
    "diego.santos": (2, 310),
    "farid.haddad": (0, None),
    "ci-deployer": (0, None),
    "hugo.brandt": (44, None),
    "report-mailer": (None, None),
}
"""Days since the last use of each IAM user's first and second access key, None for never."""

DELIVERY_ERRORS = {"audit-trail": "AccessDenied"}
"""CloudTrail trails whose log files do not arrive, with the error that S3 gave."""

SECRET_LAST_READ = {"prod/ledger/old-gateway": None, "test/ledger/database": 140}
"""Days since each secret was last read, None for never; who is not named was read yesterday."""

ROLES_IN_DISUSE = frozenset(
    {"legacy-import", "monitoring-agent", "ledger-migration", "break-glass"},
)
"""Roles that nobody ever used; the others were used `ROLE_LAST_USED` ago or when they were made."""

ROLE_LAST_USED = timedelta(days=2)
