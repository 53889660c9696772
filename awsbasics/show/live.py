"""Forms below a page's sections, where a person sits at the notebook; else the sections alone."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from awsbasics.show.blocks import Block, Group, Note


@dataclass(frozen=True, repr=False, kw_only=True)
class WithForm(Group):
    """Blocks with a form below them; their data and their text are those of the blocks."""

    form: Any

    @property
    def spec(self) -> dict[str, Any]:
        """The blocks as JSON data."""
        return Group(blocks=self.blocks).spec

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(*self.blocks, self.form)  # type: ignore[no-untyped-call]


def with_form(block: Block, engagement: str, make: Callable[[ModuleType], Any]) -> Block:
    """A section with the form that `make` takes from `awsbasics.show.forms`, or None.

    Where nobody sits at the notebook it is the section itself. `engagement` is the file that the
    form writes into; without one, or without ipywidgets, a line says what to do.
    """
    if not is_live():
        return block
    try:
        from awsbasics.show import forms
    except ImportError:
        return Group(blocks=(block, _NO_WIDGETS))
    form = make(forms)
    if form is None:
        return block
    if not engagement:
        return Group(blocks=(block, _NO_FILE))
    return WithForm(blocks=(block,), form=form)


def is_live() -> bool:
    """Whether a person sits at this notebook and can fill in a form.

    Jupyter Server sets JPY_SESSION_NAME for the kernels of its sessions (SessionManager's
    `get_kernel_env`). What is started from there inherits it; but papermill and `jupyter execute`
    run cells without standard input, as nobody would answer (nbclient's `NotebookClient`).
    """
    from IPython.core.getipython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None or "JPY_SESSION_NAME" not in os.environ:
        return False
    return bool(kernel.get_parent("shell").get("content", {}).get("allow_stdin"))


_TITLE = "To answer here"
_NO_FILE = Note(
    title=_TITLE,
    text="Write an engagement file with `awsbasics engagement new engagement.yml`, set "
    '`engagement = "engagement.yml"` above, and run all cells again.',
)
_NO_WIDGETS = Note(
    title=_TITLE, text="Forms need ipywidgets: `pip install 'awsbasics[lab]'`, then a new kernel."
)
