"""Items of two lists paired one to one."""

from collections.abc import Sequence


class Pairing:
    """Rows that get a column of their own where it fits (Kuhn's algorithm).

    A row that was placed stays so, though its column may change when others come.
    """

    def __init__(self, fits: Sequence[Sequence[bool]]) -> None:
        self._fits = fits
        self.rows: dict[int, int] = {}

    def place(self, row: int) -> bool:
        """Find a column for a row; False where there is none left. `rows` has them by column."""
        return self._place(row, set())

    def _place(self, row: int, tried: set[int]) -> bool:
        for column, fit in enumerate(self._fits[row]):
            if fit and column not in tried:
                tried.add(column)
                if column not in self.rows or self._place(self.rows[column], tried):
                    self.rows[column] = row
                    return True
        return False
