"""What to do about findings of R07, and how to verify it."""

STACKS_FIX = """\
1. Make a deployment role for the application that cloudformation.amazonaws.com may assume, with
the permissions that its template needs, and no others.
2. Name it at the next deployment; CloudFormation keeps it for all later ones:
    aws cloudformation deploy --stack-name STACK --template-file FILE --role-arn ROLE
3. In production, protect the stack:
    aws cloudformation update-termination-protection --stack-name STACK \\
        --enable-termination-protection
To verify:
    aws cloudformation describe-stacks --stack-name STACK \\
        --query "Stacks[].[RoleARN,EnableTerminationProtection]"
It shows the role and, in production, true."""

SAME_FIX = """\
1. Find out which environment is right: the evidence says what one may and the other may not.
2. Write one template for all environments, with the environment's name as a parameter; permissions
depend on no condition.
    Parameters:
      Phase: {Type: String, AllowedValues: [dev, test, prod]}
3. Take away what was added by hand, and deploy the same template, with the same parameters but for
the environment, from development to production.
To verify, compare what the roles may:
    aws iam list-role-policies --role-name ROLE
    aws iam get-role-policy --role-name ROLE --policy-name NAME
Account ids, regions and names of environments are all that differs."""

POWER_FIX = """\
1. Put the application's roles and policies under a path of their own (Path: /APPLICATION/), and
limit the deployment role to it:
    Action: [iam:CreateRole, iam:PutRolePolicy, iam:AttachRolePolicy]
    Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/APPLICATION/*
    Condition: {StringEquals: {"iam:PermissionsBoundary": !Ref Boundary}}
2. Set that boundary on every role in the template (PermissionsBoundary), and take `iam:*` and
`*` off the deployment role.
To verify:
    aws iam simulate-principal-policy --policy-source-arn ROLE --action-names iam:PutRolePolicy \\
        --resource-arns ROLE_OF_ANOTHER_APPLICATION
It answers implicitDeny."""

OWN_FIX = """\
1. Make the deployment role in the application's own template, with a permission boundary, and no
action on that boundary:
    Deploy:
      Type: AWS::IAM::Role
      Properties: {PermissionsBoundary: !Ref BoundaryArn, Path: /deploy/}
2. After the first deployment, which an administrator does, deploy the stack with that role:
    aws cloudformation update-stack --stack-name STACK --role-arn ROLE --use-previous-template
3. Deny the role what would free it: iam:DeleteRolePermissionsBoundary,
iam:PutRolePermissionsBoundary, and iam:CreatePolicyVersion on the boundary.
To verify:
    aws cloudformation describe-stacks --stack-name STACK --query Stacks[].RoleARN
    aws iam get-role --role-name ROLE --query Role.PermissionsBoundary"""

KEYS_FIX = """\
1. Add the pipeline's OpenID Connect provider to the account, and a role that trusts it for this
repository and branch alone:
    Action: sts:AssumeRoleWithWebIdentity
    Principal: {Federated: !Ref Provider}
    Condition:
      StringEquals: {"token.actions.githubusercontent.com:sub": "repo:ORG/REPO:ref:refs/heads/main"}
2. Give the role what the user has, let the pipeline assume it, and make the keys inactive:
    aws iam update-access-key --user-name USER --access-key-id ID --status Inactive
3. Delete keys and user when nothing broke. Builds of CodeBuild need no keys: they have a role.
To verify:
    aws iam list-access-keys --user-name USER"""

BUILDS_FIX = """\
1. Let events start a build only from those who may commit: filters for the branch, and for the
actor with a pattern from ^ to $; for pull requests demand an approval.
    aws codebuild update-webhook --project-name PROJECT \\
        --pull-request-build-policy requiresCommentApproval=ALL_PULL_REQUESTS
2. Build pull requests in a project of their own, whose role changes nothing; keep the build
specification of what deploys in the project or in S3, where a commit cannot change it.
3. Take administrators' policies off the role of a build.
To verify:
    aws codebuild batch-get-projects --names PROJECT --query projects[].webhook"""

ROLE_FIX = """\
1. Make a deployment role in the application's own template, called as the engagement file says
(roles.deployment, by default APPLICATION-deploy), which cloudformation.amazonaws.com may assume:
    Deploy:
      Type: AWS::IAM::Role
      Properties: {RoleName: APPLICATION-deploy, PermissionsBoundary: !Ref BoundaryArn}
2. Give it what this application's template needs, on this application's ARNs.
3. Deploy the application's stacks with it, in each account:
    aws cloudformation deploy --stack-name STACK --template-file FILE --role-arn ROLE
To verify:
    aws cloudformation describe-stacks --query "Stacks[].[StackName,RoleARN]"
It shows a role of the application beside each of its stacks."""

PEOPLE_FIX = """\
1. In sandbox and development, let the team's group or permission set assume the deployment role of
its application, or pass it to CloudFormation:
    Action: sts:AssumeRole
    Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/APPLICATION-deploy
2. In production, take people out of the role's trust policy: the pipeline's role alone stays in
it, and the break-glass role for the day when the pipeline fails.
To verify:
    aws iam simulate-principal-policy --policy-source-arn PERSON --action-names sts:AssumeRole \\
        --resource-arns ROLE
It answers allowed in development, implicitDeny in production."""
