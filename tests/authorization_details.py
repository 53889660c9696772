"""Made-up output of IAM's GetAccountAuthorizationDetails, in every shape that AWS documents.

A few specimens with names that tests know show each shape once; the rest of the account is
chosen at random from the same shapes, by a seed. AWS's counts of attachments and boundaries
agree with the principals, as in a real account.
Source: IAM API reference, "GetAccountAuthorizationDetails" and its data types.
"""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.policy_documents import MALFORMED, identity_documents, trust_documents, written

Item = dict[str, Any]

FORMS = ("data", "url", "text")
DATES = (
    "2019-12-18T19:10:08Z",
    "2024-02-29T00:00:00+00:00",
    "2026-10-31T23:59:59+00:00",
    "2026-11-01T02:30:00+02:00",
)
LAST_DATE = DATES[2]
HOSTILE_TAGS = {
    "application": "billing",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "=HYPERLINK(1)": "=cmd|'/c calc'!A1",
    "+formula": "@SUM(A1:A9)",
    "Größe": "naïve – 数据 🙂",
    "rtl": "שלום \u202eexe.txt",
    "empty": "",
}
AWS_POLICIES = (
    "AdministratorAccess",
    "ReadOnlyAccess",
    "job-function/SupportUser",
    "service-role/AWSLambdaBasicExecutionRole",
    "aws-service-role/AWSSupportServiceRolePolicy",
)
ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def authorization_details(
    account_id: str = "000000000012",
    principals: int = 300,
    seed: int = 1,
    partition: str = "aws",
    *,
    aws_policies: bool = True,
) -> dict[str, Any]:
    """What the AWS CLI prints for an account with so many users, groups and roles.

    The account never has fewer than the specimens. Without `aws_policies` the documents of
    AWS's own policies are missing, as after `--filter LocalManagedPolicy`.
    """
    account = _Account(account_id, seed, partition)
    groups = account.groups(principals // 10)
    users = account.users(principals * 3 // 10)
    roles = account.roles(max(0, principals - len(groups) - len(users)))
    policies = account.policies(aws_policies)
    _count_uses(policies, [*users, *groups, *roles])
    return {
        "UserDetailList": users,
        "GroupDetailList": groups,
        "RoleDetailList": roles,
        "Policies": policies,
    }


class _Account:
    """The maker of one account's items."""

    def __init__(self, account_id: str, seed: int, partition: str) -> None:
        self.account_id = account_id
        self.partition = partition
        self.random = random.Random(f"{seed} {account_id} {partition}")  # noqa: S311 - made up
        self.identity = identity_documents(partition, account_id)
        self.trust = trust_documents(partition, account_id)
        self.forms = itertools.cycle(FORMS)

    def groups(self, count: int) -> list[Item]:
        """Specimens and random groups; the first has all that a group can have."""
        payments = self._item("Group", "team-payments", "/teams/payments/")
        payments["GroupPolicyList"] = [
            self._inline("reports", "list of statements", "data"),
            self._inline("reports-by-url", "letters and signs", "url"),
        ]
        payments["AttachedManagedPolicies"] = [self._attached("ReadOnlyAccess", aws=True)]
        empty = self._item("Group", "nobody", "/")
        empty |= {"GroupPolicyList": [], "AttachedManagedPolicies": []}
        more = [self._random("Group", f"team-{n}") for n in range(count - 2)]
        self.group_names = [group["GroupName"] for group in (payments, *more)]
        return [payments, empty, *more]

    def users(self, count: int) -> list[Item]:
        """Specimens and random users; the second is in no group and has nothing optional."""
        ann = self._item("User", "ann", "/people/")
        ann["UserPolicyList"] = [self._inline("own", "variables", "text")]
        ann["GroupList"] = ["team-payments", *self.group_names[1:3]]
        ann["AttachedManagedPolicies"] = [self._attached("job-function/SupportUser", aws=True)]
        ann["PermissionsBoundary"] = self._boundary("limits/people")
        ann["Tags"] = _tags(HOSTILE_TAGS)
        bob = self._item("User", "bob", "/people/")
        more = [self._random("User", f"user.{n}@example.com") for n in range(count - 2)]
        for user in more:
            size = self.random.randint(0, min(3, len(self.group_names)))
            user["GroupList"] = self.random.sample(self.group_names, size)
        return [ann, bob, *more]

    def roles(self, count: int) -> list[Item]:
        """Specimens and random roles."""
        specimens = [*self._aws_roles(), *self._application_roles()]
        return [*specimens, *(self._role(n) for n in range(count - len(specimens)))]

    def policies(self, with_aws: bool) -> list[Item]:
        """The account's managed policies, and those of AWS's where they are wanted."""
        own = [self._policy("app/versions", ["everything", "single statement", "whole service"], 1)]
        own.append(self._policy("limits/people", ["NotAction"], 0))
        own += [self._policy(f"shape-{n}", [name], 0) for n, name in enumerate(self.identity)]
        for n, document in enumerate(MALFORMED):
            own.append(self._policy(f"malformed-{n}", ["everything"], 0))
            own[-1]["PolicyVersionList"][0]["Document"] = document
        names = AWS_POLICIES if with_aws else ()
        return own + [self._policy(name, ["conditions"], 0, aws=True) for name in names]

    def _aws_roles(self) -> Iterator[Item]:
        """A service-linked role, and the role of a permission set."""
        service = "support.amazonaws.com"
        linked = self._item("Role", "AWSServiceRoleForSupport", f"/aws-service-role/{service}/")
        linked["AssumeRolePolicyDocument"] = _service_trust(service)
        linked["AttachedManagedPolicies"] = [self._attached(AWS_POLICIES[-1], aws=True)]
        linked["RoleLastUsed"] = {}
        path = "/aws-reserved/sso.amazonaws.com/eu-west-1/"
        reserved = self._item("Role", "AWSReservedSSO_Payments_0123456789abcdef", path)
        reserved["AssumeRolePolicyDocument"] = self.trust["federated"]
        reserved["RolePolicyList"] = [
            self._inline("AwsSSOInlinePolicy", "list of actions, scalar resource", "data")
        ]
        reserved["RoleLastUsed"] = {"LastUsedDate": LAST_DATE, "Region": "eu-west-1"}
        yield from (linked, reserved)

    def _application_roles(self) -> Iterator[Item]:
        """Roles of applications: an instance profile, boundaries, uses, tags; and one without."""
        batch = self._item("Role", "billing-batch", "/billing/")
        batch["AssumeRolePolicyDocument"] = written(self.trust["service"], "url")
        batch["InstanceProfileList"] = [self._profile(batch)]
        batch["RolePolicyList"] = [self._inline("queries", "for a time", "url")]
        batch["AttachedManagedPolicies"] = [
            self._attached("app/versions"),
            self._attached("AdministratorAccess", aws=True),
        ]
        batch["PermissionsBoundary"] = self._boundary("ReadOnlyAccess", aws=True)
        batch["RoleLastUsed"] = {"LastUsedDate": "2026-11-01T02:30:00+02:00"}
        batch["Tags"] = _tags(HOSTILE_TAGS)
        plain = self._item("Role", "plain", "/")
        plain["AssumeRolePolicyDocument"] = written(self.trust["everyone"], "text")
        yield from (batch, plain)

    def _role(self, number: int) -> Item:
        role = self._random("Role", f"application-{number}")
        trust = list(self.trust.values())[number % len(self.trust)]
        role["AssumeRolePolicyDocument"] = written(trust, next(self.forms))
        role["RoleLastUsed"] = self.random.choice(
            [{}, {"LastUsedDate": LAST_DATE, "Region": "us-east-1"}, {"LastUsedDate": DATES[0]}]
        )
        role["InstanceProfileList"] = [self._profile(role)] if number % 7 == 0 else []
        return role

    def _random(self, kind: str, name: str) -> Item:
        """A principal with a random lot of what all kinds have."""
        item = self._item(kind, name, self.random.choice(["/", "/division/unit/", f"/{name}/"]))
        names = self.random.sample(sorted(self.identity), self.random.randint(0, 3))
        item[f"{kind}PolicyList"] = [self._inline(f"inline-{n}", n) for n in names]
        own = self.random.sample(range(len(self.identity)), self.random.randint(0, 2))
        item["AttachedManagedPolicies"] = [self._attached(f"shape-{n}") for n in own]
        if self.random.random() < 0.5:
            wide = self._attached(self.random.choice(AWS_POLICIES[:3]), aws=True)
            item["AttachedManagedPolicies"].append(wide)
        if kind != "Group":
            item["Tags"] = _tags({"team": name, "phase": self.random.choice(["dev", "prod"])})
            if self.random.random() < 0.3:
                item["PermissionsBoundary"] = self._boundary("limits/people")
        return item

    def _item(self, kind: str, name: str, path: str) -> Item:
        """What every principal has."""
        prefix = {"User": "AIDA", "Group": "AGPA", "Role": "AROA"}[kind]
        return {
            "Path": path,
            f"{kind}Name": name,
            f"{kind}Id": self._id(prefix),
            "Arn": self._arn(f"{kind.lower()}{path}{name}"),
            "CreateDate": self.random.choice(DATES[:2]),
        }

    def _policy(self, name: str, shapes: list[str], default: int, *, aws: bool = False) -> Item:
        """A managed policy with a version for each shape, the newest first as AWS lists them."""
        versions = [
            {
                "Document": written(self.identity[shape], next(self.forms)),
                "VersionId": f"v{len(shapes) - n}",
                "IsDefaultVersion": n == default,
                "CreateDate": DATES[0],
            }
            for n, shape in enumerate(shapes)
        ]
        path, _, base = f"/{name}".rpartition("/")
        return {
            "PolicyName": base,
            "PolicyId": self._id("ANPA"),
            "Arn": self._policy_arn(name, aws=aws),
            "Path": f"{path}/",
            "DefaultVersionId": versions[default]["VersionId"],
            "IsAttachable": True,
            "Description": "Größe & <b>bold</b>",
            "CreateDate": DATES[0],
            "UpdateDate": DATES[1],
            "PolicyVersionList": versions,
        }

    def _profile(self, role: Item) -> Item:
        """An instance profile with the role in it, which the API describes once more."""
        inside = dict(role)
        for name in ("InstanceProfileList", "RolePolicyList", "AttachedManagedPolicies"):
            inside.pop(name, None)
        used = {"RoleLastUsed": {"LastUsedDate": LAST_DATE, "Region": "eu-west-1"}}
        more = {"Description": "Runs at night", "MaxSessionDuration": 3600, **used}
        more["PermissionsBoundary"] = self._boundary("ReadOnlyAccess", aws=True)
        path, name = role["Path"], role["RoleName"]
        return {
            "Path": path,
            "InstanceProfileName": name,
            "InstanceProfileId": self._id("AIPA"),
            "Arn": self._arn(f"instance-profile{path}{name}"),
            "CreateDate": DATES[0],
            "Roles": [{**inside, **more, "Tags": _tags({"team": "night"})}],
            "Tags": _tags({"team": "night"}),
        }

    def _inline(self, name: str, shape: str, form: str = "") -> Item:
        name = "".join(letter for letter in name if letter.isalnum() or letter in "+=,.@-_")
        document = written(self.identity[shape], form or next(self.forms))
        return {"PolicyName": name, "PolicyDocument": document}

    def _attached(self, name: str, *, aws: bool = False) -> Item:
        arn = self._policy_arn(name, aws=aws)
        return {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn}

    def _boundary(self, name: str, *, aws: bool = False) -> Item:
        arn = self._policy_arn(name, aws=aws)
        kind = "PermissionsBoundaryPolicy"
        return {"PermissionsBoundaryType": kind, "PermissionsBoundaryArn": arn}

    def _policy_arn(self, name: str, *, aws: bool) -> str:
        owner = "aws" if aws else self.account_id
        return f"arn:{self.partition}:iam::{owner}:policy/{name}"

    def _arn(self, resource: str) -> str:
        return f"arn:{self.partition}:iam::{self.account_id}:{resource}"

    def _id(self, prefix: str) -> str:
        return prefix + "".join(self.random.choices(ID_LETTERS, k=17))


def _service_trust(service: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _tags(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _count_uses(policies: list[Item], principals: list[Item]) -> None:
    """Set what AWS counts of each policy: the principals that it is on, and that it bounds."""
    attached = Counter(
        policy["PolicyArn"] for p in principals for policy in p.get("AttachedManagedPolicies", ())
    )
    bounds = Counter(
        p["PermissionsBoundary"]["PermissionsBoundaryArn"]
        for p in principals
        if "PermissionsBoundary" in p
    )
    for policy in policies:
        policy["AttachmentCount"] = attached[policy["Arn"]]
        policy["PermissionsBoundaryUsageCount"] = bounds[policy["Arn"]]
