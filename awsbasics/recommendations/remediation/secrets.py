"""What to do about the findings of R12."""

POLICY_FIX = """\
1. Write a page: the format of secret names, who changes each secret and how often, and when two
applications may share one.
2. Where the answers say that and the secrets do not, begin with the secrets named: SEC.2, SEC.4 and
SEC.5 say what to do about each.
3. Let reviews of templates hold new secrets against the page.
To verify: each application's team knows the page; this report's findings on names and ages go
down."""

NAMES_FIX = """\
1. Names cannot be changed. In the application's stack, make the secret anew under the right name:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: !Sub "${Phase}/messaging/twilio"
2. Let the application read the new name, then schedule the old one for deletion. For 7 days at
least it can be restored.
    aws secretsmanager delete-secret --secret-id OLD --recovery-window-in-days 30
3. If your format is another one, set `secret_names` in the engagement file.
To verify: `aws secretsmanager list-secrets --query "SecretList[].Name"` shows names of the format
only."""

PHASES_FIX = """\
1. Find out whether the secret is misnamed, or a real credential of the other environment.
2. A production credential outside production: replace the credential at its source first, since
everybody with access to this account may have read it. Then delete the secret here.
3. A misnamed one: make it anew under the right name, and delete the old one.
To verify: every name in the account begins with the phase of its environment."""

RENEWAL_FIX = """\
1. Give the secret an owner: let the application's stack make it, or tag it.
    aws secretsmanager tag-resource --secret-id SECRET --tags Key=owner,Value=TEAM
2. Turn on rotation where the service behind it can be rotated:
    aws secretsmanager rotate-secret --secret-id SECRET --rotation-lambda-arn FUNCTION \\
        --rotation-rules AutomaticallyAfterDays=30
3. Where it cannot, let the owner put a new value by hand in time, and accept the rest in the
engagement file, with a reason and an end date.
To verify: `aws secretsmanager describe-secret --secret-id SECRET` shows RotationEnabled true, or
`aws secretsmanager list-secret-version-ids --secret-id SECRET` a recent current version."""

READERS_FIX = """\
1. Public, or open to an account that you do not know: treat the credential as stolen. Replace it at
its source, then remove the statement from the secret's policy:
    aws secretsmanager delete-resource-policy --secret-id SECRET
2. For an account that is meant to read it, name its roles instead of the whole account, and write
the account under `trusted_accounts` in the engagement file.
3. Another application of the same account: take the secret's ARN, or the `*`, out of that
application's policy, and name the ARNs of its own secrets:
    Action: secretsmanager:GetSecretValue
    Resource: !Ref DatabaseSecret
4. Declare a secret that several applications need under `shared_secrets` in the engagement file.
To verify: `aws secretsmanager get-resource-policy --secret-id SECRET` names only those meant to,
and SEC.7 names nobody else at the next run."""

PEOPLE_FIX = """\
1. Take secretsmanager:GetSecretValue (and `secretsmanager:*`, `*`) in production off the permission
set, group or user. AWS's ReadOnlyAccess lists secrets and does not read them.
2. Put it into a role for emergencies or elevation that one assumes for a fixed time (see TMP.2):
    "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2027-01-31T08:00:00Z"},
                  "DateLessThan": {"aws:CurrentTime": "2027-01-31T16:00:00Z"}}
3. Where few may ever read a secret, deny the rest in the secret's own policy.
To verify: aws iam simulate-principal-policy --policy-source-arn ROLE --action-names
secretsmanager:GetSecretValue --resource-arns SECRET answers implicitDeny."""

ELSEWHERE_FIX = """\
1. A value in a template, an output or a variable may have been read by many: replace the credential
at its source, then keep the new one in Secrets Manager.
2. In templates refer to the secret in place of the value:
    MasterUserPassword: !Sub "{{resolve:secretsmanager:${DatabaseSecret}:SecretString:password}}"
A parameter that must stay gets `NoEcho: true`; outputs give the secret's ARN, never its value.
3. Let functions fetch the secret by its ARN when they start; give tasks `secrets` with `valueFrom`,
builds variables of the type SECRETS_MANAGER, and make String parameters SecureStrings.
4. A secret that nobody reads is deleted; for 7 days at least it can be restored.
    aws secretsmanager delete-secret --secret-id SECRET --recovery-window-in-days 30
To verify: `aws cloudformation get-template --stack-name STACK` shows no literal credential, and
SEC.8 names nothing at the next run."""

COPIES_FIX = """\
1. Ask the owners whether the secrets named hold one credential. If so, let the service behind it
give each application a credential of its own, and keep one secret for each.
2. Where the service gives one only, keep it in one shared secret, declare it under `shared_secrets`
in the engagement file, and let the applications' stacks refer to it:
    !Sub "{{resolve:secretsmanager:prod/shared/twilio:SecretString:key}}"
3. Delete the copies once nobody reads them.
    aws secretsmanager delete-secret --secret-id COPY --recovery-window-in-days 30
To verify: `aws secretsmanager list-secrets --query "SecretList[].[Name,Description]"` shows each
credential once."""

MAKERS_FIX = """\
1. Let the application's stack make its secret, with a value that nobody has typed:
    DatabaseSecret:
      Type: AWS::SecretsManager::Secret
      Properties:
        Name: !Sub "${Phase}/billing/database"
        GenerateSecretString: {SecretStringTemplate: '{"username": "billing"}',
          GenerateStringKey: password, ExcludeCharacters: '"@/\\'}
2. A secret that exists can be taken into a stack by an import:
    aws cloudformation create-change-set --change-set-type IMPORT --stack-name STACK \\
        --change-set-name import --template-body FILE --resources-to-import RESOURCES
3. Declare a shared one under `shared_secrets` in the engagement file, and let stacks refer to it.
To verify: `aws cloudformation describe-stack-resources --physical-resource-id SECRET` names the
stack."""
