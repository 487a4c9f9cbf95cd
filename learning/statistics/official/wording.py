"""A report in sentences: sections, figures and tables as plain values, before any file format.

The skeleton of sections is the usual one of reports in Vietnam's administration. Every figure is
one of the `Report`; sentences say what the figures say and nothing else. What only people know
(causes, proposals beyond the figures) is left as a line to fill in.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from learning.statistics.columns import Cell, Column, Kind, unit_columns
from learning.statistics.figures import NOTHING, Figures, percent_of
from learning.statistics.moments import By
from learning.statistics.queries import Report, Row
from learning.vietnamese import format_decimal

WORST = 3
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True)
class Section:
    """A heading («I. …»), its paragraphs, and a table of two columns where it has one."""

    heading: str
    paragraphs: tuple[str, ...]
    table: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Annex:
    """A wide table with its own pages; the last line is the total."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row


@dataclass(frozen=True)
class Paper:
    """The whole report as text."""

    about: str
    sections: tuple[Section, ...]
    annex: Annex
    year: int
    made_at: datetime.datetime = field(compare=False)


def paper_of(report: Report) -> Paper:
    """The report in words. Its figures are those of the screen."""
    return Paper(
        about=_about(report),
        sections=tuple(_sections(report)),
        annex=_annex(report),
        year=report.filters.moment.day.year,
        made_at=stamp_of(report),
    )


def stamp_of(report: Report) -> datetime.datetime:
    """The time a file bears: of a past day its end, so that it is the same whenever it is made."""
    moment = report.filters.moment
    return moment.end if moment.is_past else report.made_at


def _about(report: Report) -> str:
    """The subject («trích yếu»)."""
    moment = report.filters.moment
    told = {
        "course": report.filters.course_title,
        "day": f"{moment.day:%d/%m/%Y}",
        "start": f"{moment.start:%d/%m/%Y}" if moment.start else "",
    }
    if moment.start:
        return _("Results of the course «%(course)s» from %(start)s to %(day)s") % told
    return _("Results of the course «%(course)s» up to %(day)s") % told


def _sections(report: Report) -> Iterator[Section]:
    yield Section(_("I. HOW IT WAS CARRIED OUT"), tuple(_carried_out(report)))
    yield Section(_("II. RESULTS"), tuple(_results(report)), tuple(_table(report)))
    yield Section(_("III. SHORTCOMINGS AND CAUSES"), tuple(_shortcomings(report)))
    yield Section(_("IV. PROPOSALS"), tuple(_proposals(report)))


def _carried_out(report: Report) -> Iterator[str]:
    filters, total = report.filters, report.total
    told = {
        "course": filters.course_title,
        "unit": filters.unit.name if filters.unit else _("All my units"),
        "staff": whole(total.staff),
        "assigned": whole(total.assigned),
        "units": whole(report.unit_count),
    }
    if report.unit_count:
        line = _(
            "%(unit)s has carried out the online course «%(course)s» in %(units)s sub-units "
            "with %(staff)s staff; %(assigned)s people were assigned."
        )
    else:
        line = _(
            "%(unit)s has carried out the online course «%(course)s» for %(staff)s staff; "
            "%(assigned)s people were assigned."
        )
    yield line % told
    if report.goal:
        goal = report.goal
        line = _("It serves the goal «%(name)s»%(decision)s: %(target)s%% of staff by %(day)s.")
        yield line % {
            "name": goal.name,
            "decision": f" ({goal.decision})" if goal.decision else "",
            "target": goal.target_percent,
            "day": f"{goal.due_on:%d/%m/%Y}",
        }
    moment = filters.moment
    if moment.is_past:
        yield _("Figures up to the end of %(day)s. %(by)s.") % {
            "day": f"{moment.day:%d/%m/%Y}",
            "by": By(moment.by).label,
        }


