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
