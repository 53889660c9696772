"""Recorded answers of the services that watch, tell and keep."""

from typing import Any

from tests.collect.fake_caller import ACCOUNT, WHEN
from tests.collect.recordings.workloads import (
    KEY,
    OBJECT,
    PAIRS,
    POLICY,
    SECRET_VALUE,
    arn,
    role,
)

DETECTOR = "1ab2cd34"
TOPIC = arn("sns", "alarms")
QUEUE_URL = f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/jobs"
ALL_ON = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
TRAIL = arn("cloudtrail", "trail/audit")
LOG_GROUP = arn("logs", "log-group:trail")


def alarm(name: str, **more: Any) -> dict[str, Any]:
    """What alarms of all kinds have."""
    return {
        "AlarmName": name,
        "AlarmArn": arn("cloudwatch", f"alarm:{name}"),
        "StateValue": "OK",
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "AlarmDescription": SECRET_VALUE,
        **more,
    }


def rule(name: str, **more: Any) -> dict[str, Any]:
    """A rule of the default bus."""
    return {"Name": name, "Arn": arn("events", f"rule/{name}"), "State": "ENABLED", **more}


def subscription(protocol: str, endpoint: str, confirmed: bool = True) -> dict[str, Any]:
    """A subscription to the alarms' topic."""
    return {
        "SubscriptionArn": f"{TOPIC}:1" if confirmed else "PendingConfirmation",
        "Owner": ACCOUNT,
        "Protocol": protocol,
        "Endpoint": endpoint,
        "TopicArn": TOPIC,
    }


def analyzer(kind: str) -> dict[str, Any]:
    """An analyzer of a type, and of its name."""
    return {
        "arn": arn("access-analyzer", f"analyzer/{kind.lower()}"),
        "name": kind.lower(),
        "type": kind,
        "status": "ACTIVE",
        "createdAt": WHEN,
        "lastResourceAnalyzedAt": WHEN,
        "tags": OBJECT,
    }


def finding(name: str, **more: Any) -> dict[str, Any]:
    """That a role of the account can be assumed from another."""
    return {
        "id": name,
        "principal": {"AWS": "111122223333"},
        "action": ["sts:AssumeRole"],
        "resource": role("partner"),
        "isPublic": False,
        "resourceType": "AWS::IAM::Role",
        "condition": {"sts:ExternalId": "audit"},
        "createdAt": WHEN,
        "analyzedAt": WHEN,
        "updatedAt": WHEN,
        "status": "ACTIVE",
        "resourceOwnerAccount": ACCOUNT,
        **more,
    }


METRIC_ALARM = alarm(
    "root-use",
    MetricName="RootUse",
    Namespace="Security",
    Metrics=[{"Id": "m1", "Expression": "m2 + m3"}],
    ComparisonOperator="GreaterThanOrEqualToThreshold",
    Threshold=1.0,
)

