"""What a principal gains by each path in one hop: edges from it to others, or to power."""

from awsbasics.iam.gains.attempts import Gains
from awsbasics.iam.gains.edge import Edge

__all__ = ["Edge", "Gains"]
