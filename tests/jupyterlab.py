"""JupyterLab as a process of an environment of its own, on a folder of notebooks."""

import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

COMMAND = Path(__file__).parents[1] / ".venv-lab/bin/jupyter-lab"
START_SECONDS = 60
SETTINGS = {
    # Cells out of sight are part of the page too.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
}


@contextmanager
def jupyterlab(folder: Path, home: Path) -> Iterator[str]:
    """A fresh server on a folder: its URL, to which a notebook's name is added, has a token.

    Without its environment the test is skipped, but in CI it fails.
    """
    if not COMMAND.exists():
        missing = "JupyterLab's environment is missing; `make lab-env` makes it"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    port, token = _free_port(), secrets.token_hex()
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "ServerApp.port_retries": "0",
        "ServerApp.root_dir": str(folder),
        "ServerApp.allow_root": "True",
        "ServerApp.open_browser": "False",
        "IdentityProvider.token": token,
        "LabApp.extension_manager": "readonly",
        "LabApp.user_settings_dir": str(_settings(home)),
        "LabApp.workspaces_dir": str(home / "workspaces"),
    }
    command = [str(COMMAND), *(f"--{name}={value}" for name, value in options.items())]
    variables = {"HOME": str(home), "PATH": os.environ["PATH"], "JUPYTER_PLATFORM_DIRS": "1"}
    log = home / "jupyterlab.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=folder, env=variables, stdout=output, stderr=output
        ) as process,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/api", process, log)
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token={token}"
        finally:
            process.terminate()  # and not killed: it ends its kernels


def _settings(home: Path) -> Path:
    for name, settings in SETTINGS.items():
        path = home / f"settings/@jupyterlab/{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    return home / "settings"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = build_opener(ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), opener.open(url, timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab does not answer: {log.read_text()}")
