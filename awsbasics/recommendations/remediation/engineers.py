"""What to do about the findings of R04."""

POLICIES_FIX = """\
1. Find the group of the user's team that has, or should have, these permissions. Add the user:
    aws iam add-user-to-group --group-name team-payments --user-name USER
2. Take the policies off the user:
    aws iam detach-user-policy --user-name USER --policy-arn POLICY
    aws iam delete-user-policy --user-name USER --policy-name NAME
3. A user that is a program needs a role instead, and in the end no user at all.
To verify: `aws iam list-attached-user-policies --user-name USER` and
`aws iam list-user-policies --user-name USER` list nothing."""

TEAMS_FIX = """\
1. Make one group for each team, named by your pattern (`teams.group_pattern` in the engagement
file; default team-NAME), and put each person into the group of their team:
    aws iam create-group --group-name team-payments
    aws iam add-user-to-group --group-name team-payments --user-name USER
2. For IAM Identity Center do the same at the identity provider, or in the console under
IAM Identity Center, Groups.
3. Rename or empty groups that belong to no team. A group that every engineer is in may stay: it
gives what all of them need.
4. List users that are programs under `humans.exclude` in the engagement file.
To verify: `aws iam list-groups-for-user --user-name USER` names a team's group."""

CONSOLE_FIX = """\
1. Let the person register a device, a passkey or security key if possible: in the console under
their name, Security credentials, Multi-factor authentication, Assign MFA device.
2. If nobody uses the console by this user, remove its password:
    aws iam delete-login-profile --user-name USER
3. Make it a rule, in the group that all engineers are in: a Deny with the condition BoolIfExists
aws:MultiFactorAuthPresent false, and as NotAction what it takes to register a device and to sign
in with it: iam:CreateVirtualMFADevice, iam:EnableMFADevice, iam:ListMFADevices,
iam:ListVirtualMFADevices, iam:ResyncMFADevice, iam:GetUser, iam:ChangePassword,
sts:GetSessionToken. It also stops plain access keys, which is meant: keep programs out of it.
To verify: `aws iam list-mfa-devices --user-name USER` lists a device. The credential report
follows within four hours."""

SELF_MANAGEMENT_FIX = """\
1. Give the group that all engineers are in one policy, after AWS's example "Allows
MFA-authenticated IAM users to manage their own credentials": it allows what a person does with
their own credentials, on arn:aws:iam::*:user/${aws:username} and, for virtual devices, on
arn:aws:iam::*:mfa/*.
2. In the same policy deny the rest to who has shown no second factor. BoolIfExists matters: with
Bool alone a long-lived access key passes, since its requests do not have the key at all:
    {"Sid": "DenyAllExceptListedIfNoMFA", "Effect": "Deny", "Resource": "*",
     "NotAction": ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
                   "iam:GetMFADevice", "iam:ListMFADevices", "iam:ListVirtualMFADevices",
                   "iam:ResyncMFADevice", "sts:GetSessionToken"],
     "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
3. Name ${aws:username} whole, and take "*" out of the resources of the statements that allow
iam:CreateAccessKey, iam:CreateLoginProfile, iam:EnableMFADevice and the like.
To verify: as a user without MFA, `aws ec2 describe-regions` answers
UnauthorizedOperation, and assessed again, ENG.4 finds nothing."""

ASSUMED_ROLES_FIX = """\
1. Let people come to the role by IAM Identity Center: make a permission set of its policies and
assign it to the team's group.
2. Until then ask for MFA in the role's trust policy. Bool in an Allow refuses who lacks the key:
    {"Effect": "Allow", "Action": "sts:AssumeRole",
     "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"},
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    aws iam update-assume-role-policy --role-name ROLE --policy-document file://trust.json
3. On the command line people name their device in the profile (mfa_serial), or with
    aws sts assume-role --role-arn ROLE --role-session-name NAME --serial-number DEVICE \\
        --token-code CODE
To verify: `aws sts assume-role --role-arn ROLE --role-session-name test` without a code answers
AccessDenied."""