RECORDED: dict[str, dict[str, Any]] = {
    "guardduty_detectors": {
        "ListDetectors": {"DetectorIds": [DETECTOR]},
        "GetDetector": {
            "Status": "ENABLED",
            "ServiceRole": role("guardduty"),
            "CreatedAt": "2026-01-02T03:04:05.000Z",
            "Features": [{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}],
        },
        "DescribeOrganizationConfiguration": {
            "MemberAccountLimitReached": False,
            "AutoEnableOrganizationMembers": "ALL",
            "Features": [{"Name": "S3_DATA_EVENTS", "AutoEnable": "NEW"}],
        },
    },
    "securityhub_hubs": {
        "DescribeHub": {
            "HubArn": arn("securityhub", "hub/default"),
            "SubscribedAt": "2026-01-02T03:04:05.000Z",
            "AutoEnableControls": True,
        },
        "DescribeOrganizationConfiguration": {
            "AutoEnable": False,
            "AutoEnableStandards": "NONE",
            "OrganizationConfiguration": {"ConfigurationType": "CENTRAL", "Status": "ENABLED"},
        },
    },
    "config_recorders": {
        "DescribeConfigurationRecorders": {
            "ConfigurationRecorders": [
                {
                    "arn": arn("config", "configuration-recorder/default/1"),
                    "name": "default",
                    "roleARN": role("config"),
                    "servicePrincipal": "config.amazonaws.com",
                    "recordingGroup": {"allSupported": True},
                }
            ]
        },
        "DescribeConfigurationRecorderStatus": {
            "ConfigurationRecordersStatus": [
                {
                    "name": "default",
                    "recording": True,
                    "lastStatus": "Failure",
                    "lastErrorMessage": "no bucket",
                    "lastStartTime": WHEN,
                    "lastStopTime": WHEN,
                }
            ]
        },
    },
    "accessanalyzer_analyzers": {
        "ListAnalyzers": {"analyzers": [analyzer("ORGANIZATION")]},
        "GetFindingsStatistics": {
            "findingsStatistics": [
                {"externalAccessFindingsStatistics": {"totalActiveFindings": 3}}
            ],
            "lastUpdatedAt": WHEN,
        },
    },
    "accessanalyzer_findings": {
        "ListAnalyzers": {"analyzers": [analyzer("ORGANIZATION")]},
        "ListFindings": [
            {"findings": [finding("f1")], "nextToken": "more"},
            {"findings": [finding("f2", error="ACCESS_DENIED")]},
        ],
    },
    "cloudwatch_alarms": {
        "DescribeAlarms": {
            "MetricAlarms": [METRIC_ALARM],
            "CompositeAlarms": [alarm("any", AlarmRule="ALARM(root-use)")],
            "LogAlarms": [alarm("logs", Threshold=2.0)],
        }
    },
    "logs_metric_filters": {
        "DescribeMetricFilters": {
            "metricFilters": [
                {
                    "filterName": "root",
                    "logGroupName": "trail",
                    "filterPattern": '{ $.userIdentity.type = "Root" }',
                    "metricTransformations": [
                        {
                            "metricName": "RootUse",
                            "metricNamespace": "Security",
                            "metricValue": "1",
                        }
                    ],
                }
            ]
        }
    },
    "logs_trail_log_groups": {
        "DescribeTrails": {
            "trailList": [
                {
                    "Name": "audit",
                    "TrailARN": TRAIL,
                    "HomeRegion": "eu-west-1",
                    "CloudWatchLogsLogGroupArn": f"{LOG_GROUP}:*",
                }
            ]
        },
        "DescribeLogGroups": {
            "logGroups": [
                {"logGroupName": "trail", "retentionInDays": 365, "kmsKeyId": KEY},
                {"logGroupName": "trail-2", "retentionInDays": 1},
            ]
        },
    },
    "events_event_buses": {
        "ListEventBuses": [
            {
                "EventBuses": [{"Name": "default", "Arn": arn("events", "event-bus/default")}],
                "NextToken": "more",
            },
            {
                "EventBuses": [
                    {"Name": "all", "Arn": arn("events", "event-bus/all"), "Policy": POLICY}
                ]
            },
        ]
    },
    "events_rules": {
        "ListEventBuses": {
            "EventBuses": [{"Name": "default", "Arn": arn("events", "event-bus/default")}]
        },
        "ListRules": {
            "Rules": [
                rule("iam", EventPattern='{"source": ["aws.iam"]}'),
                rule("nightly", ScheduleExpression="rate(1 day)", ManagedBy="aws.ssm"),
                rule("off", EventPattern='{"source": ["aws.ec2"]}', State="DISABLED"),
            ]
        },
        "ListTargetsByRule": {
            "Targets": [
                {
                    "Id": "1",
                    "Arn": TOPIC,
                    "Input": SECRET_VALUE,
                    "HttpParameters": {"HeaderParameters": {"Authorization": SECRET_VALUE}},
                }
            ]
        },
    },
    "sns_topics": {
        "ListTopics": {"Topics": [{"TopicArn": TOPIC}]},
        "GetTopicAttributes": {
            "Attributes": {
                "TopicArn": TOPIC,
                "Policy": POLICY,
                "KmsMasterKeyId": "alias/aws/sns",
                "SubscriptionsConfirmed": "2",
                "SubscriptionsPending": "1",
            }
        },
    },
    "sns_subscriptions": {
        "ListSubscriptions": {
            "Subscriptions": [
                subscription("email", "security@example.com"),
                subscription("https", f"https://hooks.example.com/services/{SECRET_VALUE}"),
                subscription("sms", f"+44{SECRET_VALUE}"),
                subscription("lambda", arn("lambda", "function:page"), confirmed=False),
            ]
        }
    },
    "sqs_queues": {
        "ListQueues": {"QueueUrls": [QUEUE_URL]},
        "GetQueueAttributes": {"Attributes": {"Policy": POLICY}},
    },
    "kms_keys": {
        "ListAliases": {
            "Aliases": [
                {"AliasName": "alias/aws/ebs", "TargetKeyId": "k0"},
                {"AliasName": "alias/billing", "TargetKeyId": "k1"},
                {"AliasName": "alias/aws/unused"},
            ]
        },
        "ListKeys": {
            "Keys": [
                {"KeyId": "k0", "KeyArn": KEY.replace("k1", "k0")},
                {"KeyId": "k1", "KeyArn": KEY},
            ]
        },
        "GetKeyPolicy": {"Policy": POLICY, "PolicyName": "default"},
    },
    "s3_buckets": {
        "ListBuckets": {
            "Buckets": [{"Name": "data", "BucketRegion": "us-east-1", "CreationDate": WHEN}]
        },
        "GetBucketPolicy": {"Policy": POLICY},
        "GetPublicAccessBlock": {
            "PublicAccessBlockConfiguration": ALL_ON | {"BlockPublicAcls": False}
        },
    },
    "s3_account_public_access_block": {
        "GetPublicAccessBlock": {"PublicAccessBlockConfiguration": ALL_ON}
    },
    "tagging_resources": {
        "GetResources": {
            "ResourceTagMappingList": [{"ResourceARN": QUEUE_URL, "Tags": PAIRS}],
            "PaginationToken": "",
        }
    },
}
