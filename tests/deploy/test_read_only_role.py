"""The role for an assessment, as its template would deploy it."""

import re
import subprocess
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from awsbasics.cloudformation.load import load_template
from awsbasics.collect.permissions import MANAGED_POLICY_LIMIT, needed_actions, size
from tests.project.requirements import ROOT
from tools.write_role import written

TEXT = (ROOT / "deploy" / "read-only-role.yaml").read_text(encoding="utf-8")
TEMPLATE = load_template(TEXT)
ASSESSOR = "arn:aws:iam::111111111111:role/assessor"
GIVEN = {
    "TrustedPrincipal": ASSESSOR,
    "ExternalId": "a-long-text",
    "EndDate": "2027-01-31T00:00:00Z",
}
TRAIL = {"TrailBucketName": "logs"}
TRAIL_KEY = "arn:aws:kms:eu-west-1:111111111111:key/1"
SECRET_READS = [
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "ssm:GetParameterHistory",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "kms:Decrypt",
]


class Deployed:
    """The template's resources with its parameters filled in."""

    def __init__(self, **parameters: str) -> None:
        declared = TEMPLATE["Parameters"]
        defaults = {name: one["Default"] for name, one in declared.items() if "Default" in one}
        self.values = {"AWS::Partition": "aws", **defaults, **GIVEN, **parameters}
        for name in declared:
            assert re.fullmatch(declared[name].get("AllowedPattern", ".*"), self.values[name])
        self.resources = self.fill(TEMPLATE["Resources"])
        self.role = self.resources["Role"]["Properties"]

    def fill(self, part: Any) -> Any:
        if isinstance(part, list):
            return [filled for one in part if (filled := self.fill(one)) is not None]
        if not isinstance(part, Mapping):
            return part
        match list(part.items()):
            case [("Ref", name)]:
                return self.values.get(name, None if name == "AWS::NoValue" else name)
            case [("Fn::Sub", text)]:
                return re.sub(r"\$\{([^!][^}]*)\}", lambda found: self.values[found[1]], text)
            case [("Fn::If", [name, yes, no])]:
                return self.fill(yes if self.holds({"Condition": name}) else no)
        return {key: self.fill(value) for key, value in part.items()}

    def holds(self, condition: Any) -> bool:
        [(name, of)] = condition.items()
        match name:
            case "Condition":
                return self.holds(TEMPLATE["Conditions"][of])
            case "Fn::Equals":
                one, other = self.fill(of)
                return bool(one == other)
            case "Fn::Not":
                return not self.holds(of[0])
        assert name == "Fn::And"
        return all(map(self.holds, of))

    def statements(self, effect: str) -> list[dict[str, Any]]:
        managed = [r for r in self.resources.values() if r["Type"] == "AWS::IAM::ManagedPolicy"]
        documents = [one["PolicyDocument"] for one in self.role["Policies"]]
        documents += [one["Properties"]["PolicyDocument"] for one in managed]
        return [s for one in documents for s in one["Statement"] if s["Effect"] == effect]

    def allows(self, action: str, resource: str = "*") -> bool:
        """Before the end date."""
        denied = any(
            covers(statement, action, resource)
            for statement in self.statements("Deny")
            if "Condition" not in statement
        )
        return not denied and any(covers(s, action, resource) for s in self.statements("Allow"))


def covers(statement: dict[str, Any], action: str, resource: str) -> bool:
    if not any(fnmatchcase(action, pattern) for pattern in listed(statement["Action"])):
        return False
    if "NotResource" in statement:
        return not any(fnmatchcase(resource, one) for one in listed(statement["NotResource"]))
    return any(fnmatchcase(resource, pattern) for pattern in listed(statement["Resource"]))


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def test_its_actions_are_those_of_todays_tables() -> None:
    assert written(TEXT) == TEXT, "run `make format`"


def test_an_action_that_is_missing_would_be_noticed() -> None:
    without = TEXT.replace("              - ec2:DescribeVpcs\n", "")
    assert without != TEXT
    assert written(without) == TEXT


