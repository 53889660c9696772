"""Application, team and environment of things, and the code that owns them."""

from awsbasics.ownership.accounts import Owner
from awsbasics.ownership.ownership import Ownership

__all__ = ["Owner", "Ownership"]
