"""The table of measures: a row for each map of each picture, as CSV, or as Parquet where pyarrow is installed."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.io.atomic import write_atomically
from convgui.io.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    Row = Mapping[str, Any]

COLUMNS = ("file", "map", "strongest", "row", "col", "mean", "deviation", "energy", "share", "threshold", "other")


def check_table(path: str | Path) -> None:
    """Refuse a table that cannot be written, before anything is computed for it."""
    path = Path(path)
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise FileError(f"--measure {path}: expected a name that ends in .csv or .parquet.")
    if path.is_dir():
        raise FileError(f"--measure {path} is a folder, expected a file.")
    if not path.absolute().parent.is_dir():
        raise FileError(f"--measure {path}: its folder does not exist.")
    if path.suffix.lower() == ".parquet":
        try:
            import pyarrow.parquet  # noqa: F401 - is it there
        except ImportError as error:
            raise FileError(
                f"--measure {path}: Parquet needs one more package: pip install pyarrow; or choose a name that ends in .csv."
            ) from error


def write_table(path: str | Path, rows: Sequence[Row]) -> None:
    """Write rows of `COLUMNS` wholly or not at all.

    Raises
    ------
    FileError
        If it cannot be written; a former one is untouched.
    """
    path = Path(path)
    write = _write_parquet if path.suffix.lower() == ".parquet" else _write_csv
    write_atomically(path, lambda stream: write(stream, rows))


def csv_text(rows: Sequence[Row]) -> str:
    """Return rows as CSV; numbers have the nine digits that tell float32 values apart."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_shown(row[name]) for name in COLUMNS] for row in rows)
    return text.getvalue()


def _shown(value: Any) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _write_csv(stream: BinaryIO, rows: Sequence[Row]) -> None:
    stream.write(csv_text(rows).encode("utf-8", "surrogateescape"))


def _write_parquet(stream: BinaryIO, rows: Sequence[Row]) -> None:
    import pyarrow
    from pyarrow import parquet

    columns = {name: [_plain(row[name]) for row in rows] for name in COLUMNS}
    kinds = {"file": "string", "map": "string", "row": "int64", "col": "int64", "other": "int64"}
    schema = pyarrow.schema([(name, kinds.get(name, "double")) for name in COLUMNS])
    made = io.BytesIO()
    parquet.write_table(pyarrow.table(columns, schema), made)
    stream.write(made.getvalue())


def _plain(value: Any) -> Any:
    """Return a value of which text is valid Unicode, as Parquet has it; names of files may be anything."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
