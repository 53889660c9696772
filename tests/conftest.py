"""Fixtures that several parts share: the demo organization, built once in a process."""

from collections.abc import Iterator

import pytest

from awsbasics.assessment import Assessment, assess
from awsbasics.collect import collect
from awsbasics.demo import (
    ENGAGEMENT,
    DemoOrganization,
    build_organization,
    demo_environment,
    demo_server,
    demo_session,
)
from awsbasics.engagement import load_engagement
from tests.faulty_aws import FaultyAws, faulty_aws


@pytest.fixture(scope="session")
def demo_endpoint() -> Iterator[str]:
    """The demo's server, empty until `organization` fills it."""
    with demo_server() as endpoint_url:
        yield endpoint_url


@pytest.fixture(scope="session")
def organization(demo_endpoint: str) -> DemoOrganization:
    """The demo organization behind `demo_endpoint`."""
    with demo_environment(demo_endpoint):
        return build_organization(demo_endpoint)


@pytest.fixture(scope="session")
def demo_assessment(
    demo_endpoint: str, organization: DemoOrganization, tmp_path_factory: pytest.TempPathFactory
) -> Assessment:
    """The demo organization, gathered and assessed once."""
    with demo_environment(demo_endpoint):
        folder = tmp_path_factory.mktemp("demo") / "snapshot"
        snapshot = collect(folder, session=demo_session(), role=organization.role)
    return assess(snapshot, load_engagement(ENGAGEMENT), as_of=organization.now.isoformat())


@pytest.fixture
def faulty_demo(demo_endpoint: str, organization: DemoOrganization) -> Iterator[FaultyAws]:
    """The demo behind an endpoint that counts calls and refuses what a test names."""
    with faulty_aws(demo_endpoint) as aws, demo_environment(aws.url):
        yield aws
