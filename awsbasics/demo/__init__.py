"""The demo organization: eight accounts on moto, in one process, reached over HTTP like AWS.

    from awsbasics.demo import build_organization, demo_environment, demo_server

    with demo_server() as endpoint_url, demo_environment(endpoint_url):
        organization = build_organization(endpoint_url)
        ...  # from here boto3, and so the kit, meets an organization as on AWS

What moto lacks is answered before it (`overlay`, `answers`), never by the kit. All names,
numbers and people are invented; ids and times are the same in every run.
"""

from awsbasics.demo.environment import demo_environment, demo_session
from awsbasics.demo.organization import ENGAGEMENT, DemoOrganization, build_organization
from awsbasics.demo.server import demo_server
from awsbasics.demo.setting import CANARY, DEMO_NOW, REGIONS

__all__ = [
    "CANARY",
    "DEMO_NOW",
    "ENGAGEMENT",
    "REGIONS",
    "DemoOrganization",
    "build_organization",
    "demo_environment",
    "demo_server",
    "demo_session",
]