def _results(report: Report) -> Iterator[str]:
    total = report.total
    if not total.assigned:
        yield _("Nobody was assigned in this time, so there are no results to tell.")
        return
    told = {name: whole(getattr(total, name)) for name in ("assigned", "completed", "certificates")}
    line = _(
        "Of %(assigned)s people assigned, %(completed)s have completed (%(rate)s); "
        "%(certificates)s certificates were issued and are valid."
    )
    yield line % {**told, "rate": share(total.rate)}
    if total.timed or total.overdue:
        yield _("%(on_time)s of those whose due date came completed on time.") % {
            "on_time": share(total.on_time_rate)
        }
    if total.scores.counts:
        yield _("The mean score is %(mean)s, the median %(median)s.") % {
            "mean": share(total.mean_score),
            "median": share(total.median_score),
        }
    if report.filters.moment.start:
        line = _(
            "In the period %(new)s people were newly assigned and %(done)s completed the course."
        )
        yield line % {"new": whole(total.new_assigned), "done": whole(total.new_completed)}
    yield _("The figures by unit are in Annex I.")


def _table(report: Report) -> Iterator[tuple[str, str]]:
    """Heading and figure; the parts that add up to «assigned» are marked as such."""
    total = report.total
    yield _("Staff"), whole(total.staff)
    yield _("Assigned"), whole(total.assigned)
    yield _("– Completed"), _with_share(total.completed, total)
    yield _("– In progress"), _with_share(total.in_progress, total)
    yield _("– Not started"), _with_share(total.not_started, total)
    yield _("– Exempt"), _with_share(total.exempt, total)
    yield _("Of those in progress or not started: overdue"), whole(total.overdue)
    yield _("Certificates issued and valid"), whole(total.certificates)
    yield _("Study hours"), format_decimal(total.hours)
    yield _("Quizzes handed in"), whole(total.attempts)


def _shortcomings(report: Report) -> Iterator[str]:
    total = report.total
    if total.overdue:
        yield _("%(n)s people are past their due date (%(share)s of those assigned).") % {
            "n": whole(total.overdue),
            "share": share(total.overdue_rate),
        }
    if total.not_started:
        yield _("%(n)s people have not started.") % {"n": whole(total.not_started)}
    behind = [row for row in report.rows if row.figures.rate is not None and not row.direct]
    behind = [row for row in reversed(behind) if row.figures.rate != 100][:WORST]
    if len(behind) > 1:
        named = ", ".join(f"{row.unit.name} ({share(row.figures.rate)})" for row in behind)
        yield _("Units with the lowest completion rate: %(units)s.") % {"units": named}
    yield _("Causes: …")


def _proposals(report: Report) -> Iterator[str]:
    total, goal = report.total, report.goal
    left = total.not_started + total.in_progress
    if left:
        yield _("Units remind the %(n)s people who have not completed, the overdue first.") % {
            "n": whole(left)
        }
    if goal and goal.missing:
        yield _("To reach the goal by %(day)s, %(n)s more people have to complete.") % {
            "day": f"{goal.due_on:%d/%m/%Y}",
            "n": whole(goal.missing),
        }
    elif goal and goal.reached:
        yield _("The goal is reached.")
    yield _("Proposals: …")


def _annex(report: Report) -> Annex:
    unit = report.rows[0].unit if report.rows else report.filters.scope.tops[0]
    return Annex(
        heading=_("Annex I. Results by unit"),
        columns=unit_columns(report),
        rows=tuple(row for row in report.rows if row.figures != NOTHING),
        total=Row(unit=unit, figures=report.total),
    )


def shown(value: Cell, kind: Kind) -> str:
    """A table's cell as it is printed; a dash where there is nothing to tell."""
    if value is None:
        return "–"
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    if kind is Kind.DECIMAL:
        assert isinstance(value, int | Decimal)
        return format_decimal(value)
    return whole(value) if isinstance(value, int) else str(value)


def whole(count: int) -> str:
    """A count, grouped by thousands."""
    return number_format(count, decimal_pos=0, force_grouping=True)


def share(percent: Decimal | None) -> str:
    """A share to one place with its sign; a dash where there is none."""
    return "–" if percent is None else f"{number_format(percent, decimal_pos=1)}%"


def _with_share(count: int, total: Figures) -> str:
    if not total.assigned:
        return whole(count)
    return f"{whole(count)} ({share(percent_of(count, total.assigned))})"
