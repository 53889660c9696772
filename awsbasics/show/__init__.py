"""What a notebook imports: `open_page` for a recommendation, `open_overview` for the start."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsbasics.show.overview import Overview, open_overview
    from awsbasics.show.page import Page, open_page

__all__ = ["Overview", "Page", "open_overview", "open_page"]

_HOMES = {"Overview": "overview", "Page": "page", "open_overview": "overview", "open_page": "page"}


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used: the index needs no matplotlib."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
