"""How it went: each day and week beside a plain recount."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from learning.enrolments.models import Enrolment
from learning.progress.models import CourseCompletion
from learning.statistics.analysis.charts import trend_charts
from learning.statistics.analysis.trend import Point, Trend
from tests.learning.organisations.factories import make_member
from tests.learning.statistics.analysis.asking import behind, queries, screen
from tests.learning.statistics.factories import enrolled
from tests.learning.statistics.screens import overview

DAY = datetime.timedelta(days=1)
# A Wednesday.
END = datetime.date(2026, 7, 15)
ASKED = {"den-ngay": END.isoformat(), "tu-ngay": "2026-06-24"}


def at(day, hour=9, minute=0):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


@pytest.fixture
def history(client, city):
    """What the six did when: assigned in June, some in the last minute of a local day."""
    days = [datetime.date(2026, 6, day) for day in (1, 24, 28, 29, 30, 30)]
    for enrolment, day in zip(city.enrolments.values(), days, strict=True):
        Enrolment.objects.filter(pk=enrolment.pk).update(created_at=at(day, 0, 10))
    moments = {
        "done": (at(datetime.date(2026, 6, 28), 23, 50), at(datetime.date(2026, 7, 12), 23, 59)),
        "best": (at(datetime.date(2026, 6, 29), 0, 5), at(datetime.date(2026, 7, 13), 0, 1)),
        "other": (at(datetime.date(2026, 7, 1)), at(datetime.date(2026, 7, 16))),
        "busy": (at(datetime.date(2026, 7, 15), 23, 59), None),
    }
    for name, (started, completed) in moments.items():
        mine = city.enrolments[name].pk
        Enrolment.objects.filter(pk=mine).update(started_at=started)
        CourseCompletion.objects.filter(enrolment=mine).update(completed_at=completed or started)
    client.force_login(city.administrator)
    return client


def points(client, **asked):
    return screen(client, "trend", **{**ASKED, **asked}).context["trend"].points


def recount(first, last):
    """The same from the rows, one by one."""

    def there(moment, start=first):
        return moment is not None and start <= timezone.localtime(moment).date() <= min(last, END)

    rows = list(Enrolment.objects.select_related("completion"))
    ended = [getattr(row, "completion", None) for row in rows]
    ended = [one.completed_at if one else None for one in ended]
    ever = datetime.date(2000, 1, 1)
    return (
        sum(there(row.created_at) for row in rows),
        sum(there(row.started_at) for row in rows),
        sum(there(moment) for moment in ended),
        sum(there(row.created_at, ever) for row in rows),
        sum(there(moment, ever) for moment in ended),
    )


def told(point):
    return (
        point.assigned,
        point.started,
        point.completed,
        point.assigned_by_then,
        point.completed_by_then,
    )


@pytest.mark.parametrize("step", ["ngay", "tuan"])
def test_every_day_and_week_is_a_plain_recount(history, step):
    found = points(history, buoc=step)
    assert [told(point) for point in found] == [recount(one.first, one.last) for one in found]
    assert sum(point.completed for point in found) == 2
    assert found[-1].rate == overview(history, **ASKED).context["total"].rate == Decimal("33.3")


def test_weeks_are_of_monday_and_none_is_left_out(history):
    found = points(history, buoc="tuan")
    assert [(str(one.first), str(one.last), one.week) for one in found] == [
        ("2026-06-24", "2026-06-28", 26),
        ("2026-06-29", "2026-07-05", 27),
        ("2026-07-06", "2026-07-12", 28),
        ("2026-07-13", "2026-07-15", 29),
    ]
    assert [one.completed for one in found] == [0, 0, 1, 1]
    assert (found[2].assigned, found[2].started) == (0, 0)
    days = points(history, buoc="ngay")
    assert [one.first for one in days] == [days[0].first + n * DAY for n in range(22)]


def test_a_short_period_is_told_by_day_and_a_long_one_by_week(history):
    assert len(points(history)) == 22
    assert len(points(history, **{"tu-ngay": "2026-06-01"})) == 7


def test_unasked_it_goes_back_to_the_first_at_most_twelve_weeks(history):
    found = points(history, **{"tu-ngay": ""})
    assert (str(found[0].first), len(found)) == ("2026-06-01", 7)
    later = points(history, **{"tu-ngay": "", "den-ngay": "2026-10-05"})
    assert (str(later[0].first), len(later)) == ("2026-07-20", 12)
    assert later[0].assigned_by_then == 6


def test_a_period_of_decades_is_shortened_and_says_so(history):
    response = screen(history, "trend", **{**ASKED, "tu-ngay": "1990-01-01"})
    assert response.context["trend"].shortened is True
    assert len(response.context["trend"].points) <= 156
    by_day = screen(history, "trend", **{**ASKED, "tu-ngay": "1990-01-01", "buoc": "ngay"})
    assert len(by_day.context["trend"].points) == 62
    assert screen(history, "trend", **ASKED).context["trend"].shortened is False


def test_an_unknown_step_is_not_there(history):
    assert screen(history, "trend", buoc="thang").status_code == 404


@pytest.mark.parametrize("step", ["ngay", "tuan"])
@pytest.mark.parametrize("by", ["khi-do", "hien-nay"])
def test_every_number_opens_a_list_of_as_many_people(history, step, by):
    response = screen(history, "trend", **ASKED, buoc=step, theo=by)
    opened = 0
    for point, links in response.context["lines"]:
        for name in ("assigned", "started", "completed"):
            count = getattr(point, name)
            if count:
                assert len(behind(history, links[name.upper()])) == count, (point, name)
                opened += 1
    assert opened >= 6


def test_the_list_says_what_it_is_and_keeps_it_when_searched(history):
    asked = {"viec": "hoan-thanh", "viec-tu": "2026-07-12", "viec-den": "2026-07-12"}
    html = history.get("/thong-ke/nguoi-hoc/", asked).content.decode()
    assert "12/07/2026" in html
    assert '<input type="hidden" name="viec-tu" value="2026-07-12">' in html
    assert len(behind(history, "viec=hoan-thanh&viec-tu=2026-07-12&viec-den=2026-07-12")) == 1


def test_the_number_of_queries_does_not_grow(history, city):
    few = queries(history, "trend", **ASKED)
    for _number in range(3):
        one = enrolled(make_member(city.room), city.course)
        Enrolment.objects.filter(pk=one.pk).update(created_at=at(END))
    assert queries(history, "trend", **ASKED) == few


# --- the drawing ---------------------------------------------------------------------------------


def trend_of(*counts):
    first = datetime.date(2026, 1, 5)
    made = [
        Point(first + n * 7 * DAY, first + n * 7 * DAY + 6 * DAY, *triple, 10, n % 10)
        for n, triple in enumerate(counts)
    ]
    return Trend(step="tuan", points=tuple(made), shortened=False)


def test_bars_stand_on_the_axis_and_stay_in_their_frame():
    for counts in ([(0, 0, 0)], [(1, 0, 0)], [(3, 2, 1)] * 5, [(17311, 4, 0)] * 156):
        for charts in trend_charts(trend_of(*counts)).values():
            frame = charts.counts.frame
            for bar in charts.counts.bars:
                assert float(bar.y) + float(bar.height) == pytest.approx(frame.bottom, abs=0.02)
                assert float(bar.y) >= frame.top - 0.01
                assert frame.left <= float(bar.x)
                assert float(bar.x) + float(bar.width) <= frame.end
            assert charts.counts.scale[-1].at == f"{frame.top:.1f}"


def test_the_narrow_drawing_leaves_the_oldest_to_the_table():
    charts = trend_charts(trend_of(*[(1, 1, 1)] * 40))
    assert (charts["wide"].cut, charts["narrow"].cut) == (0, 9)
    assert len(charts["narrow"].counts.bars) == 93
