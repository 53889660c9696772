"""Which operations the overlay answers itself, and which of moto's outputs it mends."""

from awsbasics.demo import answers_identity as identity
from awsbasics.demo import answers_more as more
from awsbasics.demo import answers_workload as workload
from awsbasics.demo.overlay import Answer, Key, Mend

ANSWERS: dict[Key, Answer] = {
    **more.ANSWERS,
    **{("organizations", operation): identity.refuse_members for operation in identity.GUARDED},
    ("organizations", "ListPolicies"): identity.list_policies,
    ("organizations", "DescribeResourcePolicy"): identity.no_delegation_policy,
    ("sso-admin", "ListTagsForResource"): identity.permission_set_tags,
    ("sso-admin", "GetPermissionsBoundaryForPermissionSet"): identity.permission_set_boundary,
    ("sso-admin", "PutPermissionsBoundaryToPermissionSet"): identity.put_permission_set_boundary,
    (
        "sso-admin",
        "ListAccountsForProvisionedPermissionSet",
    ): identity.accounts_of_permission_set,
    ("sso-admin", "ListPermissionSetsProvisionedToAccount"): identity.permission_sets_of_account,
    ("kms", "GetKeyPolicy"): workload.key_policy,
    ("secretsmanager", "GetResourcePolicy"): workload.replica_policy,
    ("secretsmanager", "RotateSecret"): workload.rotate_secret,
}
"""Outputs in moto's place; an answer that gives None leaves the operation to moto."""

MENDS: dict[Key, Mend] = {
    ("iam", "GetAccountAuthorizationDetails"): identity.authorization_details,
    ("iam", "GetCredentialReport"): identity.credential_report,
    ("iam", "GetAccountSummary"): identity.account_summary,
    ("iam", "ListVirtualMFADevices"): identity.virtual_mfa_devices,
    ("sts", "GetCallerIdentity"): identity.caller_identity,
    ("organizations", "CreateOrganization"): identity.name_management_account,
    ("sso-admin", "ListInstances"): identity.identity_center_instances,
    ("ec2", "DescribeRegions"): workload.regions,
    ("ec2", "DescribeSecurityGroupRules"): workload.security_group_rules,
    ("ec2", "DescribeNetworkInterfaces"): workload.network_interfaces,
    ("ec2", "DescribeInstances"): workload.instances,
    ("cloudformation", "DescribeStacks"): workload.stacks,
    ("cloudformation", "ListStacks"): workload.stack_summaries,
    ("cloudformation", "ListStackResources"): workload.stack_resources,
    ("cloudtrail", "DescribeTrails"): workload.trails,
    ("cloudtrail", "GetTrailStatus"): workload.trail_status,
    ("cloudtrail", "GetEventSelectors"): workload.event_selectors,
    ("secretsmanager", "ListSecrets"): workload.secrets,
    ("secretsmanager", "ListSecretVersionIds"): workload.secret_versions,
}
"""Changes to moto's outputs."""
