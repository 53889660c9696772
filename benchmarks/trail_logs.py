"""A million CloudTrail events in log files, as a small organization writes them; always the same.

The mix is that of accounts with a few applications: services and roles that read and assume
roles make most of the events, changes are a tenth, and people are few.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

ACCOUNTS = ("000000000012", "111122223333", "444455556666", "777788889999")
REGIONS = ("us-east-1", "eu-west-1")
EVENTS_A_FILE = 500
START = datetime(2026, 10, 1, tzinfo=UTC)
PROGRAMS = (
    "Boto3/1.34.1 md/Botocore#1.34.1 ua/2.0 os/linux#5.10 md/arch#x86_64 lang/python#3.11",
    "aws-cli/2.13.5 Python/3.11.4 Linux/4.14.255 exe/x86_64.amzn.2 prompt/off command/iam.x",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.0 terraform-provider-aws/5.31.0 aws-sdk-go-v2/1.24.0",
    "console.amazonaws.com",
    "cloudformation.amazonaws.com",
)

Call = tuple[str, str, bool, str, str]
"""Source, name, whether it reads, request and response as JSON."""


def write_logs(folder: Path, events: int) -> None:
    """Log files with that many events under a folder, in CloudTrail's own layout."""
    random = Random(13)  # noqa: S311 - made up, and the same each time
    for number in range(events // EVENTS_A_FILE):
        account = ACCOUNTS[number % len(ACCOUNTS)]
        region = REGIONS[number // len(ACCOUNTS) % len(REGIONS)]
        at = START + timedelta(minutes=20 * number)
        records = ",".join(_records(random, account, region, at))
        path = folder / _name(account, region, at, random)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(f'{{"Records":[{records}]}}'.encode(), 6))


def _name(account: str, region: str, at: datetime, random: Random) -> str:
    place = f"AWSLogs/o-exampleorg/{account}/CloudTrail/{region}/{at:%Y/%m/%d}"
    return f"{place}/{account}_CloudTrail_{region}_{at:%Y%m%dT%H%MZ}_{_hex(random, 16)}.json.gz"


def _records(random: Random, account: str, region: str, at: datetime) -> Iterator[str]:
    calls, weights = zip(*CALLS, strict=True)
    for second, call in enumerate(random.choices(calls, weights, k=EVENTS_A_FILE)):
        source, name, reads, request, response = call(random, account)
        time = at + timedelta(seconds=second)
        data = "false" if source == "s3" else "true"
        yield (
            f'{{"eventVersion":"1.11","userIdentity":{_identity(random, account)},'
            f'"eventTime":"{time:%Y-%m-%dT%H:%M:%SZ}","eventSource":"{source}.amazonaws.com",'
            f'"eventName":"{name}","awsRegion":"{region}",'
            f'"sourceIPAddress":"198.51.100.{random.randrange(256)}",'
            f'"userAgent":"{random.choice(PROGRAMS)}",'
            f'"requestParameters":{request},"responseElements":{response},'
            f'"requestID":"{_uuid(random)}","eventID":"{_uuid(random)}",'
            f'"readOnly":{"true" if reads else "false"},"eventType":"AwsApiCall",'
            f'"managementEvent":{data},"recipientAccountId":"{account}",'
            f'"eventCategory":"{"Management" if data == "true" else "Data"}",'
            '"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256",'
            f'"clientProvidedHostHeader":"{source}.{region}.amazonaws.com"}}}}'
        )


def _identity(random: Random, account: str) -> str:
    kind = random.random()
    if kind < 0.2:
        return '{"type":"AWSService","invokedBy":"autoscaling.amazonaws.com"}'
    if kind < 0.25:
        user = f"engineer-{random.randrange(50)}"
        return (
            f'{{"type":"IAMUser","principalId":"AIDAJ45Q7YFFAREXAMPLE",'
            f'"arn":"arn:aws:iam::{account}:user/{user}","accountId":"{account}",'
            f'"accessKeyId":"AKIAIOSFODNN7EXAMPLE","userName":"{user}"}}'
        )
    if kind < 0.2505:
        root = f"arn:aws:iam::{account}:root"
        return f'{{"type":"Root","principalId":"{account}","arn":"{root}","accountId":"{account}"}}'
    role, session = f"app-{random.randrange(40)}", f"i-{_hex(random, 17)}"
    return (
        f'{{"type":"AssumedRole","principalId":"AROAIDPPEZS35WEXAMPLE:{session}",'
        f'"arn":"arn:aws:sts::{account}:assumed-role/{role}/{session}","accountId":"{account}",'
        f'"accessKeyId":"ASIA{_hex(random, 16).upper()}","sessionContext":{{"sessionIssuer":'
        f'{{"type":"Role","principalId":"AROAIDPPEZS35WEXAMPLE",'
        f'"arn":"arn:aws:iam::{account}:role/{role}","accountId":"{account}",'
        f'"userName":"{role}"}},"webIdFederationData":{{}},"attributes":'
        '{"creationDate":"2026-10-01T01:06:28Z","mfaAuthenticated":"false"}}}'
    )


def _describe(random: Random, _: str) -> Call:
    wanted = f'{{"items":[{{"instanceId":"i-{_hex(random, 17)}"}}]}}'
    request = f'{{"maxResults":1000,"instancesSet":{wanted},"filterSet":{{}}}}'
    return "ec2", "DescribeInstances", True, request, "null"


def _assume(random: Random, account: str) -> Call:
    role, session = f"app-{random.randrange(40)}", f"i-{_hex(random, 17)}"
    request = (
        f'{{"roleArn":"arn:aws:iam::{account}:role/{role}","roleSessionName":"{session}",'
        '"durationSeconds":3600}'
    )
    response = (
        f'{{"credentials":{{"accessKeyId":"ASIA{_hex(random, 16).upper()}",'
        f'"sessionToken":"{_hex(random, 400)}","expiration":"Oct 1, 2026, 2:06:28 AM"}},'
        f'"assumedRoleUser":{{"assumedRoleId":"AROAIDPPEZS35WEXAMPLE:{session}",'
        f'"arn":"arn:aws:sts::{account}:assumed-role/{role}/{session}"}}}}'
    )
    return "sts", "AssumeRole", True, request, response


def _get_object(random: Random, _: str) -> Call:
    request = f'{{"bucketName":"example","Host":"example.s3","key":"data/{_hex(random, 32)}"}}'
    return "s3", "GetObject", True, request, "null"


def _decrypt(_random: Random, account: str) -> Call:
    function = f"arn:aws:lambda:us-east-1:{account}:function:billing"
    request = f'{{"encryptionContext":{{"aws:lambda:FunctionArn":"{function}"}}}}'
    return "kms", "Decrypt", True, request, "null"


def _log_stream(random: Random, _: str) -> Call:
    stream = f"2026/10/01/[$LATEST]{_hex(random, 32)}"
    request = f'{{"logGroupName":"/aws/lambda/billing","logStreamName":"{stream}"}}'
    return "logs", "CreateLogStream", False, request, "null"


def _task(random: Random, account: str) -> Call:
    secret = f'[{{"name":"DB_PASSWORD","value":"{_hex(random, 16)}"}}]'
    container = f'{{"name":"web","image":"web:{_hex(random, 8)}","environment":{secret}}}'
    request = f'{{"family":"web","containerDefinitions":[{container}]}}'
    arn = f"arn:aws:ecs:us-east-1:{account}:task-definition/web:1"
    return "ecs", "RegisterTaskDefinition", False, request, f'{{"taskDefinitionArn":"{arn}"}}'


def _policy(random: Random, _: str) -> Call:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::{_hex(random, 8)}"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    name = f"app-{random.randrange(40)}"
    request = {"roleName": name, "policyName": "inline", "policyDocument": document}
    return "iam", "PutRolePolicy", False, json.dumps(request), "null"


def _ingress(random: Random, _: str) -> Call:
    ranges = f'{{"items":[{{"cidrIp":"203.0.113.{random.randrange(256)}/32"}}]}}'
    items = f'[{{"ipProtocol":"tcp","fromPort":22,"toPort":22,"ipRanges":{ranges}}}]'
    request = f'{{"groupId":"sg-{_hex(random, 17)}","ipPermissions":{{"items":{items}}}}}'
    return "ec2", "AuthorizeSecurityGroupIngress", False, request, '{"_return":true}'


CALLS: tuple[tuple[Callable[[Random, str], Call], float], ...] = (
    (_describe, 37),
    (_assume, 25),
    (_get_object, 18),
    (_decrypt, 10),
    (_log_stream, 6),
    (_task, 1),
    (_policy, 1.5),
    (_ingress, 1.5),
)


def _hex(random: Random, digits: int) -> str:
    return f"{random.getrandbits(4 * digits):0{digits}x}"


def _uuid(random: Random) -> str:
    text = _hex(random, 32)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
