"""Whom AWS calls about an account (ORG.9). Telephone numbers are nobody's business here."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.table import Column, Table

SECURITY: Mapping[str, Any] = {"AlternateContactType": "SECURITY"}

TABLES = (
    Table(
        name="account_alternate_contacts",
        description="The account's security contact; no row where none is set.",
        service="account",
        operation="GetAlternateContact",
        path="AlternateContact",
        parameters=SECURITY,
        scope="account",
        absent_codes=("ResourceNotFoundException",),
        columns=(
            Column("type", "string", "AlternateContactType", "SECURITY."),
            Column("name", "string", "Name", "Name of the person or team."),
            Column("title", "string", "Title", "What they are."),
            Column("email", "string", "EmailAddress", "Where AWS writes to."),
        ),
    ),
)
