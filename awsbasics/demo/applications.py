"""The two applications, deployed by stacks in three environments (APP.1, APP.3, DEP.5, SG.2).

    good   billing: exact ARNs, groups of its own that refer to each other, its own secret;
           in production with a service role and termination protection
    bad    ledger: wildcards, a database port open to the world, a password as a parameter;
           in production with neither service role nor termination protection

The templates lie in `templates/`. VPCs come from stacks too: one for each application in
production (VPC.4: billing's with flow logs, ledger's without), a shared one in test (with)
and in development (without).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.setting import CANARY, HOME_REGION, REGIONS


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC's stack: account, name, second number of its range, whether flows are logged."""

    account: str
    stack: str
    number: int
    flow_logs: bool
    application: str = ""
    region: str = HOME_REGION


@dataclass(frozen=True, slots=True)
class Deployment:
    """An application's stack in one environment."""

    account: str
    application: str
    phase: str
    network: str

    @property
    def stack(self) -> str:
        """The stack's name."""
        return f"{self.application}-{self.phase}"


NETWORKS = (
    Network("billing-production", "billing-prod-network", 10, True, "billing"),
    Network("billing-production", "billing-prod-network", 11, True, "billing", REGIONS[1]),
    Network("ledger-production", "ledger-prod-network", 20, False, "ledger"),
    Network("test", "shared-network", 30, True),
    Network("development", "shared-network", 40, False),
)

DEPLOYMENTS = (
    Deployment("billing-production", "billing", "prod", "billing-prod-network"),
    Deployment("test", "billing", "test", "shared-network"),
    Deployment("development", "billing", "dev", "shared-network"),
    Deployment("ledger-production", "ledger", "prod", "ledger-prod-network"),
    Deployment("test", "ledger", "test", "shared-network"),
    Deployment("development", "ledger", "dev", "shared-network"),
)


CAREFUL = ("billing-production", "test")
"""Where billing has a pipeline, whose service role its stacks take."""


def build_applications(accounts: Mapping[str, Account]) -> None:
    """Create the pipelines, the networks and the applications."""
    for deployment in DEPLOYMENTS:
        account = accounts[deployment.account]
        if deployment.application == "billing" and account.name in CAREFUL:
            with account.ago(810):
                _create_pipeline(account, deployment)
    for network in NETWORKS:
        with accounts[network.account].ago(800):
            _create_network(accounts[network.account], network)
    for deployment in DEPLOYMENTS:
        with accounts[deployment.account].ago(700 if deployment.phase == "prod" else 640):
            _deploy(accounts[deployment.account], deployment)


def stack_outputs(account: Account, name: str, region: str = HOME_REGION) -> dict[str, str]:
    """The outputs of a stack by their keys."""
    client = account.client("cloudformation", region)
    outputs = client.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def _create_network(account: Account, network: Network) -> None:
    parameters = {
        "Cidr": f"10.{network.number}.0.0/16",
        "PublicCidr": f"10.{network.number}.0.0/24",
        "PrivateCidr": f"10.{network.number}.1.0/24",
        "FlowLogs": "on" if network.flow_logs else "off",
    }
    _create_stack(
        account,
        network.stack,
        "network",
        parameters,
        network.application,
        network.region,
        **_careful(account, network.application),
    )


def _deploy(account: Account, deployment: Deployment) -> None:
    network = stack_outputs(account, deployment.network)
    parameters = {
        "Phase": deployment.phase,
        "VpcId": network["VpcId"],
        "SubnetId": network["PrivateSubnetId"],
    }
    if deployment.application == "ledger":
        parameters["AdminToken"] = CANARY
    application = deployment.application
    careful = _careful(account, application)
    _create_stack(account, deployment.stack, application, parameters, application, **careful)


def _create_pipeline(account: Account, deployment: Deployment) -> None:
    """The stack that deploys the others; an administrator deploys it, once."""
    name = f"{deployment.stack}-pipeline"
    parameters = {"Application": deployment.application, "Phase": deployment.phase}
    protected: Any = {"EnableTerminationProtection": deployment.phase == "prod"}
    _create_stack(account, name, "pipeline", parameters, deployment.application, **protected)


def _careful(account: Account, application: str) -> dict[str, Any]:
    """Service role and termination protection, where an application takes such care."""
    if application != "billing" or account.name not in CAREFUL:
        return {}
    phase = "test" if account.name == "test" else "prod"
    role = stack_outputs(account, f"billing-{phase}-pipeline")["CloudFormationRoleArn"]
    return {"RoleARN": role, "EnableTerminationProtection": phase == "prod"}


def _create_stack(
    account: Account,
    name: str,
    template: str,
    parameters: Mapping[str, str],
    application: str,
    region: str = HOME_REGION,
    **settings: Any,
) -> None:
    """Create a stack of one of the templates."""
    tags = [{"Key": "application", "Value": application}] if application else []
    account.client("cloudformation", region).create_stack(
        StackName=name,
        TemplateBody=_template(template),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        Tags=tags,
        Capabilities=["CAPABILITY_NAMED_IAM"],
        **settings,
    )


def _template(name: str) -> str:
    return (files(__package__) / "templates" / f"{name}.yaml").read_text(encoding="utf-8")
