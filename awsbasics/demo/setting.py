"""The fixed points of the demo: its present, its regions, its accounts."""

from datetime import UTC, datetime

DEMO_NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
"""The demo's present: assess it as of this time, and the 8-hour grant is in force."""

REGIONS = ("us-east-1", "eu-west-1")
"""The regions that the demo's accounts have switched on; all others are off."""

HOME_REGION = REGIONS[0]

ROLE = "OrganizationAccountAccessRole"
"""The role in every member account that the gather assumes."""

MANAGEMENT = "management"

ACCOUNT_IDS = {
    MANAGEMENT: "123456789012",  # moto's own default account: where unknown access keys belong
    "security": "210987654321",
    "log-archive": "098765432109",
    "billing-production": "345678901234",
    "ledger-production": "567890123456",
    "test": "456789012345",
    "development": "678901234567",
    "sandbox": "000000000012",
}
"""The accounts' ids by their names. Two begin with zeros, which must survive everywhere."""

ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_ACCESS_KEY = "demo"  # noqa: S105 - moto asks for none; there is nothing to protect

CANARY = "correct-horse-battery-staple"
"""Part of every secret value in the demo: it must never appear in a snapshot or a report."""

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"
FORMULA = "=cmd|' /C calc'!A0"
BACKWARDS = "invoice-\u202egpj.exe"
"""Hostile strings, as strangers put them in names, tags and descriptions."""
