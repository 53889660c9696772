"""The data dictionary's page follows the declarations."""

from pathlib import Path

from awsbasics.collect.dictionary import dictionary_markdown
from awsbasics.collect.tables import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_page_in_the_repository_is_what_the_declarations_say() -> None:
    again = "python -m awsbasics.collect.dictionary > docs/tables.md"
    assert PAGE.read_text(encoding="utf-8") == dictionary_markdown(), f"run: {again}"


def test_every_table_and_every_column_is_on_the_page() -> None:
    sections = dictionary_markdown().split("\n## ")[1:]
    assert [section.partition("\n")[0] for section in sections] == list(TABLES)
    for section, table in zip(sections, TABLES.values(), strict=True):
        for column in table.all_columns:
            assert f"\n| {column.name} | {column.dtype} |" in section


def test_markup_in_descriptions_is_text() -> None:
    assert "<root_account>" not in dictionary_markdown()
    assert "&lt;root_account>" in dictionary_markdown()
