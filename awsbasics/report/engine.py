"""A papermill engine that runs a notebook's cells in this very process.

A kernel of its own costs each notebook seconds of imports. Here the process that runs a
notebook is forked from one that has imported everything (see `awsbasics.report.worker`), and
ends with the notebook, so that notebooks are as separate from each other as with kernels.
What a cell prints, shows and raises becomes the same outputs as in Jupyter.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from papermill.engines import Engine, papermill_engines
from traitlets import Type
from traitlets.config import Config

ENGINE = "awsbasics"


class InProcessEngine(Engine):  # type: ignore[misc] # papermill has no types
    """Runs cells one after the other until one fails; one notebook per process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *_: Any, **__: Any) -> None:
        """Execute the notebook that `nb_man` holds; a cell that fails is the last one run."""
        with _shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code":
                    continue
                nb_man.cell_start(cell, index)
                passed = shell.run(cell)
                if not passed:
                    nb_man.cell_exception(cell, index)
                nb_man.cell_complete(cell, index)
                if not passed:
                    return


def register() -> None:
    """Make the engine known to papermill under its name."""
    papermill_engines.register(ENGINE, InProcessEngine)


class _Hook(DisplayHook):
    """Turns a cell's last value into an output."""

    def __call__(self, result: Any = None) -> None:
        self.check_for_underscore()  # type: ignore[no-untyped-call]
        if result is not None and not self.quiet():  # type: ignore[no-untyped-call]
            shell: Any = self.shell
            data, metadata = shell.display_formatter.format(result)
            shell.add("execute_result", data=data, metadata=metadata)
            self.update_user_ns(result)  # type: ignore[no-untyped-call]


class _Publisher(DisplayPublisher):
    """Turns what `display` is given into an output."""

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        self.shell.add("display_data", data=data, metadata=metadata or {})


class _Stream:
    """A standard stream whose text becomes output, one output for neighbouring writes."""

    def __init__(self, shell: "_Shell", name: str) -> None:
        self._shell, self._name = shell, name

    def write(self, text: str) -> int:
        outputs = self._shell.outputs
        if outputs and outputs[-1].get("name") == self._name:
            outputs[-1].text += text
        else:
            self._shell.add("stream", name=self._name, text=text)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False


class _Shell(InteractiveShell):
    """IPython's shell, which also colours nothing and remembers nothing on disk."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    outputs: list[NotebookNode]

    def run(self, cell: NotebookNode) -> bool:
        """Execute a code cell, fill in its outputs, and say whether it ended well."""
        self.outputs = []
        result = self.run_cell(cell.source, store_history=True)  # type: ignore[no-untyped-call]
        cell.execution_count = result.execution_count
        for output in self.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
        cell.outputs = self.outputs
        return bool(result.success)

    def add(self, output_type: str, **content: Any) -> None:
        """Append an output to the running cell's."""
        self.outputs.append(nbformat.from_dict({"output_type": output_type, **content}))

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.add("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))


@contextlib.contextmanager
def _shell() -> Iterator[_Shell]:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    with tempfile.TemporaryDirectory() as folder:
        # A folder of its own: the user's IPython start-up files and history play no part.
        shell = _Shell.instance(config=config, ipython_dir=folder)
        shell.outputs = []
        streams = _Stream(shell, "stdout"), _Stream(shell, "stderr")
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            try:
                yield shell
            finally:
                _Shell.clear_instance()
