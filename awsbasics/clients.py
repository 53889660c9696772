"""boto3 clients, one for each service and region, that all accounts of a gather share.

A client costs 10 to 200 milliseconds of CPU and its connections a handshake each, so that an
organization would spend most of its gather on making them. Here a thread says for which account
it acts, and what it signs carries that account's credentials. A thread that says nothing
cannot sign, unless there is only one account.
"""

import copy
import re
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.credentials import Credentials

from awsbasics import __version__
from awsbasics.collect.outcome import is_throttled
from awsbasics.collect.whole import check_whole
from awsbasics.pace import Pace

CONNECT_TIMEOUT_SECONDS = 10
READ_TIMEOUT_SECONDS = 60
ATTEMPTS = 10
EXPIRED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
# S3 Control puts the account before the host, which names nothing where the host is an address,
# as an emulator's is.
_ACCOUNT_BEFORE_ADDRESS = re.compile(r"(?<=//)\d{12}\.(?=(?:localhost|\d+(?:\.\d+){3})[:/])")


class AccountSession:
    """Calls in one account's name, from many threads.

    `account_id` is the account that the credentials act in; `expired` turns true when AWS
    says that they are no longer good. `member` gives the same for another account.
    """

    def __init__(self, session: boto3.Session, account_id: str, workers: int = 32) -> None:
        self.session = session
        self.account_id = account_id
        self.expired = False
        self.credentials: Any = session.get_credentials()
        self._paces: dict[tuple[str, str], Pace] = {}
        self._clients = Clients(session, workers)
        self._clients.only = self

    def member(self, account_id: str, credentials: Any) -> "AccountSession":
        """The same clients in another account's name."""
        self._clients.only = None
        other = copy.copy(self)
        other.__dict__.update(
            account_id=account_id, credentials=credentials, expired=False, _paces={}
        )
        return other

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client; call it within `acting`."""
        return self._clients.client(service, region or self.session.region_name)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Within this, what the thread calls is called in this account's name."""
        local = self._clients.local
        before = getattr(local, "account", None)
        local.account = self
        try:
            yield
        finally:
            local.account = before

    def stop(self) -> None:
        """Let no further call begin, in this account's name or a member's."""
        self._clients.stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether calls begin no more, so that what is read from now on is not whole."""
        return self._clients.stopped.is_set()

    def pace(self, service: str, region: str) -> Pace:
        """How fast this account may call a service in a region."""
        return self._paces.setdefault((service, region), Pace())


class Clients:
    """The clients, and who acts in which thread; `only` is the account where there is one."""

    def __init__(self, session: boto3.Session, workers: int) -> None:
        self.only: AccountSession | None = None
        self.local = threading.local()
        self.stopped = threading.Event()
        # A copy, so that whatever the session was given holds here too: profile, hooks, loader.
        core = cast("Any", copy.copy(session._session))  # noqa: SLF001 - boto3 has no public way
        core._credentials = _ActingCredentials(self)  # noqa: SLF001 - as botocore's docs do
        self._core = core
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._config = patient_config(max_pool_connections=max(2 * workers, 10))

    def client(self, service: str, region: str) -> Any:
        """A client; botocore makes them safely only one at a time, hence the lock."""
        with self._lock:
            if (service, region) not in self._made:
                self._made[service, region] = self._make(service, region)
            return self._made[service, region]

    def account(self) -> AccountSession:
        """For whom the thread acts."""
        account: AccountSession | None = getattr(self.local, "account", None) or self.only
        if account is None:
            raise RuntimeError("a call outside of AccountSession.acting(): whose is it?")
        return account

    def _make(self, service: str, region: str) -> Any:
        client = self._core.create_client(service, region_name=region, config=self._config)
        events = client.meta.events
        events.register("before-sign.s3-control", _plain_address)
        events.register("before-send", partial(self._before_send, service, region))
        events.register("needs-retry", partial(self._answered, service, region))
        events.register("before-parse", check_whole)
        events.register("after-call", self._notice_expiry)
        return client

    def _before_send(self, service: str, region: str, **_: Any) -> None:
        self.account().pace(service, region).wait()
        if self.stopped.is_set():
            raise CancelledError

    def _answered(self, service: str, region: str, *, response: Any, **_: Any) -> None:
        if response is not None:
            error = response[1].get("Error", {})
            throttled = is_throttled(str(error.get("Code", "")), response[0].status_code)
            self.account().pace(service, region).answered(throttled=throttled)

    def _notice_expiry(self, *, parsed: Any, **_: Any) -> None:
        if parsed.get("Error", {}).get("Code") in EXPIRED_CODES:
            self.account().expired = True


class _ActingCredentials(Credentials):
    """The credentials of the account for which the thread acts."""

    def __init__(self, clients: Clients) -> None:
        super().__init__("", "", method="awsbasics")
        self._clients = clients

    def get_frozen_credentials(self) -> Any:
        """What botocore signs with."""
        return self._clients.account().credentials.get_frozen_credentials()


def patient_config(**more: Any) -> Config:
    """Ten attempts at each call, and time to answer; the pace is the kit's own."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        user_agent_extra=f"awsbasics/{__version__}",
        **more,
    )


def _plain_address(request: Any, **_: Any) -> None:
    request.url = _ACCOUNT_BEFORE_ADDRESS.sub("", request.url)