ACCESS_KEYS_FIX = """\
1. See what the key is for: its last use, and in CloudTrail the calls with its id. What runs by
itself gets a role: an instance's, a function's, or by OpenID Connect that of a pipeline.
2. People work on the command line with IAM Identity Center, whose sessions end by themselves:
    aws configure sso
    aws sso login --profile PROFILE
3. Switch the key off, wait a week for somebody to miss it, and delete it:
    aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive
    aws iam delete-access-key --user-name USER --access-key-id KEY
4. A user that is a program belongs into `humans.exclude` of the engagement file. The age that
counts is `thresholds.access_key_age_days`.
To verify: `aws iam list-access-keys --user-name USER` lists no active key."""

UNUSED_FIX = """\
1. Ask the owner, then switch off what nobody uses, and delete it some weeks later:
    aws iam delete-login-profile --user-name USER
    aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive
2. A role that nobody uses: see by its last-accessed services that it is so, take it out of its
stack, or delete it. For AWS "never" means not in the last 400 days.
3. CIS AWS Foundations asks for 45 days, the controls of AWS Security Hub for 90. Set
`thresholds.unused_days` in the engagement file to what you agreed on.
To verify: `aws iam get-access-key-last-used --access-key-id KEY` and, for roles,
`aws iam get-role --role-name ROLE` (RoleLastUsed) show a recent use of all that is left."""

SINGLE_SIGN_ON_FIX = """\
1. In the management account enable IAM Identity Center for the organization (console, IAM Identity
Center, Enable), connect your identity provider, and let it provision users and groups (SCIM).
2. Make a permission set for each task of a team, and assign it to the team's group, not to people:
    aws sso-admin create-account-assignment --instance-arn INSTANCE --permission-set-arn SET \\
        --target-id ACCOUNT --target-type AWS_ACCOUNT --principal-type GROUP --principal-id GROUP
3. Take what people have by themselves away (delete-account-assignment), and shorten sessions:
    aws sso-admin update-permission-set --instance-arn INSTANCE --permission-set-arn SET \\
        --session-duration PT8H
4. When everybody has signed in that way, remove their IAM users: passwords and keys first. Keep the
emergency user that `roles.break_glass` of the engagement file names.
To verify: `aws iam list-users` lists programs and the emergency user alone."""

PROVISIONED_FIX = """\
1. Connect the identity provider: console, IAM Identity Center, Settings, Identity source, Change;
then Automatic provisioning. People then come and go with your directory.
2. Make people who were made by hand members of the directory's groups, and delete their old user:
    aws identitystore delete-user --identity-store-id STORE --user-id USER
3. Delete disabled users too, or take them out of their groups. An emergency user that no provider
knows is fine: name it by `roles.break_glass`.
To verify: `aws identitystore list-users --identity-store-id STORE` shows ExternalIds for everybody
else."""

BASE_FIX = """\
1. Decide what every engineer needs: to manage their own credentials with MFA (ENG.4), to see
accounts, costs and documentation. Put it into one managed policy or permission set.
2. IAM users get it by one group that all of them are in, beside their team's:
    aws iam attach-group-policy --group-name engineers --policy-arn POLICY
    aws iam add-user-to-group --group-name engineers --user-name USER
3. In IAM Identity Center make one group of all engineers at the identity provider, and assign the
permission set to it in every account.
To verify: `aws iam get-group --group-name engineers` lists everybody."""

SSO_CREDENTIALS_FIX = """\
1. Take iam:ChangePassword, iam:CreateAccessKey and the like out of the permission set: its people
have neither. Their passwords and MFA are the identity provider's, their keys end with the session:
    aws sso-admin put-inline-policy-to-permission-set --instance-arn INSTANCE \\
        --permission-set-arn SET --inline-policy file://policy.json
    aws sso-admin provision-permission-set --instance-arn INSTANCE --permission-set-arn SET \\
        --target-type ALL_PROVISIONED_ACCOUNTS
2. Remove what a person still has as IAM user, and then the user:
    aws iam delete-login-profile --user-name USER
    aws iam delete-access-key --user-name USER --access-key-id KEY
To verify: `aws iam list-access-keys --user-name USER` lists nothing."""

WEAK_POLICY_FIX = """\
1. Best, leave no passwords: people sign in by IAM Identity Center (ENG.7).
2. Where some remain, ask for length and for new ones. Rules about kinds of characters and a date of
expiry make people choose worse ones:
    aws iam update-account-password-policy --minimum-password-length 14 \\
        --password-reuse-prevention 24 --allow-users-to-change-password
Each call sets the whole policy: name what you want to keep.
To verify: `aws iam get-account-password-policy` shows both numbers."""
