"""R04: users, their groups, and how they sign in."""

from collections import defaultdict

from awsbasics.assessment import Assessment
from awsbasics.facts import Facts
from awsbasics.recommendations.engineers import console_mfa
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series, counted
from awsbasics.show.evidence.common import day, table, yes_no
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

IAM = ("iam_users", "iam_groups", "iam_group_members")
REPORT = ("iam_credential_report", "iam_mfa_devices")
DIRECTORY = ("identitystore_users", "identitystore_groups", "identitystore_group_members")
PASSKEY, OTHER, NONE = "passkey or security key", "other MFA", "no MFA"
_KINDS = {"fido": PASSKEY, "none": NONE}


def console_users(assessment: Assessment) -> Bars | None:
    """IAM users with a password, per account, by their MFA."""
    users = console_mfa(assessment.facts)
    if users.empty:
        return None
    names = short_account_names(assessment.facts)
    series = (Series(PASSKEY, "good"), Series(OTHER, "first"), Series(NONE, "bad"))
    kinds = [_KINDS.get(kind, OTHER) for kind in users["mfa"]]
    return Bars(
        title="IAM users who can sign in to the console, by MFA",
        summary=f"{plural(len(kinds), 'user')}: {kinds.count(PASSKEY):,} with a passkey or "
        f"security key, {kinds.count(OTHER):,} with another kind, "
        f"{kinds.count(NONE):,} without MFA.",
        label="Account",
        series=series,
        values=counted([names[account] for account in users["account_id"]], kinds, series),
    )


def users(assessment: Assessment) -> Table:
    """IAM users with their groups and credentials."""
    facts = assessment.facts
    names, groups, mfa = short_account_names(facts), _groups_of(facts), _mfa_of(facts)
    found = []
    for user in rows(facts.frame("iam_users"), "account_id", "arn", "name"):
        kind, keys, last = mfa.get(user.arn, ("", 0, ""))
        teams = tuple(sorted(groups.get(user.arn, ())))
        found.append((user.name, names[user.account_id], teams, kind, keys, last))
    columns = (
        Column("User"),
        Column("Account"),
        Column("Groups", "list"),
        Column("Console"),
        Column("Active keys", "number"),
        Column("Password last used", "date"),
    )
    return table("IAM users", columns, found, empty="There are no IAM users.")


def directory_users(assessment: Assessment) -> Table:
    """People in IAM Identity Center with their groups."""
    facts = assessment.facts
    groups = rows(facts.frame("identitystore_groups"), "id", "display_name")
    names = {group.id: group.display_name or group.id for group in groups}
    of_user: dict[str, set[str]] = defaultdict(set)
    for row in rows(facts.frame("identitystore_group_members"), "group_id", "user_id"):
        of_user[row.user_id].add(names.get(row.group_id, row.group_id))
    people = rows(facts.frame("identitystore_users"), "id", "user_name", "display_name")
    return table(
        "People in IAM Identity Center",
        (Column("User"), Column("Name"), Column("Groups", "list")),
        ((p.user_name, p.display_name, tuple(sorted(of_user[p.id]))) for p in people),
        empty="None: Identity Center is not used, or holds nobody.",
    )


def _groups_of(facts: Facts) -> dict[str, set[str]]:
    names = {row.arn: row.name for row in rows(facts.frame("iam_groups"), "arn", "name")}
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(facts.frame("iam_group_members"), "group_arn", "user_arn"):
        found[row.user_arn].add(names.get(row.group_arn, row.group_arn))
    return found


def _mfa_of(facts: Facts) -> dict[str, tuple[str, int, str]]:
    """By ARN: how the console is entered, how many active keys, when the password was last used."""
    columns = (
        "arn",
        "password_enabled",
        "mfa_active",
        "access_key_1_active",
        "access_key_2_active",
        "password_last_used",
    )
    found = {}
    for row in rows(facts.frame("iam_credential_report"), *columns):
        console = f"MFA: {yes_no(row.mfa_active)}" if row.password_enabled else "no password"
        keys = bool(row.access_key_1_active) + bool(row.access_key_2_active)
        found[row.arn] = (console, keys, day(row.password_last_used))
    return found


EXHIBITS = Exhibits(
    figures={
        "console_users": FigureExhibit(REPORT, console_users, "No IAM user has a password."),
    },
    tables={
        "users": TableExhibit((*IAM, *REPORT), users),
        "directory_users": TableExhibit(DIRECTORY, directory_users),
    },
)
