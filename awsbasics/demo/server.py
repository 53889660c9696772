"""moto's server in this process, on a free local port, with the overlay before it.

moto keeps its accounts in this process's memory, so a process has one demo: whoever opens a
second gets the first one's address, and the last to leave switches it off.
"""

import functools
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from awsbasics.demo.setting import DEMO_NOW
from awsbasics.errors import AwsbasicsError

SETTINGS: Mapping[str, str | None] = {
    # The documents of AWS's managed policies: without them attachments lead nowhere.
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # A second of loading for images that nothing here starts from.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    # Where it is set, all eight accounts are one.
    "MOTO_ACCOUNT_ID": None,
}
"""moto's variables while the server runs; None for one that must not be set."""


@dataclass
class _Shared:
    """The process's one server: its address, how many use it, and what closes it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0
    endpoint_url: str = ""
    closing: ExitStack = field(default_factory=ExitStack)


_shared = _Shared()


@contextmanager
def demo_server(now: datetime = DEMO_NOW) -> Iterator[str]:
    """Start the demo's server, empty; gives its endpoint URL, and stops it at the end.

    `now` is the time that its accounts see. Raises AwsbasicsError where moto is not installed.
    """
    with _shared.lock:
        if not _shared.users:
            with ExitStack() as stack:
                _shared.endpoint_url = stack.enter_context(_serve(now))
                _shared.closing = stack.pop_all()
        _shared.users += 1
    try:
        yield _shared.endpoint_url
    finally:
        with _shared.lock:
            _shared.users -= 1
            if not _shared.users:
                _shared.closing.close()


@contextmanager
def _serve(now: datetime) -> Iterator[str]:
    with _variables(SETTINGS):
        app, reset, handler = _import_moto()
        from awsbasics.demo.answers import ANSWERS, MENDS
        from awsbasics.demo.managed_policies import read_once
        from awsbasics.demo.overlay import Overlay
        from awsbasics.demo.repeatable import repeatable
        from awsbasics.demo.stack_resources import in_force

        with read_once(), in_force(), repeatable(now) as turns:
            reset()  # what an earlier server of this process left
            with _listen(Overlay(app, turns, ANSWERS, MENDS), handler) as endpoint_url:
                yield endpoint_url


def _import_moto() -> tuple[Any, Any, Any]:
    """moto's application, what empties it, and its request handler, made silent."""
    try:
        from moto.moto_api._internal.models import moto_api_backend
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
    except ImportError as error:
        raise AwsbasicsError(
            f"the demo needs moto ({error}): pip install 'awsbasics[demo]'"
        ) from error

    class Handler(MotoRequestHandler):
        def log(self, *args: Any) -> None:
            """Say nothing: the demo's terminal belongs to the kit."""

    app: Any = DomainDispatcherApplication(create_backend_app)
    app.debug = True  # lets errors through to the overlay
    # moto lists a folder of its package for every request: twice the work of answering it
    app.get_backend_for_host = functools.cache(app.get_backend_for_host)
    return app, moto_api_backend.reset, Handler


@contextmanager
def _listen(app: Any, handler: Any) -> Iterator[str]:
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True, name="demo-server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _variables(settings: Mapping[str, str | None]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    _set(settings)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
