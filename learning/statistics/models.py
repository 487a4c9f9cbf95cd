"""What the statistics keep: how reports are signed, and figures that are counted again when a fact
they are made of has changed."""

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
    "KeptDay",
    "KeptFigures",
    "KeptGoal",
    "KeptSet",
    "KeptStaff",
    "Letterhead",
    "Mark",
    "Turn",
]
