"""One account of the demo, as its builder holds it: plain boto3 clients, and a clock."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import boto3
import botocore.session
from botocore.config import Config

from awsbasics.demo.setting import (
    ACCESS_KEY_ID,
    ACCOUNT_IDS,
    HOME_REGION,
    MANAGEMENT,
    ROLE,
    SECRET_ACCESS_KEY,
)

TIME_HEADER = "X-Demo-Time"
"""The request header that tells the overlay when a call happens (ISO 8601)."""

CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=60)


class Account:
    """An account by name and id; `client` gives boto3 clients that act in it."""

    def __init__(
        self, name: str, core: botocore.session.Session, endpoint_url: str, now: datetime
    ) -> None:
        self.name = name
        self.id = ACCOUNT_IDS[name]
        self.now = now
        self.core = core
        self._session: Any = boto3.Session(botocore_session=core, region_name=HOME_REGION)
        self._endpoint_url = endpoint_url
        self._clients: dict[tuple[str, str], Any] = {}
        self._tokens: Counter[str] = Counter()
        events = core.get_component("event_emitter")
        events.register("before-sign", self._tell_time)
        events.register_first("before-parameter-build", self._give_token)

    def client(self, service: str, region: str = HOME_REGION) -> Any:
        """A boto3 client of this account, made once."""
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._session.client(
                service, region_name=region, endpoint_url=self._endpoint_url, config=CONFIG
            )
        return self._clients[key]

    @contextmanager
    def ago(self, days: float) -> Iterator[None]:
        """Inside it, this account's calls happen so many days before now."""
        before = self.now
        self.now = before - timedelta(days=days)
        try:
            yield
        finally:
            self.now = before

    def arn(self, service: str, resource: str, region: str = "") -> str:
        """An ARN in this account; the demo plays in the partition `aws` alone."""
        return f"arn:aws:{service}:{region}:{self.id}:{resource}"

    def _tell_time(self, request: Any, **_: Any) -> None:
        if "/sts/" not in str(request.context.get("signing")) and request.headers:
            request.headers[TIME_HEADER] = self.now.isoformat()

    def _give_token(self, params: Any, model: Any, **_: Any) -> None:
        """Idempotency tokens that are the same in every build; boto3's are drawn by lot."""
        for name in model.idempotent_members:
            self._tokens[model.name] += 1
            seed = f"{self.id}|{model.name}|{self._tokens[model.name]}"
            params.setdefault(name, str(uuid5(NAMESPACE_OID, seed)))


def management_account(endpoint_url: str, now: datetime) -> Account:
    """The demo's management account, by its fixed credentials."""
    core = _core(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None)
    return Account(MANAGEMENT, core, endpoint_url, now)


def member_account(management: Account, endpoint_url: str, name: str) -> Account:
    """A member, entered as its `OrganizationAccountAccessRole`."""
    arn = f"arn:aws:iam::{ACCOUNT_IDS[name]}:role/{ROLE}"
    answer = management.client("sts").assume_role(RoleArn=arn, RoleSessionName="demo-builder")
    given = answer["Credentials"]
    core = _core(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    # Else each account reads the models of all services again.
    core.register_component("data_loader", management.core.get_component("data_loader"))
    return Account(name, core, endpoint_url, management.now)


def _core(key_id: str, secret: str, token: str | None) -> botocore.session.Session:
    """A session that reads nobody's profiles, so that the demo is built of itself alone."""
    core = botocore.session.Session(
        session_vars={"profile": (None, None, None, None), "config_file": (None, None, "", None)}
    )
    core.set_credentials(key_id, secret, token)
    return core
