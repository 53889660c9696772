"""Effective permissions of a snapshot's principals, as frames made of what is asked for."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from awsbasics.iam.frames import Moment, estate_of, frame_of, frame_of_columns
from awsbasics.iam.matrix import Matrix, Profile
from awsbasics.iam.pause import collection_paused
from awsbasics.iam.vocabulary import Bits
from awsbasics.snapshot import Snapshot

COLUMNS = ("principal_arn", "account_id", "action", "access_level", "outcome")
ADMINISTRATOR_COLUMNS = {
    "principal_arn": "str",
    "account_id": "str",
    "outcome": "str",
    "how": "str",
}


def effective_permissions(
    snapshot: Snapshot,
    principals: Iterable[str] | None = None,
    actions: Iterable[str] | None = None,
    access_levels: Iterable[str] | None = None,
    as_of: Moment = None,
) -> pd.DataFrame:
    """What users and roles may do after boundary and SCPs; one row per principal and action.

    `principals` are ARNs, `actions` patterns (`s3:Get*`), `access_levels` IAM's (`Write`). The
    outcome is `allow` (on every resource, in every context), `depends` (on resource or
    conditions) or `unknown` (something of it was not read, or a policy of it has more actions
    than AWS stores and is too large to be settled); what is not allowed has no row.
    An action that AWS's vocabulary lacks has the level `Unknown`. Rows say what policies allow:
    what needs no permission (`sts:GetCallerIdentity`) has one only where a policy allows it.
    """
    asked = None if principals is None else set(principals)
    with collection_paused():
        matrix = Matrix(estate_of(snapshot, as_of))
        wanted = _wanted(matrix, actions, access_levels)
        found = [
            (each.arn, each.account_id, *_cells(matrix, matrix.profile(each), wanted))
            for each in matrix.estate.principals.values()
            if asked is None or each.arn in asked
        ]
    counts = [len(places) for _, _, places, _ in found]
    places = np.concatenate([each[2] for each in found]) if found else np.array([], dtype=np.intp)
    outcomes = np.concatenate([each[3] for each in found]) if found else np.array([], dtype=object)
    vocabulary = matrix.vocabulary
    values: tuple[Any, ...] = (
        np.repeat(np.array([each[0] for each in found], dtype=object), counts),
        np.repeat(np.array([each[1] for each in found], dtype=object), counts),
        vocabulary.names[places],
        vocabulary.levels[places],
        outcomes,
    )
    return frame_of_columns(dict(zip(COLUMNS, values, strict=True)))


def administrators(snapshot: Snapshot, as_of: Moment = None) -> pd.DataFrame:
    """Who is an administrator, or may be.

    One who is allowed every action on every resource by identity policies and boundary, or every
    permissions-management action of IAM on every resource after all layers. `outcome` is
    `allow`, `depends` (if conditions hold) or `unknown` (not all was read). `how`: `wildcard`,
    `not_action` or `sum` (of several statements) for every action, else `iam`.
    """
    with collection_paused():
        rows = [
            (principal.arn, principal.account_id, *standing)
            for principal, profile in Matrix(estate_of(snapshot, as_of)).profiles()
            if (standing := _standing(profile))
        ]
    return frame_of(rows, ADMINISTRATOR_COLUMNS)


def _standing(profile: Profile) -> tuple[str, str] | None:
    if profile.title:
        return "allow", profile.title
    if not profile.perhaps:
        return None
    return ("unknown" if profile.is_unread else "depends"), ""


def _wanted(
    matrix: Matrix, actions: Iterable[str] | None, access_levels: Iterable[str] | None
) -> Bits:
    vocabulary = matrix.vocabulary
    row = vocabulary.everything
    if actions is not None:
        row = row & vocabulary.row([actions] if isinstance(actions, str) else actions)
    if access_levels is not None:
        levels = [access_levels] if isinstance(access_levels, str) else access_levels
        row = row & vocabulary.of_levels(levels)
    return row


def _cells(matrix: Matrix, profile: Profile, wanted: Bits) -> tuple[Any, Any]:
    places = matrix.vocabulary.places(profile.possible & wanted)
    if profile.is_unread:
        return places, np.full(len(places), "unknown", dtype=object)
    definite = np.unpackbits(profile.definite, count=len(matrix.vocabulary))[places]
    return places, np.where(definite, "allow", "depends").astype(object)
