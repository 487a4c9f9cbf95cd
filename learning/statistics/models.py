"""What the statistics keep: how reports are signed. Figures are never kept, only counted."""

from learning.statistics.official.models import Letterhead

__all__ = ["Letterhead"]