def test_cloudformations_linter_has_nothing_to_say() -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    command = [linter, ROOT / "deploy" / "read-only-role.yaml"]
    regions = ["--regions", "us-east-1", "us-gov-west-1", "cn-north-1"]
    result = subprocess.run([*command, *regions], capture_output=True, text=True, check=False)
    assert result.stdout + result.stderr == ""
    assert result.returncode == 0


def test_it_allows_every_call_of_a_gather_and_no_other() -> None:
    deployed = Deployed()
    assert all(deployed.allows(action) for action in needed_actions())
    actions = {a for s in deployed.statements("Allow") for a in listed(s["Action"])}
    assert actions == set(needed_actions())


def test_its_policies_are_no_longer_than_iam_takes() -> None:
    for resource in Deployed().resources.values():
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            assert size(resource["Properties"]["PolicyDocument"]) <= MANAGED_POLICY_LIMIT


def test_only_the_assessor_with_the_external_id_may_assume_it_and_only_until_the_end_date() -> None:
    [statement] = Deployed().role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": ASSESSOR}
    assert statement["Condition"] == {
        "StringEquals": {"sts:ExternalId": "a-long-text"},
        "DateLessThan": {"aws:CurrentTime": "2027-01-31T00:00:00Z"},
    }


def test_sessions_end_with_the_end_date_too() -> None:
    denials = [s for s in Deployed().statements("Deny") if "Condition" in s]
    assert [(s["Action"], s["Resource"], s["Condition"]) for s in denials] == [
        ("*", "*", {"DateGreaterThanEquals": {"aws:CurrentTime": "2027-01-31T00:00:00Z"}})
    ]


@pytest.mark.parametrize("action", SECRET_READS)
def test_reading_values_is_denied_whatever_else_is_attached(action: str) -> None:
    denials = [s for s in Deployed().statements("Deny") if "Condition" not in s]
    assert any(covers(statement, action, "arn:aws:any:thing") for statement in denials)


def test_trail_logs_are_read_only_where_their_bucket_is_named() -> None:
    log = "arn:aws:s3:::logs/AWSLogs/1.json.gz"
    assert not Deployed().allows("s3:GetObject", log)
    assert Deployed(**TRAIL).allows("s3:GetObject", log)
    assert Deployed(**TRAIL).allows("s3:ListBucket", "arn:aws:s3:::logs")
    assert not Deployed(**TRAIL).allows("s3:GetObject", "arn:aws:s3:::payroll/a")


def test_only_the_trails_key_decrypts_and_only_beside_its_bucket() -> None:
    assert not Deployed(**TRAIL).allows("kms:Decrypt", TRAIL_KEY)
    assert not Deployed(TrailKeyArn=TRAIL_KEY).allows("kms:Decrypt", TRAIL_KEY)
    both = Deployed(**TRAIL, TrailKeyArn=TRAIL_KEY)
    assert both.allows("kms:Decrypt", TRAIL_KEY)
    assert not both.allows("kms:Decrypt", TRAIL_KEY.replace("/1", "/2"))


def test_members_are_entered_only_from_the_account_that_is_told_so() -> None:
    member = "arn:aws:iam::222222222222:role/awsbasics-read-only"
    assert not Deployed().allows("sts:AssumeRole", member)
    home = Deployed(EntersMembers="yes")
    assert home.allows("sts:AssumeRole", member)
    assert not home.allows("sts:AssumeRole", member.replace("awsbasics-read-only", "Admin"))
    [statement] = [s for s in home.statements("Allow") if s["Action"] == "sts:AssumeRole"]
    assert statement["Condition"] == {
        "StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}
    }


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn"])
def test_its_arns_are_of_the_partition_it_is_deployed_in(partition: str) -> None:
    filled = Deployed(**TRAIL, **{"AWS::Partition": partition}, EntersMembers="yes")
    texts = re.findall(
        r"'(arn:[^']*)'", str(filled.statements("Allow") + filled.statements("Deny"))
    )
    assert len(texts) == 4
    assert {text.split(":")[1] for text in texts} == {partition}


def test_it_says_that_the_management_account_needs_a_stack_of_its_own() -> None:
    comments = " ".join(line.lstrip("# ") for line in TEXT.splitlines() if line.startswith("#"))
    assert "Service-managed StackSets leave out the management account" in comments
