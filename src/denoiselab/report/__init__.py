"""What a run leaves for a person to read: tables and figures."""

from denoiselab.report.curves import curves
from denoiselab.report.grids import Row, picture_grid
from denoiselab.report.tables import Table

__all__ = ["Row", "Table", "curves", "picture_grid"]
