"""What moto lacks or says wrongly about workloads.

What is wrong with moto's own answers:

    DescribeRegions              all regions, whether switched on or not
    DescribeSecurityGroupRules   no owner, no ARN
    DescribeNetworkInterfaces    groups in any order, also in DescribeInstances
    DescribeStacks, ListStacks   parameters with NoEcho in clear; no drift status
    ListStackResources           blank rows for what a condition kept from being made
    GetKeyPolicy                 wants the policy's name
    DescribeTrails               members do not see the organization's trail
    GetTrailStatus               no delivery errors
    GetEventSelectors            nothing where AWS answers with the default selector
    RotateSecret                 runs a function in Docker
    GetResourcePolicy            refuses replicas
    ListSecrets                  no last read
    ListSecretVersionIds         the name for ARN; all versions made at the time of the question
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudformation.models import cloudformation_backends
from moto.cloudtrail.models import cloudtrail_backends
from moto.core.utils import utcnow
from moto.kms.models import kms_backends
from moto.moto_api._internal import mock_random
from moto.secretsmanager.models import ReplicaSecret, secretsmanager_backends
from moto.utilities.utils import get_partition

from awsbasics.demo.extras import DELIVERY_ERRORS, SECRET_LAST_READ
from awsbasics.demo.overlay import Call, Output, Refusal
from awsbasics.demo.setting import ACCOUNT_IDS, HOME_REGION, MANAGEMENT, REGIONS

DEFAULT_SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def regions(call: Call, output: Output) -> Output:
    """Two regions are on; the others are listed only where all are asked for."""
    everything = call.parameters.get("AllRegions", "false").lower() == "true"
    kept = []
    for region in output["Regions"]:
        is_on = region["RegionName"] in REGIONS
        region["OptInStatus"] = "opt-in-not-required" if is_on else "not-opted-in"
        if is_on or everything:
            kept.append(region)
    return {"Regions": kept}


def security_group_rules(call: Call, output: Output) -> Output:
    """Give each rule its owner and its ARN."""
    prefix = f"arn:{get_partition(call.region)}:ec2:{call.region}:{call.account_id}"
    for rule in output["SecurityGroupRules"]:
        rule["GroupOwnerId"] = call.account_id
        rule["SecurityGroupRuleArn"] = f"{prefix}:security-group-rule/{rule['SecurityGroupRuleId']}"
    return output


def network_interfaces(call: Call, output: Output) -> Output:
    """Groups in a fixed order."""
    del call
    for interface in output["NetworkInterfaces"]:
        interface["Groups"].sort(key=_group_id)
    return output


def instances(call: Call, output: Output) -> Output:
    """Groups in a fixed order."""
    del call
    for instance in (found for each in output["Reservations"] for found in each["Instances"]):
        for holder in instance["NetworkInterfaces"]:
            holder["Groups"].sort(key=_group_id)
    return output


def _group_id(group: dict[str, str]) -> str:
    return group["GroupId"]


def stacks(call: Call, output: Output) -> Output:
    """Hide the parameters that the template hides; nobody looked for drift."""
    backend = cloudformation_backends[call.account_id][call.region]
    for stack in output["Stacks"]:
        hidden = backend.get_stack(stack["StackId"]).resource_map.no_echo_parameter_keys
        for parameter in stack.get("Parameters", []):
            if parameter["ParameterKey"] in hidden:
                parameter["ParameterValue"] = "****"
        stack["DriftInformation"] = {"StackDriftStatus": "NOT_CHECKED"}
    return output


def stack_summaries(call: Call, output: Output) -> Output:
    """Nobody looked for drift."""
    del call
    for stack in output["StackSummaries"]:
        stack["DriftInformation"] = {"StackDriftStatus": "NOT_CHECKED"}
    return output


def stack_resources(call: Call, output: Output) -> Output:
    """Leave out what a condition kept from being made."""
    del call
    made = [each for each in output["StackResourceSummaries"] if each["LogicalResourceId"]]
    return {**output, "StackResourceSummaries": made}


def trails(call: Call, output: Output) -> Output:
    """Show members the organization's trails, too: shadows of the management account's."""
    shadows = str(call.parameters.get("includeShadowTrails", True)).lower() == "true"
    owner = ACCOUNT_IDS[MANAGEMENT]
    if call.account_id != owner and shadows:
        for trail in cloudtrail_backends[owner][HOME_REGION].trails.values():
            if trail.is_org_trail and (trail.is_multi_region or call.region == HOME_REGION):
                found = trail.description(include_region=True)
                output["trailList"].append({k: v for k, v in found.items() if v is not None})
    return output


def trail_status(call: Call, output: Output) -> Output:
    """Tell where log files do not arrive; leave out what moto leaves blank."""
    name = call.parameters["Name"].rpartition("/")[2]
    output = {key: value for key, value in output.items() if value != ""}
    if name in DELIVERY_ERRORS:
        output["LatestDeliveryError"] = DELIVERY_ERRORS[name]
        output["LatestDeliveryTime"] = utcnow() - timedelta(days=19)
    return output


def event_selectors(call: Call, output: Output) -> Output:
    """A trail without selectors of its own logs all management events."""
    del call
    if output.get("EventSelectors") or output.get("AdvancedEventSelectors"):
        return {key: value for key, value in output.items() if value}
    return {"TrailARN": output["TrailARN"], "EventSelectors": [DEFAULT_SELECTOR]}


def secrets(call: Call, output: Output) -> Output:
    """Say when each secret was last read."""
    del call
    for secret in output["SecretList"]:
        days = SECRET_LAST_READ.get(secret["Name"], 1)
        if days is not None:
            midnight = utcnow().replace(hour=0, minute=0, second=0, microsecond=0)
            secret["LastAccessedDate"] = midnight - timedelta(days=days)
    return output


def secret_versions(call: Call, output: Output) -> Output:
    """Say when each version was made; no token where there is no further page."""
    secret = _secret(call)
    for version in output["Versions"]:
        made = secret.versions[version["VersionId"]]["createdate"]
        version["CreatedDate"] = datetime.fromtimestamp(made, UTC)
        version.pop("LastAccessedDate", None)
    return {"ARN": secret.arn, "Name": secret.name, "Versions": output["Versions"]}


def key_policy(call: Call) -> Output | None:
    """The default policy of a key, also where it is not asked for by name."""
    if "PolicyName" in call.parameters:
        return None
    backend = kms_backends[call.account_id][call.region]
    key = backend.keys.get(backend.get_key_id(call.parameters["KeyId"]))
    if key is None:
        raise Refusal("NotFoundException", f"Key '{call.parameters['KeyId']}' does not exist")
    return {"Policy": key.policy, "PolicyName": "default"}


def replica_policy(call: Call) -> Output | None:
    """A replica has the policy of its primary secret; otherwise moto's answer."""
    secret = _secret(call)
    if not isinstance(secret, ReplicaSecret):
        return None
    policy = {"ResourcePolicy": secret.source.policy} if secret.source.policy else {}
    return {"ARN": secret.arn, "Name": secret.name, **policy}


