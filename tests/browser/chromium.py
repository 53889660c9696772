"""Finds Chromium, and installs it where that takes no more than apt-get."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    # Chromium's own errands: no page asks for them, and a test would take them for the page's.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    # No name is ever looked up, whatever gets past the interception of requests; a server that a
    # test has started is reached by its number.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure_chromium(lock: Path) -> str | None:
    """The path of Chromium, installed if need be; None where it cannot be installed.

    Test workers that share `lock` wait for the first of them to install it.
    """
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if find_chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
            _install()
        return find_chromium()


def launch_flags() -> list[str]:
    """The flags for a Chromium that keeps quiet; root has no sandbox to offer it."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)


def _install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, check=False)
