"""What to do about findings of R05, and how to verify it."""

CODE_FIX = """\
1. Find out which application needs the role or policy, and whether any does: the console shows
under IAM, Roles, Last activity when a role was used.
2. Put it into the application's stack. CloudFormation can adopt what exists: in the console open
the stack, Stack actions, Import resources into stack, with the role in the template.
    Type: AWS::IAM::Role
    DeletionPolicy: Retain
3. Delete what no application needs.
To verify:
    aws cloudformation describe-stack-resources --physical-resource-id NAME
It names the stack."""

EXACT_FIX = """\
1. Look up what the application really calls: in the console under IAM, Roles, the role, Last
Accessed, or let IAM Access Analyzer generate a policy from its CloudTrail events.
2. Write those actions and the ARNs of the stack's own resources into its template:
    - Effect: Allow
      Action: [dynamodb:GetItem, dynamodb:PutItem]
      Resource: !GetAtt InvoiceTable.Arn
3. Deploy to development, let the tests run, then go on to production.
To verify:
    aws iam simulate-principal-policy --policy-source-arn ROLE --action-names s3:DeleteBucket
What the application does not need answers implicitDeny."""

ADMINISTRATOR_FIX = """\
1. Look up what the application really calls: in the console under IAM, Roles, the role, Last
Accessed, or let IAM Access Analyzer generate a policy from its CloudTrail events.
2. Write these actions and the stack's own resources into its template, deploy, and take the wide
policy off:
    aws iam detach-role-policy --role-name ROLE --policy-arn POLICY
3. Until then put a permission boundary on the role, which takes effect at once:
    aws iam put-role-permissions-boundary --role-name ROLE --permissions-boundary POLICY
To verify:
    aws iam simulate-principal-policy --policy-source-arn ROLE --action-names iam:CreateUser
It answers implicitDeny."""

HAND_OVER_FIX = """\
1. Name the roles that are handed over, and the service that takes them, in every statement that
allows iam:PassRole:
    - Effect: Allow
      Action: iam:PassRole
      Resource: !GetAtt TaskRole.Arn
      Condition:
        StringEquals: {"iam:PassedToService": ecs-tasks.amazonaws.com}
2. A path will do where the roles come later (role/APPLICATION/*), a bare role/* will not.
To verify:
    aws iam simulate-principal-policy --policy-source-arn PRINCIPAL --action-names iam:PassRole \\
        --resource-arns ANOTHER_ROLE
It answers implicitDeny."""

TEMPLATE_FIX = """\
1. Decide whether the application needs what was changed by hand. CloudTrail tells who did it and
when: look for AttachRolePolicy, PutRolePolicy, CreatePolicyVersion and UpdateAssumeRolePolicy.
2. If it does, write it into the template, reviewed like any other change. If not, take it away:
    aws iam detach-role-policy --role-name ROLE --policy-arn POLICY
    aws iam delete-role-policy --role-name ROLE --policy-name NAME
3. Deploy the stack. Where nothing in the template changed, CloudFormation changes nothing: to put
a policy back to what the template says, change it there (its description is enough) and deploy.
To verify:
    aws iam list-attached-role-policies --role-name ROLE
    aws iam list-role-policies --role-name ROLE
They list what the template lists."""

TRUST_FIX = """\
1. Find out who uses the role: in CloudTrail, AssumeRole events with its ARN name the callers.
2. Name them in the trust policy, instead of `*`; demand of other companies an external id that
they gave you, or list their account under trusted_accounts in the engagement file:
    Principal: {AWS: arn:aws:iam::111122223333:role/VENDOR}
    Condition: {StringEquals: {sts:ExternalId: ID}}
3. Demand of an OpenID Connect provider the subject, of a service for whom it works:
    StringLike: {"token.actions.githubusercontent.com:sub": "repo:ORGANIZATION/REPOSITORY:*"}
    StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
To verify:
    aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument"""

OUTSIDE_FIX = """\
1. Ask the other company what it needs. Tools that look at settings need no contents: give them
AWS's ViewOnlyAccess or SecurityAudit in place of ReadOnlyAccess, which reads objects, items,
messages and logs as well.
    aws iam detach-role-policy --role-name ROLE --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess
    aws iam attach-role-policy --role-name ROLE --policy-arn arn:aws:iam::aws:policy/SecurityAudit
2. Where it does need contents, name the bucket or table, in a policy of its own.
To verify:
    aws iam simulate-principal-policy --policy-source-arn ROLE --action-names s3:GetObject
It answers implicitDeny."""

SHARED_FIX = """\
1. Give each application a role in its own template, with what this application alone needs:
    AppRole:
      Type: AWS::IAM::Role
      Properties: {Path: /APPLICATION/, AssumeRolePolicyDocument: ...}
2. Refer to it where the code runs: Role of a function, TaskRoleArn and ExecutionRoleArn of a task
definition, the instance profile of instances. Deploy each application.
3. Delete the shared role once nothing uses it (IAM, Roles, Last activity).
To verify:
    aws lambda list-functions --query "Functions[].[FunctionName,Role]"
    aws ecs describe-task-definition --task-definition FAMILY --query taskDefinition.taskRoleArn"""

ROLELESS_FIX = """\
1. Look for access keys that the code uses instead, on the instance or in the container, and take
them away once it has a role.
2. Add a role and an instance profile (for tasks TaskRoleArn) to the application's template, with
what it needs; an empty role will do for code that calls no AWS API.
    Profile:
      Type: AWS::IAM::InstanceProfile
      Properties: {Roles: [!Ref AppRole]}
3. Deploy; instances take a profile while they run:
    aws ec2 associate-iam-instance-profile --instance-id ID --iam-instance-profile Name=PROFILE
To verify:
    aws ec2 describe-iam-instance-profile-associations"""

SEPARATE_FIX = """\
1. Write three managed policies into the application's template, on its own ARNs: one with what
reads (Get, List, Describe, Query), one with what writes as well, and one for deployment, with what
changes its stack and its roles.
    ReadPolicy:
      Type: AWS::IAM::ManagedPolicy
      Properties: {ManagedPolicyName: APPLICATION-read, PolicyDocument: ...}
2. Give the application, its team and its pipeline the one that each needs.
To verify:
    aws accessanalyzer check-access-not-granted --policy-type IDENTITY_POLICY \\
        --policy-document FILE --access actions=s3:PutObject
It passes for the policy that reads."""

UNUSED_FIX = """\
1. Look at the role in the console under IAM, Roles, Last Accessed: it names each service and, for
some, each action. Ask its owner about what is used once a year.
2. Take the services that it does not need out of its policies, in the application's template.
3. Deploy to development first, and look for AccessDenied in CloudTrail for a while.
To verify:
    aws iam generate-service-last-accessed-details --arn ROLE
    aws iam get-service-last-accessed-details --job-id ID
Each service that is left has a date."""