def rotate_secret(call: Call) -> Output:
    """Switch rotation on and rotate once."""
    secret, parameters = _secret(call), call.parameters
    version_id = rotate(secret, parameters["RotationLambdaARN"], parameters["RotationRules"])
    return {"ARN": secret.arn, "Name": secret.name, "VersionId": version_id}


def _secret(call: Call) -> Any:
    """The secret that a call names, as moto keeps it."""
    secret_id = call.parameters["SecretId"]
    found = secretsmanager_backends[call.account_id][call.region].secrets
    if secret_id not in found:
        raise Refusal(
            "ResourceNotFoundException", "Secrets Manager can't find the specified secret."
        )
    return found[secret_id]


def rotate(secret: Any, function_arn: str, rules: dict[str, Any]) -> str:
    """Leave one of moto's secrets as if its function had rotated it; gives the new version's id."""
    now = int(utcnow().replace(tzinfo=UTC).timestamp())
    days = int(rules["AutomaticallyAfterDays"])
    version_id = str(mock_random.uuid4())
    version = {
        "createdate": now,
        "version_id": version_id,
        "version_stages": ["AWSCURRENT"],
        "secret_string": secret.secret_string,
    }
    secret.reset_default_version(version, version_id)
    for old in [key for key, kept in secret.versions.items() if not kept["version_stages"]]:
        del secret.versions[old]  # AWS forgets versions without a stage
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = function_arn
    secret.auto_rotate_after_days = days
    secret.last_rotation_date = secret.last_changed_date = now
    secret.next_rotation_date = now + days * 86400
    return version_id
