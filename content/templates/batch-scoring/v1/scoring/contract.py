"""What the extract promises. Agreed with the CRM data team; a change of it is a change of this file, reviewed by both sides."""

from __future__ import annotations

import math
from dataclasses import dataclass

KEY = "customer_id"

# Share of rows that may break the contract. Above it the extract is broken, not the rows.
MAX_BAD_SHARE = 0.02


@dataclass(frozen=True)
class Column:
    """A number with its range; outside of it the value is wrong, not rare."""

    name: str
    low: float
    high: float


COLUMNS = (
    Column("months_active", 3, 900),
    Column("logins_30d", 0, 10_000),
    Column("balance_change_90d", -1, 100),
    Column("complaints_365d", 0, 500),
)


class BrokenExtract(Exception):
    """The extract as a whole cannot be scored: a column is missing, or too many rows are bad."""


def check_header(header: list[str] | None) -> None:
    """Refuses an extract without the columns that the model reads. Columns too many are fine: producers add some."""
    missing = [name for name in (KEY, *(c.name for c in COLUMNS)) if name not in (header or [])]
    if missing:
        raise BrokenExtract(f"columns are missing: {', '.join(missing)}")


def parse(row: dict[str, str | None]) -> tuple[str, dict[str, float]] | str:
    """The key and the features of a row, or the reason why it cannot be scored."""
    key = (row.get(KEY) or "").strip()
    if not key:
        return f"{KEY} is empty"
    features: dict[str, float] = {}
    for column in COLUMNS:
        text = (row.get(column.name) or "").strip()
        try:
            value = float(text)
        except ValueError:
            return f"{column.name} is not a number"
        # float() reads "nan" and "inf" without complaint.
        if not math.isfinite(value):
            return f"{column.name} is not a number"
        if not column.low <= value <= column.high:
            return f"{column.name} is outside {column.low:g} to {column.high:g}"
        features[column.name] = value
    return key, features


def insist_on_share(bad: int, total: int) -> None:
    """An empty extract is a broken one: a bank does not lose all its customers overnight."""
    if total == 0:
        raise BrokenExtract("the extract has no rows")
    if bad / total > MAX_BAD_SHARE:
        raise BrokenExtract(f"{bad} of {total} rows break the contract; at most {MAX_BAD_SHARE:.0%} may")
