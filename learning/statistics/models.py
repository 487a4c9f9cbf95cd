"""What the statistics keep: how reports are signed, figures that are counted again when a fact
they are made of has changed, and the files of long lists."""

from learning.statistics.exporting.models import Export
from learning.statistics.official.models import Letterhead
from learning.statistics.summary.models import (
    KeptDay,
    KeptFigures,
    KeptGoal,
    KeptSet,
    KeptStaff,
    Mark,
    Turn,
)

__all__ = [
    "Export",
    "KeptDay",
    "KeptFigures",
    "KeptGoal",
    "KeptSet",
    "KeptStaff",
    "Letterhead",
    "Mark",
    "Turn",
]
