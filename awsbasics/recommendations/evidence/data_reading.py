"""Actions that read what customers store, as against how it is set up.

AWS's access level `Read` says neither: describing a bucket has it, and so has reading its objects.
These are the ones that return contents, by the API reference of each service. AWS's policies
ViewOnlyAccess and SecurityAudit have none of them, ReadOnlyAccess has most (IAM user guide, "AWS
managed policies for job functions").
"""

from awsbasics.iam.vocabulary import Bits, Vocabulary

READS_DATA = (
    "athena:GetQueryResults",
    "athena:GetQueryResultsStream",
    "cassandra:Select",
    "codecommit:GetBlob",
    "codecommit:GetFile",
    "codecommit:GitPull",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQLSelect",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ebs:GetSnapshotBlock",
    "ecr:BatchGetImage",
    "es:ESHttpGet",
    "glacier:GetJobOutput",
    "kinesis:GetRecords",
    "lakeformation:GetDataAccess",
    "lambda:GetFunction",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetQueryResults",
    "neptune-db:ReadDataViaQuery",
    "rds-data:ExecuteStatement",
    "redshift-data:GetStatementResult",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetParameter",
    "ssm:GetParameterHistory",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "timestream:Select",
)


def reading_data(vocabulary: Vocabulary) -> Bits:
    """The row of these actions."""
    return vocabulary.row(READS_DATA)
