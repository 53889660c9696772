"""The policy language and its evaluation: pure Python, no AWS."""

from awsbasics.iam.changes import PermissionChange, permission_changes
from awsbasics.iam.compile import CompiledPolicy, compile_policy
from awsbasics.iam.effective import administrators, effective_permissions
from awsbasics.iam.escalation import escalation_paths
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.explain import Decision, StatementRef
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.request import Request

__all__ = [
    "UNKNOWN",
    "CompiledPolicy",
    "Decision",
    "PermissionChange",
    "Request",
    "StatementRef",
    "administrators",
    "compile_policy",
    "effective_permissions",
    "escalation_paths",
    "evaluate",
    "permission_changes",
]
