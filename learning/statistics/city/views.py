"""The board's screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from learning.statistics.city.board import STEP, get_board
from learning.statistics.filters import Filters
from learning.statistics.guard import for_hr
from learning.statistics.moments import By
from learning.statistics.screen import chain, course_options, total_links, unit_options

_IDLE_SHOWN = 10


@for_hr
def board(request: HttpRequest, filters: Filters) -> HttpResponse:
    """All units below the asked one: where they are, and what moved in the week."""
    found = get_board(filters)
    idle = found.idle
    return render(
        request,
        "statistics/board.html",
        {
            "filters": filters,
            "board": found,
            "total": found.report.total,
            "links": total_links(filters),
            "idle": idle[:_IDLE_SHOWN],
            "idle_more": max(0, len(idle) - _IDLE_SHOWN),
            "scale": [(level, (level - 1) * STEP, level * STEP) for level in range(1, 6)],
            "chain": chain(filters),
            "course_options": course_options(filters),
            "unit_options": unit_options(filters),
            "ways": By.choices,
        },
    )
