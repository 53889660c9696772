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
