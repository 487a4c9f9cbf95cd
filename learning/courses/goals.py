"""The 17 Sustainable Development Goals (UN resolution A/RES/70/1 of 25 September 2015)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Goal:
    """A goal's number, 1 to 17, and its name in the reader's language."""

    number: int
    name: Any


GOALS = tuple(
    Goal(number, name)
    for number, name in enumerate(
        (
            _("No poverty"),
            _("Zero hunger"),
            _("Good health and well-being"),
            _("Quality education"),
            _("Gender equality"),
            _("Clean water and sanitation"),
            _("Affordable and clean energy"),
            _("Decent work and economic growth"),
            _("Industry, innovation and infrastructure"),
            _("Reduced inequalities"),
            _("Sustainable cities and communities"),
            _("Responsible consumption and production"),
            _("Climate action"),
            _("Life below water"),
            _("Life on land"),
            _("Peace, justice and strong institutions"),
            _("Partnerships for the goals"),
        ),
        start=1,
    )
)
