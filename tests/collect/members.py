"""Sessions in accounts of the demo, for those who have credentials there and no organization."""

import boto3

from awsbasics.demo import DemoOrganization, demo_session


def member_session(organization: DemoOrganization, name: str) -> boto3.Session:
    """A session in the account of that name, by its administrators' role."""
    role = f"arn:aws:iam::{organization.accounts[name]}:role/{organization.role}"
    sts = demo_session().client("sts")
    keys = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name="us-east-1"
    )
