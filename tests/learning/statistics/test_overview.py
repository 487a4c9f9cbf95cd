"""The figures on the screen: what they count, what they add up to, where they lead."""

import datetime
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.certificates.models import Certificate
from learning.enrolments.actions import save_goal
from learning.organisations.actions import end_membership, make_responsible, place_member
from learning.progress.models import CourseCompletion
from learning.statistics.summary.keeping import refresh
from learning.statistics.templatetags.figures import percent, whole
from tests.learning.organisations.factories import make_member, make_officer, make_unit
from tests.learning.statistics.factories import complete, enrolled, make_course
from tests.learning.statistics.screens import figures, links, listed, overview, table


@pytest.fixture
def officer(client, city):
    client.force_login(city.officer)
    return client


def test_the_figures_of_a_unit_and_those_below(officer, city):
    assert figures(overview(officer)) == {
        "assigned": "5",
        "completed": "2",
        "in_progress": "1",
        "not_started": "2",
        "overdue": "1",
        "mean_score": "85,8%",
        "certificates": "1",
        "on_time_rate": "0,0%",
        "hours": "4",
    }


def test_every_number_opens_a_list_of_as_many_people(officer, city):
    response = overview(officer)
    for name, address in links(response).items():
        if name != "mean_score":
            assert len(listed(officer.get(address))) == int(figures(response)[name]), name


def test_every_number_of_the_table_opens_its_own_list(client, city):
    client.force_login(city.administrator)
    response = overview(client)
    for row, line in response.context["lines"]:
        for name in (
            "assigned",
            "not_started",
            "in_progress",
            "completed",
            "overdue",
            "certificates",
        ):
            found = client.get(f"/thong-ke/nguoi-hoc/?{getattr(line, name)}")
            assert len(listed(found)) == getattr(row.figures, name), (row, name)


def test_the_table_adds_up(officer, city):
    lines = table(overview(officer))
    by_name = {line[0].split(" (")[0]: line[1:6] for line in lines[1:]}
    assert by_name["Phòng Sáng chế"] == ["3", "1", "1", "1", "0"]
    assert by_name["Sở Một"] == ["2", "1", "0", "1", "1"]
    assert lines[-1][1:6] == ["5", "2", "1", "2", "1"]


def test_drilling_down_reaches_the_room_and_back(officer, city):
    response = overview(officer, **{"don-vi": city.room.pk})
    assert figures(response)["assigned"] == "3"
    assert f"don-vi={city.one.pk}" in response.content.decode()


def test_completing_moves_one_person_from_one_figure_to_another(officer, city):
    before = figures(overview(officer))
    complete(city.enrolments["busy"], percent="100")
    after = figures(overview(officer))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "completed",
        "in_progress",
        "mean_score",
        "certificates",
        "hours",
        "on_time_rate",
    }
    assert int(after["completed"]) == int(before["completed"]) + 1
    assert int(after["in_progress"]) == int(before["in_progress"]) - 1


def test_a_revoked_certificate_is_not_counted_and_the_completion_stays(officer, city):
    Certificate.objects.filter(enrolment=city.enrolments["done"]).update(
        status="revoked", revoked_at=timezone.now()
    )
    seen = figures(overview(officer))
    assert (seen["certificates"], seen["completed"]) == ("0", "2")


def test_who_moves_away_or_leaves_is_counted_there_or_nowhere(officer, client, city, today):
    place_member(user=city.people["done"], unit=city.two, on=today)
    end_membership(user=city.people["best"], on=today)
    assert figures(overview(officer))["completed"] == "0"
    client.force_login(city.other_officer)
    assert figures(overview(client))["completed"] == "2"


def test_another_course_has_its_own_figures(officer, city):
    other = make_course("Khóa khác")
    enrolled(city.people["new"], other)
    assert figures(overview(officer, khoa=other))["assigned"] == "1"
    assert figures(overview(officer, khoa=city.course))["assigned"] == "5"


def test_numbers_are_vietnamese_and_drawings_keep_their_points(officer, city):
    html = overview(officer).content.decode()
    assert "40,0%" in html
    bars = re.findall(r'<rect class="c-\d"([^>]*)>', html)
    numbers = [n for bar in bars for n in re.findall(r'(?:width|height|x|y)="([^"]*)"', bar)]
    assert len(bars) > 4
    assert all(float(number) >= 0 for number in numbers)
    assert " style=" not in html
    assert whole(1240) == "1.240"
    assert percent(Decimal("85.5")) == "85,5%"
    assert percent(None) == "–"


