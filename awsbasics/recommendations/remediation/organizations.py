"""What to do about the findings of R01."""

MEMBERSHIP_FIX = """\
1. Sign in to the account that shall pay and govern. Keep it free of workloads.
2. Create the organization with all features, then invite or create the other accounts:
    aws organizations create-organization --feature-set ALL
3. Where an organization has consolidated billing only, enable all features in the console under
AWS Organizations, Settings, "Begin process to enable all features". Every member must accept.
To verify:
    aws organizations describe-organization --query Organization.FeatureSet
The answer is "ALL"."""

OUS_FIX = """\
1. Draw a few OUs by purpose, for example Security, Infrastructure, Workloads/Prod,
Workloads/Test, Workloads/Dev and Sandbox. Policies attach to OUs, so group what needs the same.
2. Create them and move each account:
    aws organizations create-organizational-unit --parent-id ROOT_OR_OU --name Workloads
    aws organizations move-account --account-id ACCOUNT --source-parent-id ROOT \\
        --destination-parent-id OU
3. Before a move, read which policies the OU attaches: they bind the account at once.
To verify: `aws organizations list-accounts-for-parent --parent-id ROOT` lists the management
account only."""

POLICY_TYPES_FIX = """\
1. In the management account, enable service control policies. Nothing changes for anybody yet:
AWS attaches FullAWSAccess everywhere.
    aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY --root-id ROOT
2. Consider the other types too, above all RESOURCE_CONTROL_POLICY.
To verify:
    aws organizations list-roots --query "Roots[].PolicyTypes"
SERVICE_CONTROL_POLICY is there with the status ENABLED."""

TRAIL_FIX = """\
1. Let CloudTrail work for the organization, in the management account:
    aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com
2. Make the bucket and the KMS key in the log archive account, with a bucket policy that lets only
cloudtrail.amazonaws.com write, for this trail (condition aws:SourceArn), and with all four
settings of S3 Block Public Access on.
3. Make or mend the trail from the management account or the delegated administrator:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      IsOrganizationTrail: true
      IsMultiRegionTrail: true
      IncludeGlobalServiceEvents: true
      EnableLogFileValidation: true
      KMSKeyId: arn of the key
      S3BucketName: name of the bucket
      EventSelectors: [{ReadWriteType: All, IncludeManagementEvents: true}]
4. A trail that stands still starts again with `aws cloudtrail start-logging --name TRAIL`.
To verify:
    aws cloudtrail get-trail-status --name TRAIL
    aws cloudtrail get-event-selectors --trail-name TRAIL
IsLogging is true, LatestDeliveryError is empty, and no management events are excluded."""

ADMINISTRATORS_FIX = """\
1. Keep few administrators of the management account, best by IAM Identity Center: a group of its
own, a permission set, MFA at the identity provider. Nobody needs it for daily work.
2. Take the access keys away from IAM users there, and the users themselves once nobody needs them:
    aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive
    aws iam delete-access-key --user-name USER --access-key-id KEY
3. A role that users assume must ask for MFA in its trust policy:
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
4. Close each way up that a finding names: take away the permission in its steps. No service control
policy can help here, for none binds the management account.
5. If more people need it than `thresholds.organization_administrators` says, say so in the
engagement file.
To verify: assess again; ORG.4 lists nobody unexpected, and
    aws iam list-entities-for-policy --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
names only those you know."""

ENTRANCES_FIX = """\
1. In the management account, take `sts:AssumeRole` on member roles away from all who do not govern
the organization: name the roles in each policy, never `*`.
2. In the member, let the role trust only the principals that need it, with MFA:
    aws iam update-assume-role-policy --role-name OrganizationAccountAccessRole \\
        --policy-document file://trust.json
3. Where people come through IAM Identity Center, delete the role:
    aws iam delete-role --role-name OrganizationAccountAccessRole
To verify: as a principal that a finding names, in the management account:
    aws sts assume-role --role-arn ROLE --role-session-name test
The answer is AccessDenied."""

ROOT_FIX = """\
1. As root, delete its access keys and register two MFA devices, best passkeys or hardware: console,
account name, Security credentials. Nobody needs the root user for daily work.
2. Switch central root access on, in the management account:
    aws organizations enable-aws-service-access --service-principal iam.amazonaws.com
    aws iam enable-organizations-root-credentials-management
    aws iam enable-organizations-root-sessions
3. Take members' root credentials away: console, IAM, Root access management, choose the account,
"Take privileged action", "Delete root user credentials".
4. Find out from CloudTrail who used the root user, and give that task a role.
To verify: a credential report made four hours later shows for <root_account> no active key, and
password_enabled false in members or mfa_active true:
    aws iam generate-credential-report"""

SERVICES_FIX = """\
1. Choose one account of the security team, and let it administer the service for all accounts:
    aws organizations register-delegated-administrator --account-id ACCOUNT \\
        --service-principal access-analyzer.amazonaws.com
2. GuardDuty, Security Hub, Macie, Detective and Inspector have calls of their own, per region:
    aws guardduty enable-organization-admin-account --admin-account-id ACCOUNT
    aws securityhub enable-organization-admin-account --admin-account-id ACCOUNT
    aws inspector2 enable-delegated-admin-account --delegated-admin-account-id ACCOUNT
3. Work with the service in that account from now on, and take its users off the management account.
To verify: `aws organizations list-delegated-administrators --service-principal SERVICE` names the
account."""

CONTACTS_FIX = """\
1. Choose a mailbox and a telephone that the security team always answers.
2. Let the management account set contacts for its members, once:
    aws organizations enable-aws-service-access --service-principal account.amazonaws.com
3. Set the contact of each account (for the management account itself without --account-id):
    aws account put-alternate-contact --account-id ACCOUNT --alternate-contact-type SECURITY \\
        --name "Security team" --title "On call" --email-address MAIL --phone-number PHONE
To verify:
    aws account get-alternate-contact --account-id ACCOUNT --alternate-contact-type SECURITY"""

DELEGATION_FIX = """\
1. Register an account of security or infrastructure that runs no application, then take the task
away from the one that the finding names:
    aws organizations deregister-delegated-administrator --account-id ACCOUNT \\
        --service-principal SERVICE
2. In the delegation policy keep accounts that govern, and the actions that they need, on named
policies and OUs:
    aws organizations put-resource-policy --content file://delegation.json
3. If the account does govern, give it its environment (security or infrastructure) in the
engagement file.
To verify:
    aws organizations list-delegated-administrators
    aws organizations describe-resource-policy
They name expected accounts only."""
