"""Where a unit ends when it goes on at its own pace."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.enrolments.actions import save_goal
from learning.progress.models import CourseCompletion
from learning.statistics.goals import PACE_DAYS, Target

TODAY = datetime.date(2026, 5, 4)
DAY = datetime.timedelta(days=1)


@st.composite
def targets(draw):
    staff = draw(st.integers(0, 5000))
    done = draw(st.integers(0, staff))
    return Target(
        percent=draw(st.integers(1, 100)),
        due_on=TODAY + draw(st.integers(-30, 400)) * DAY,
        staff=staff,
        done=done,
        lately=draw(st.integers(0, done)),
    )


@given(targets())
def test_it_is_what_walking_day_by_day_gives(target):
    told = target.forecast(TODAY)
    if target.reached or not target.staff or target.due_on < TODAY:
        assert told is None
        return
    # Slow and plain: so many twenty-eighths of a person a day, until the day or the target.
    parts, day, reached = target.done * PACE_DAYS, TODAY, None
    while reached is None and day < TODAY + 3650 * DAY:
        day += DAY
        parts += target.lately
        if parts >= target.needed * PACE_DAYS:
            reached = day
    assert told.reached_on == reached
    days = (target.due_on - TODAY).days
    assert told.by_due == min(
        target.staff, (target.done * PACE_DAYS + target.lately * days) // PACE_DAYS
    )
    assert told.in_time == (reached is not None and reached <= target.due_on)


@pytest.mark.django_db
def test_the_screen_tells_it_of_the_whole_and_of_each_unit(client, city, today):
    save_goal(
        name="Tất cả học xong",
        decision="",
        target_percent=100,
        due_on=today + 27 * DAY,
        course_keys=[city.course],
    )
    client.force_login(city.administrator)
    view = client.get(reverse("statistics:goals")).context["goals"][0]
    # Three of six completed just now: three more take as long again.
    assert view.forecast.reached_on == today + 28 * DAY
    assert not view.forecast.in_time
    lines = {line.unit.name: line.forecast for line in view.lines}
    assert lines["Sở Hai"] is None
    assert lines["Sở Một"].by_due == 2 + 2 * 27 // PACE_DAYS


@pytest.mark.django_db
def test_nobody_for_four_weeks_is_no_pace(client, city, today):
    long_ago = timezone.now() - PACE_DAYS * DAY
    CourseCompletion.objects.update(completed_at=long_ago)
    save_goal(
        name="Tất cả học xong",
        decision="",
        target_percent=100,
        due_on=today + 27 * DAY,
        course_keys=[city.course],
    )
    client.force_login(city.officer)
    view = client.get(reverse("statistics:goals")).context["goals"][0]
    assert (view.forecast.reached_on, view.forecast.by_due) == (None, 2)


def test_a_goal_that_names_no_course_yet_is_reached_by_nobody(client, city, today):
    terms = {"decision": "", "target_percent": 80, "due_on": today}
    save_goal(name="Chưa có khóa học", course_keys=[], **terms)
    client.force_login(city.officer)
    response = client.get(reverse("statistics:goals"))
    assert [view.target.done for view in response.context["goals"]] == [0]
