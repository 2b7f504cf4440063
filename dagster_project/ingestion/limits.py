"""How much of a delivery is read before it is refused; limits guard the machine, not the quality of data."""

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

MIB = 1024 * 1024


class ReadingLimits(BaseModel):
    """Upper bounds for one delivery. A breach rejects the delivery as `unreadable` and says which bound it was.

    Sizes are bytes. The defaults leave room for a hundred times a party's largest extract.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_unfolded_bytes: PositiveInt = 6_000 * MIB
    """Of a CSV or Parquet file after decompression."""
    max_unfolding_ratio: PositiveInt = 200
    """Unfolded to folded, once 64 MiB are unfolded. Extracts fold to a tenth; a bomb to a thousandth."""
    max_row_bytes: PositiveInt = MIB
    """Of one CSV row, or one cell of the other formats. Also the size of the blocks that a CSV file is read in: a
    row up to this size is always read, one of twice the size never."""
    max_columns: PositiveInt = 500
    max_workbook_bytes: PositiveInt = 200 * MIB
    """Of an xlsx file itself, which is read into memory."""
    max_workbook_unfolded_bytes: PositiveInt = 1_500 * MIB
    """Of all parts of an xlsx file together, unfolded."""
    max_workbook_cells: PositiveInt = 20_000_000
    """Of the rectangle that the used cells of a sheet span: an empty one inside it costs memory, too."""
    memory_limit: str = Field("1GB", pattern=r"^[0-9]+ ?[KMG]i?B$")
    """What DuckDB may hold in memory while it validates; more goes to disk, pseudonymised."""
    attempts: PositiveInt = 3
    """How often a file that changes while it is read is read again."""
