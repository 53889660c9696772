"""Recorded answers about what runs: compute, databases and what starts them."""

from typing import Any

from tests.collect.fake_caller import ACCOUNT, WHEN

SECRET_VALUE = "correct-horse"
SECRET_ARN = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:prod/billing/db-AbCdEf"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k1"
POLICY = '{"Version": "2012-10-17", "Statement": []}'
PAIRS = [{"Key": "application", "Value": "billing"}]
SMALL_PAIRS = [{"key": "application", "value": "billing"}]
OBJECT = {"application": "billing"}


def arn(service: str, resource: str) -> str:
    """An ARN in the account and region of the tests."""
    return f"arn:aws:{service}:eu-west-1:{ACCOUNT}:{resource}"


def role(name: str) -> str:
    """ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def task_definition(name: str = "app", revision: int = 3, **more: Any) -> dict[str, Any]:
    """A task definition with a container that holds all that must not be kept."""
    container = {
        "name": "app",
        "image": "public.ecr.aws/nginx",
        "command": ["serve", f"--password={SECRET_VALUE}"],
        "entryPoint": [SECRET_VALUE],
        "environment": [
            {"name": "DB_PASSWORD", "value": SECRET_VALUE},
            {"name": "DB_SECRET", "value": SECRET_ARN},
            {"name": "EMPTY", "value": ""},
        ],
        "secrets": [{"name": "API_KEY", "valueFrom": SECRET_ARN}],
        "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::config/app.env"}],
        "dockerLabels": {"token": SECRET_VALUE},
        "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": SECRET_VALUE}},
        "healthCheck": {"command": [SECRET_VALUE]},
    }
    return {
        "taskDefinition": {
            "taskDefinitionArn": arn("ecs", f"task-definition/{name}:{revision}"),
            "family": name,
            "revision": revision,
            "taskRoleArn": role("app"),
            "executionRoleArn": role("execution"),
            "networkMode": "awsvpc",
            "containerDefinitions": [container],
            "registeredAt": WHEN,
            **more,
        },
        "tags": SMALL_PAIRS,
    }


def described_task(**asked: Any) -> dict[str, Any]:
    """The newest of a family, or the revision that is asked for."""
    name, _, revision = asked["taskDefinition"].rpartition("/")[2].partition(":")
    return task_definition(name, int(revision or 3))


SERVICE = {
    "serviceArn": arn("ecs", "service/main/app"),
    "serviceName": "app",
    "clusterArn": arn("ecs", "cluster/main"),
    "status": "ACTIVE",
    "launchType": "FARGATE",
    "desiredCount": 2,
    "runningCount": 2,
    "taskDefinition": arn("ecs", "task-definition/app:3"),
    "roleArn": role("ecs"),
    "networkConfiguration": {
        "awsvpcConfiguration": {
            "subnets": ["subnet-1"],
            "securityGroups": ["sg-1"],
            "assignPublicIp": "DISABLED",
        }
    },
    "deployments": [
        {"taskDefinition": arn("ecs", "task-definition/app:3")},
        {"taskDefinition": arn("ecs", "task-definition/app:2")},
    ],
    "createdAt": WHEN,
    "tags": SMALL_PAIRS,
}
CLUSTERS = {"ListClusters": {"clusterArns": [arn("ecs", "cluster/main")]}}
SERVICES = {
    **CLUSTERS,
    "ListServices": {"serviceArns": [SERVICE["serviceArn"]]},
    "DescribeServices": {"services": [SERVICE], "failures": []},
}

FUNCTION: dict[str, Any] = {
    "FunctionName": "app",
    "FunctionArn": arn("lambda", "function:app"),
    "Runtime": "python3.13",
    "Role": role("app"),
    "Description": "Bills",
    "LastModified": "2026-01-02T03:04:05.000+0000",
    "VpcConfig": {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    "Environment": {"Variables": {"DB_PASSWORD": SECRET_VALUE, "DB_SECRET": SECRET_ARN}},
    "KMSKeyArn": KEY,
}

COMMON_DATABASE = {
    "Engine": "aurora-postgresql",
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
    "PubliclyAccessible": False,
    "StorageEncrypted": True,
    "KmsKeyId": KEY,
    "AssociatedRoles": [{"RoleArn": role("import"), "Status": "ACTIVE"}],
    "MasterUsername": "admin",
    "MasterUserSecret": {"SecretArn": SECRET_ARN, "SecretStatus": "active"},
    "TagList": PAIRS,
}

RECORDED: dict[str, dict[str, Any]] = {
    "elbv2_load_balancers": {
        "DescribeLoadBalancers": {
            "LoadBalancers": [
                {
                    "LoadBalancerArn": arn("elasticloadbalancing", "loadbalancer/app/front/1"),
                    "LoadBalancerName": "front",
                    "Type": "application",
                    "Scheme": "internet-facing",
                    "State": {"Code": "active"},
                    "VpcId": "vpc-1",
                    "AvailabilityZones": [{"ZoneName": "eu-west-1a", "SubnetId": "subnet-1"}],
                    "SecurityGroups": ["sg-1"],
                    "CreatedTime": WHEN,
                }
            ]
        }
    },
    "elb_load_balancers": {
        "DescribeLoadBalancers": {
            "LoadBalancerDescriptions": [
                {
                    "LoadBalancerName": "old",
                    "Scheme": "internal",
                    "VPCId": "vpc-1",
                    "Subnets": ["subnet-1"],
                    "SecurityGroups": ["sg-1"],
                    "Instances": [{"InstanceId": "i-1"}],
                    "CreatedTime": WHEN,
                }
            ]
        }
    },
    "autoscaling_groups": {
        "DescribeAutoScalingGroups": {
            "AutoScalingGroups": [
                {
                    "AutoScalingGroupARN": arn("autoscaling", "autoScalingGroup:1:workers"),
                    "AutoScalingGroupName": "workers",
                    "LaunchConfigurationName": "old",
                    "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Default"},
                    "MixedInstancesPolicy": {
                        "LaunchTemplate": {
                            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2"},
                            "Overrides": [
                                {"InstanceType": "t3.micro"},
                                {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-3"}},
                            ],
                        }
                    },
                    "VPCZoneIdentifier": "subnet-1,subnet-2",
                    "DesiredCapacity": 2,
                    "MaxSize": 4,
                    "Instances": [{"InstanceId": "i-1"}],
                    "CreatedTime": WHEN,
                    "Tags": [{"ResourceId": "workers", "Key": "application", "Value": "billing"}],
                }
            ]
        }
    },
    "autoscaling_launch_configurations": {
        "DescribeLaunchConfigurations": {
            "LaunchConfigurations": [
                {
                    "LaunchConfigurationARN": arn("autoscaling", "launchConfiguration:1:old"),
                    "LaunchConfigurationName": "old",
                    "ImageId": "ami-1",
                    "IamInstanceProfile": "workers",
                    "SecurityGroups": ["sg-1"],
                    "AssociatePublicIpAddress": True,
                    "UserData": SECRET_VALUE,
                    "CreatedTime": WHEN,
                }
            ]
        }
    },
    "lambda_functions": {
        "ListFunctions": {"Functions": [FUNCTION]},
        "GetPolicy": {"Policy": POLICY, "RevisionId": "1"},
    },
    "ecs_clusters": CLUSTERS,
    "ecs_services": SERVICES,
    "ecs_task_definitions": {
        **SERVICES,
        "ListTaskDefinitionFamilies": {"families": ["app", "nightly"]},
        "DescribeTaskDefinition": described_task,
    },
    "eks_clusters": {
        "ListClusters": {"clusters": ["main"]},
        "DescribeCluster": {
            "cluster": {
                "name": "main",
                "arn": arn("eks", "cluster/main"),
                "status": "ACTIVE",
                "version": "1.34",
                "roleArn": role("eks"),
                "resourcesVpcConfig": {
                    "vpcId": "vpc-1",
                    "subnetIds": ["subnet-1"],
                    "securityGroupIds": ["sg-1"],
                    "clusterSecurityGroupId": "sg-2",
                    "endpointPublicAccess": True,
                    "publicAccessCidrs": ["0.0.0.0/0"],
                },
                "createdAt": WHEN,
                "tags": OBJECT,
            }
        },
    },
    "batch_compute_environments": {
        "DescribeComputeEnvironments": {
            "computeEnvironments": [
                {
                    "computeEnvironmentArn": arn("batch", "compute-environment/nightly"),
                    "computeEnvironmentName": "nightly",
                    "type": "MANAGED",
                    "state": "ENABLED",
                    "status": "VALID",
                    "computeResources": {
                        "type": "EC2",
                        "maxvCpus": 64,
                        "desiredvCpus": 0,
                        "subnets": ["subnet-1"],
                        "securityGroupIds": ["sg-1"],
                        "instanceRole": "workers",
                        "launchTemplate": {"launchTemplateId": "lt-1", "version": "$Latest"},
                    },
                    "serviceRole": role("batch"),
                    "tags": OBJECT,
                }
            ]
        }
    },
    "rds_db_instances": {
        "DescribeDBInstances": {
            "DBInstances": [
                {
                    **COMMON_DATABASE,
                    "DBInstanceArn": arn("rds", "db:one"),
                    "DBInstanceIdentifier": "one",
                    "DBInstanceStatus": "available",
                    "DBClusterIdentifier": "main",
                    "DBSubnetGroup": {
                        "VpcId": "vpc-1",
                        "Subnets": [{"SubnetIdentifier": "subnet-1"}],
                    },
                    "InstanceCreateTime": WHEN,
                }
            ]
        }
    },
    "rds_db_clusters": {
        "DescribeDBClusters": {
            "DBClusters": [
                {
                    **COMMON_DATABASE,
                    "DBClusterArn": arn("rds", "cluster:main"),
                    "DBClusterIdentifier": "main",
                    "Status": "available",
                    "DBClusterMembers": [{"DBInstanceIdentifier": "one", "IsClusterWriter": True}],
                    "ClusterCreateTime": WHEN,
                }
            ]
        }
    },
    "rds_shared_snapshots": {
        "DescribeDBSnapshots": {
            "DBSnapshots": [
                {
                    "DBSnapshotArn": "arn:aws:rds:eu-west-1:111122223333:snapshot:a",
                    "Engine": "postgres",
                    "Encrypted": False,
                    "SnapshotCreateTime": WHEN,
                }
            ]
        },
        "DescribeDBClusterSnapshots": {
            "DBClusterSnapshots": [
                {
                    "DBClusterSnapshotArn": "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:b",
                    "Engine": "aurora-mysql",
                    "StorageEncrypted": True,
                    "KmsKeyId": KEY,
                    "SnapshotCreateTime": WHEN,
                }
            ]
        },
    },
    "elasticache_clusters": {
        "DescribeCacheClusters": {
            "CacheClusters": [
                {
                    "ARN": arn("elasticache", "cluster:cache-001"),
                    "CacheClusterId": "cache-001",
                    "Engine": "valkey",
                    "CacheClusterStatus": "available",
                    "ReplicationGroupId": "cache",
                    "SecurityGroups": [{"SecurityGroupId": "sg-1", "Status": "active"}],
                    "CacheClusterCreateTime": WHEN,
                }
            ]
        }
    },
    "opensearch_domains": {
        "ListDomainNames": {"DomainNames": [{"DomainName": "logs", "EngineType": "OpenSearch"}]},
        "DescribeDomains": {
            "DomainStatusList": [
                {
                    "DomainId": "1/logs",
                    "DomainName": "logs",
                    "ARN": arn("es", "domain/logs"),
                    "EngineVersion": "OpenSearch_2.19",
                    "Deleted": False,
                    "ClusterConfig": {},
                    "VPCOptions": {
                        "VPCId": "vpc-1",
                        "SubnetIds": ["subnet-1"],
                        "SecurityGroupIds": ["sg-1"],
                    },
                    "AccessPolicies": POLICY,
                }
            ]
        },
        "DescribeDomainConfig": {
            "DomainConfig": {
                "ClusterConfig": {
                    "Options": {},
                    "Status": {"CreationDate": WHEN, "UpdateDate": WHEN, "State": "Active"},
                }
            }
        },
    },
    "redshift_clusters": {
        "DescribeClusters": {
            "Clusters": [
                {
                    "ClusterIdentifier": "warehouse",
                    "ClusterStatus": "available",
                    "VpcId": "vpc-1",
                    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
                    "PubliclyAccessible": True,
                    "Encrypted": True,
                    "KmsKeyId": KEY,
                    "IamRoles": [{"IamRoleArn": role("copy"), "ApplyStatus": "in-sync"}],
                    "MasterUsername": "admin",
                    "MasterPasswordSecretArn": SECRET_ARN,
                    "ClusterCreateTime": WHEN,
                    "Tags": PAIRS,
                }
            ]
        }
    },
    "sagemaker_endpoints": {
        "ListEndpoints": {
            "Endpoints": [
                {
                    "EndpointArn": arn("sagemaker", "endpoint/model"),
                    "EndpointName": "model",
                    "EndpointStatus": "InService",
                    "CreationTime": WHEN,
                    "LastModifiedTime": WHEN,
                }
            ]
        }
    },
    "sagemaker_notebook_instances": {
        "ListNotebookInstances": {
            "NotebookInstances": [
                {
                    "NotebookInstanceArn": arn("sagemaker", "notebook-instance/try"),
                    "NotebookInstanceName": "try",
                    "NotebookInstanceStatus": "InService",
                    "CreationTime": WHEN,
                }
            ]
        }
    },
}
