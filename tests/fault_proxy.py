"""microburst, a proxy that injects AWS's faults in the words of each protocol, as a process."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

START_SECONDS = 30


@dataclass(frozen=True)
class FaultProxy:
    """A running proxy, and its control."""

    url: str

    def rules(self, *rules: dict[str, Any]) -> None:
        """Inject these faults from now on, in place of those before, and forget what fired."""
        self._control("POST", "rules", list(rules))
        self._control("DELETE", "fired")

    def fired(self) -> list[dict[str, Any]]:
        """The faults injected since the rules were set."""
        found: list[dict[str, Any]] = self._control("GET", "fired")
        return found

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/_microburst/{path}", data, method=method)  # noqa: S310
        with build_opener(ProxyHandler({})).open(request, timeout=10) as response:
            return json.loads(response.read() or b"null")


@contextmanager
def fault_proxy(behind: str) -> Iterator[FaultProxy]:
    """A proxy before the endpoint at the URL `behind`, without faults to begin with."""
    port = _free_port()
    command = [sys.executable, "-m", "microburst", "--upstream", behind, "--port", str(port)]
    with subprocess.Popen(
        [*command, "--no-resign"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            proxy = FaultProxy(f"http://127.0.0.1:{port}")
            _wait(proxy, process)
            yield proxy
        finally:
            process.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(proxy: FaultProxy, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 10):
        with suppress(OSError):
            proxy.rules()
            return
        if process.poll() is not None:
            raise RuntimeError("the proxy ended at once")
        time.sleep(0.1)
    raise RuntimeError("the proxy does not answer")
