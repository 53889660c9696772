"""Which events are looked up: the API finds by one name at a time, so only what checks read.

Events of services without regions are recorded in one region of the partition
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html). Names
come as in CloudTrail; where two services have one, a look-up finds the events of both.
"""

from collections.abc import Mapping

GLOBAL_EVENTS_REGION: Mapping[str, str] = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
}

IAM_POLICIES = (
    "AttachGroupPolicy",
    "AttachRolePolicy",
    "AttachUserPolicy",
    "CreatePolicy",
    "CreatePolicyVersion",
    "DeleteGroupPolicy",
    "DeletePolicy",
    "DeletePolicyVersion",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DeleteUserPermissionsBoundary",
    "DeleteUserPolicy",
    "DetachGroupPolicy",
    "DetachRolePolicy",
    "DetachUserPolicy",
    "PutGroupPolicy",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    "PutUserPermissionsBoundary",
    "PutUserPolicy",
    "SetDefaultPolicyVersion",
    "UpdateAssumeRolePolicy",
)
IAM_PRINCIPALS = (
    "AddRoleToInstanceProfile",
    "AddUserToGroup",
    "CreateAccessKey",
    "CreateLoginProfile",
    "CreateOpenIDConnectProvider",
    "CreateRole",
    "CreateSAMLProvider",
    "CreateUser",
    "DeactivateMFADevice",
    "DeleteAccessKey",
    "DeleteAccountPasswordPolicy",
    "DeleteLoginProfile",
    "DeleteRole",
    "DeleteUser",
    "EnableMFADevice",
    "RemoveRoleFromInstanceProfile",
    "RemoveUserFromGroup",
    "UpdateAccessKey",
    "UpdateAccountPasswordPolicy",
    "UpdateLoginProfile",
    "UpdateRole",
    "UpdateSAMLProvider",
)
ORGANIZATION = (
    "AcceptHandshake",
    "AttachPolicy",
    "CloseAccount",
    "CreateAccount",
    "CreateOrganizationalUnit",
    "DeleteOrganizationalUnit",
    "DeregisterDelegatedAdministrator",
    "DetachPolicy",
    "DisableAWSServiceAccess",
    "DisablePolicyType",
    "EnableAWSServiceAccess",
    "EnablePolicyType",
    "InviteAccountToOrganization",
    "LeaveOrganization",
    "MoveAccount",
    "RegisterDelegatedAdministrator",
    "RemoveAccountFromOrganization",
    "UpdatePolicy",
)
IDENTITY_CENTER = (
    "AttachCustomerManagedPolicyReferenceToPermissionSet",
    "AttachManagedPolicyToPermissionSet",
    "CreateAccountAssignment",
    "CreateGroupMembership",
    "CreatePermissionSet",
    "DeleteAccountAssignment",
    "DeleteGroupMembership",
    "DeleteInlinePolicyFromPermissionSet",
    "DeletePermissionSet",
    "DeletePermissionsBoundaryFromPermissionSet",
    "DetachCustomerManagedPolicyReferenceFromPermissionSet",
    "DetachManagedPolicyFromPermissionSet",
    "PutInlinePolicyToPermissionSet",
    "PutPermissionsBoundaryToPermissionSet",
    "UpdatePermissionSet",
)
NETWORK = (
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateSecurityGroup",
    "DeleteFlowLogs",
    "DeleteSecurityGroup",
    "ModifySecurityGroupRules",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
)
TRAILS = (
    "CreateTrail",
    "DeleteTrail",
    "PutEventSelectors",
    "StartLogging",
    "StopLogging",
    "UpdateTrail",
)
DETECTION = (
    "DeleteAlarms",
    "DeleteAnalyzer",
    "DeleteConfigurationRecorder",
    "DeleteDeliveryChannel",
    "DeleteDetector",
    "DeleteLogGroup",
    "DeleteMetricFilter",
    "DisableAlarmActions",
    "DisableRule",
    "DisableSecurityHub",
    "StopConfigurationRecorder",
    "UpdateDetector",
)
RESOURCE_POLICIES = (
    "AddPermission20150331v2",
    "DeleteBucketPolicy",
    "DeletePublicAccessBlock",
    "DeleteResourcePolicy",
    "DisableKey",
    "PutBucketPolicy",
    "PutKeyPolicy",
    "PutPublicAccessBlock",
    "PutResourcePolicy",
    "ScheduleKeyDeletion",
)
# The last of these are the most numerous: what is cut short is cut short there.
SESSIONS = (
    "ConsoleLogin",
    "SwitchRole",
    "GetFederationToken",
    "AssumeRoot",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRole",
)

GLOBAL_NAMES = (*IAM_POLICIES, *IAM_PRINCIPALS, *ORGANIZATION)
REGIONAL_NAMES = (
    *NETWORK,
    *TRAILS,
    *DETECTION,
    *RESOURCE_POLICIES,
    *IDENTITY_CENTER,
    *SESSIONS,
)
ROOT_USER_NAME = "root"
