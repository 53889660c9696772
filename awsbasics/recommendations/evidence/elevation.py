"""Whether a principal can do more than read: by the access levels of what the engine allows it."""

import re

from awsbasics.iam.estate import Principal
from awsbasics.iam.matrix import Matrix
from awsbasics.iam.vocabulary import Bits

_HEAVY = ("Write", "Permissions management")
# The vocabulary calls some reading `Write`; the names of the operations tell them apart. All of
# them are in AWS's own ReadOnlyAccess, SecurityAudit or ViewOnlyAccess.
_READS = re.compile(r"[^:]+:(Get|List|Describe|BatchGet|Search|Lookup|View|Preview|Test)[A-Z].*")
# What leads to other permissions is followed, not counted; signing in and asking AWS is no change.
_LEADING = ("sts:", "signin:", "sso-oauth:", "support:", "cloudshell:", "notifications:")
# One's own credentials: what ENG.4 asks people to manage.
_OWN = frozenset(
    {
        "iam:ChangePassword",
        "iam:CreateAccessKey",
        "iam:CreateVirtualMFADevice",
        "iam:DeactivateMFADevice",
        "iam:DeleteAccessKey",
        "iam:DeleteVirtualMFADevice",
        "iam:EnableMFADevice",
        "iam:ResyncMFADevice",
        "iam:UpdateAccessKey",
        "iam:UploadSSHPublicKey",
        "iam:DeleteSSHPublicKey",
        "s3express:CreateSession",
    }
)


def heavy_actions(matrix: Matrix) -> Bits:
    """The row of all actions that change something."""
    vocabulary = matrix.vocabulary
    return vocabulary.of_levels(_HEAVY) & vocabulary.pack(
        action.name not in _OWN
        and not action.name.startswith(_LEADING)
        and not _READS.fullmatch(action.name)
        for action in vocabulary.actions
    )


def changes(matrix: Matrix, heavy: Bits, principal: Principal) -> list[str]:
    """The actions that change something and that a principal may do somewhere."""
    profile = matrix.profile(principal)
    row = heavy & (profile.granted if profile.is_unread else profile.possible)
    return [str(matrix.vocabulary.names[place]) for place in matrix.vocabulary.places(row)]
