"""The example organization, written once for all tests of pages."""

from pathlib import Path

import pytest

from tests.example import write_engagement, write_example


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The parameters of a page on the example: its snapshot and engagement file."""
    folder = tmp_path_factory.mktemp("example")
    write_example(folder / "snapshot")
    engagement: Path = write_engagement(folder / "engagement.yml")
    return {"snapshot": str(folder / "snapshot"), "engagement": str(engagement)}
