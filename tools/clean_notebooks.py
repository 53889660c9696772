"""Strips the notebooks of what running them leaves behind: outputs, counts, machine metadata.

`python tools/clean_notebooks.py` rewrites them in place; `make format` calls it.
"""

import json
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def cleaned(text: str) -> str:
    """The notebook in this JSON text without its traces, in the form that Jupyter writes."""
    notebook = json.loads(text)
    notebook["metadata"] = METADATA
    notebook["cells"] = [_cleaned_cell(cell) for cell in notebook["cells"]]
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cleaned_cell(cell: dict[str, Any]) -> dict[str, Any]:
    tags = cell["metadata"].get("tags")
    kept = {**cell, "metadata": {"tags": tags} if tags else {}}
    kept.pop("attachments", None)
    if kept["cell_type"] == "code":
        kept |= {"outputs": [], "execution_count": None}
    return kept


def main() -> None:
    """Cleans every notebook of the checkout; prints those that it changed."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        if (clean := cleaned(text)) != text:
            path.write_text(clean, encoding="utf-8")
            print(f"cleaned {path.name}")


if __name__ == "__main__":
    main()
