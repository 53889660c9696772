import os

import boto3
import pytest

from awsbasics.demo import DemoOrganization, demo_environment, demo_session


def test_every_client_reaches_the_demo_as_its_assessor(
    demo_endpoint: str, organization: DemoOrganization
) -> None:
    with demo_environment(demo_endpoint):
        for session in (boto3.Session(), demo_session()):
            client = session.client("sts")
            assert client.meta.endpoint_url == demo_endpoint
            identity = client.get_caller_identity()
            assert identity["Account"] == organization.management_account_id
            assert identity["Arn"].endswith(":assumed-role/security-assessor/awsbasics")


def test_profiles_and_service_endpoints_of_the_user_are_set_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "https://elsewhere.example.com")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "somebody's")
    with demo_environment("http://127.0.0.1:1"):
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_STS", "AWS_SESSION_TOKEN"):
            assert name not in os.environ
        assert boto3.Session().client("sts").meta.endpoint_url == "http://127.0.0.1:1"


def test_the_demo_is_reached_past_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet.example.com")
    with demo_environment("http://127.0.0.1:1"):
        assert os.environ["NO_PROXY"] == "intranet.example.com,127.0.0.1"


def test_the_environment_comes_back_whole_also_after_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    before = dict(os.environ)

    def fail() -> None:
        with demo_environment("http://127.0.0.1:1"):
            raise RuntimeError("something went wrong inside")

    with pytest.raises(RuntimeError):
        fail()
    assert dict(os.environ) == before
