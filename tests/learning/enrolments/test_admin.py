"""Training goals in the Wagtail admin."""

import pytest
from django.urls import reverse

from learning.enrolments.models import TrainingGoal
from tests.learning.organisations.factories import make_user
from tests.learning.statistics.factories import make_course

pytestmark = pytest.mark.django_db


def test_a_goal_is_set_with_its_course_by_title(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    course = make_course("Sở hữu trí tuệ và 17 mục tiêu")
    add = reverse("wagtailsnippets_enrolments_traininggoal:add")
    assert "Sở hữu trí tuệ và 17 mục tiêu" in client.get(add).content.decode()
    asked = {
        "name": "Chỉ tiêu",
        "decision": "QĐ mẫu",
        "target_percent": "80",
        "due_on": "31/12/2026",
        "milestones-TOTAL_FORMS": "1",
        "milestones-INITIAL_FORMS": "0",
        "milestones-MIN_NUM_FORMS": "0",
        "milestones-MAX_NUM_FORMS": "1000",
        "milestones-0-due_on": "30/06/2026",
        "milestones-0-percent": "40",
        "milestones-0-id": "",
        "milestones-0-DELETE": "",
        "courses-TOTAL_FORMS": "1",
        "courses-INITIAL_FORMS": "0",
        "courses-MIN_NUM_FORMS": "1",
        "courses-MAX_NUM_FORMS": "1000",
        "courses-0-course_key": str(course),
        "courses-0-id": "",
        "courses-0-DELETE": "",
    }
    response = client.post(add, asked)
    assert response.status_code == 302, response.context["form"].errors
    goal = TrainingGoal.objects.get()
    assert [row.course_key for row in goal.courses.all()] == [course]
    edit = reverse("wagtailsnippets_enrolments_traininggoal:edit", args=[goal.pk])
    html = client.get(edit).content.decode()
    assert f'value="{course}" selected' in html