def test_an_officer_of_several_units_starts_with_all_of_them(client, city):
    make_responsible(user=city.officer, unit=city.two)
    client.force_login(city.officer)
    response = overview(client)
    assert figures(response)["assigned"] == "6"
    assert [line[0] for line in table(response)[1:-1]] == ["Sở Hai", "Sở Một"]


def test_without_a_course_the_screen_says_so(client, db):
    client.force_login(make_officer(make_unit()))
    response = overview(client)
    assert response.status_code == 200
    assert figures(response) == {}


# --- the goal ------------------------------------------------------------------------------------


def goal_of(client):
    return overview(client).context["goal"]


def test_the_goal_counts_staff_and_rounds_up_to_whole_people(officer, city, today):
    assert goal_of(officer) is None
    save_goal(
        name="Xây dựng văn hóa sở hữu trí tuệ",
        decision="QĐ mẫu",
        target_percent=80,
        due_on=today + datetime.timedelta(days=30),
        course_keys=[city.course],
    )
    make_member(city.one, "Bùi Mẫu Sơn")
    goal = goal_of(officer)
    assert (goal.staff, goal.done, goal.needed, goal.missing) == (6, 2, 5, 3)
    html = overview(officer).content.decode()
    assert "QĐ mẫu" in html
    assert "80%" in html


def test_what_is_completed_after_the_goals_day_does_not_count(officer, city, today):
    save_goal(
        name="Đã qua",
        decision="",
        target_percent=50,
        due_on=today - datetime.timedelta(days=1),
        course_keys=[city.course],
    )
    assert goal_of(officer).done == 0
    save_goal(
        name="Đã qua", decision="", target_percent=50, due_on=today, course_keys=[city.course]
    )
    assert goal_of(officer).done == 2


def test_a_goal_of_two_courses_needs_both(officer, city, today):
    second = make_course("Khóa hai")
    save_goal(
        name="Cả hai",
        decision="",
        target_percent=40,
        due_on=today,
        course_keys=[city.course, second],
    )
    assert goal_of(officer).done == 0
    enrolled(city.people["done"], second, completed_at=timezone.now(), percent="100")
    goal = goal_of(officer)
    assert (goal.done, goal.missing, goal.reached) == (1, 1, False)


# --- cost ----------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow(officer, city, today):
    terms = {"decision": "", "target_percent": 80, "due_on": today, "course_keys": [city.course]}
    save_goal(name="Một", **terms)
    overview(officer)
    with CaptureQueriesContext(connection) as few:
        overview(officer)
    for number in range(3):
        unit = make_unit(f"Phòng {number}", parent=city.one)
        for _ in range(3):
            done = {"completed_at": timezone.now(), "percent": "70", "certificate": True}
            enrolled(make_member(unit), city.course, **done)
        save_goal(name=f"Chỉ tiêu {number}", **terms)
    with CaptureQueriesContext(connection) as many:
        overview(officer)
    assert len(many) == len(few), [query["sql"] for query in many]
    refresh()
    with CaptureQueriesContext(connection) as kept:
        overview(officer)
    # Four of them read the course, which is kept once anything was published.
    assert len(kept) <= 24


def test_median_hours_attempts_and_who_kept_the_day(client, city):
    client.force_login(city.administrator)
    seen = figures(overview(client))
    # 80 on time (a day late), 91.5 and 100 without a due date; one more overdue.
    assert seen["on_time_rate"] == "0,0%"
    assert seen["hours"] == "6"
    CourseCompletion.objects.filter(enrolment=city.enrolments["done"]).update(
        completed_at=timezone.now() - datetime.timedelta(days=1)
    )
    response = overview(client)
    assert figures(response)["on_time_rate"] == "50,0%"
    assert "trung vị 91,5%" in response.content.decode()


def test_a_period_tells_what_came_about_in_it(client, city, today):
    CourseCompletion.objects.filter(enrolment=city.enrolments["best"]).update(
        completed_at=timezone.now() - datetime.timedelta(days=10)
    )
    client.force_login(city.administrator)
    since = (today - datetime.timedelta(days=3)).strftime("%d/%m/%Y")
    seen = figures(overview(client, **{"tu-ngay": since}))
    assert seen["completed"] == "3"
    assert seen["new_completed"] == "2"


def test_a_period_that_ends_before_it_begins_is_told(client, city, today):
    client.force_login(city.administrator)
    asked = {"tu-ngay": "20/11/2025", "den-ngay": "19/11/2025"}
    response = overview(client, **asked)
    assert "Kỳ báo cáo kết thúc ngày 19/11/2025" in response.content.decode()
    assert figures(response)["completed"] == "3"
