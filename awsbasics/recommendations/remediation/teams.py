"""What to do about the findings of R06."""

ASSUME_FIX = """\
1. In each application's stack, make the roles that the team needs: one that reads, one that also
writes in development. Let their trust policies name the account where people sign in.
2. Give the team's group a policy that names those roles, and nothing else:
    - Effect: Allow
      Action: sts:AssumeRole
      Resource:
        - !Sub "arn:${AWS::Partition}:iam::111122223333:role/billing-development-write"
        - !Sub "arn:${AWS::Partition}:iam::444455556666:role/billing-production-read"
3. Take the other policies off the group. Keep those by which people manage their own credentials.
To verify: `aws iam list-attached-group-policies --group-name GROUP` and
`aws iam list-group-policies --group-name GROUP` show only those."""

MATRIX_FIX = """\
1. Read the matrix with each team's lead: is every cell what the team needs?
2. Write under `teams: maintain:` in the engagement file which team maintains which application, and
under `expected_access:` what is expected in each environment.
3. Let teams assume their applications' roles in development and test: add the account where people
sign in to the role's trust policy there.
To verify: assess again; the matrix shows what you agreed on."""

EXPECTED_FIX = """\
1. The evidence names the ways: the group, permission set or role, the action and the resource. Take
the action out of its policy, or the role out of the team's `sts:AssumeRole`.
2. In test and production give the team a role of each application that reads:
    Action: [s3:GetObject, dynamodb:GetItem, dynamodb:Query]
    Resource: [!Sub "${Bucket.Arn}/*", !GetAtt Table.Arn]
3. Who administers an account reaches all in it: keep that for a role that people take up for a
fixed time (see TMP.2), or for the platform's team (accept it in the engagement file).
4. If more is meant, set `expected_access:` in the engagement file.
To verify: aws iam simulate-principal-policy --policy-source-arn ROLE --action-names s3:PutObject
--resource-arns ARN answers implicitDeny."""

MAINTAINED_FIX = """\
1. If the team does maintain the application, write it under `teams: maintain:` in the engagement
file.
2. Otherwise take the application's resources out of the team's policies: name the ARNs of its own
applications in place of `*`, or let policies compare tags:
    Condition:
      StringEquals:
        aws:ResourceTag/application: billing
3. Applications of several teams are told apart best by accounts of their own.
To verify: assess again; TEAM.4 names no application of another team."""

SESSIONS_FIX = """\
1. The evidence names what is read and what is written. Give people one role in each account: they
switch between production and development, and no role is let in on both sides.
2. Take the role of the other environment out of the bucket's, the secret's or the key's policy.
3. Keep both sides apart for good, in an SCP or in the bucket's policy:
    Condition:
      StringNotEquals:
        aws:ResourceAccount: "${aws:PrincipalAccount}"
4. Where data has to come from production, let a pipeline copy it, less what is personal.
To verify: assess again; TEAM.5 names no session."""
