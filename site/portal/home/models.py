from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from learning.courses.goals import GOALS
from learning.courses.models import CampaignPage, CoursePage
from learning.courses.outline import CourseOutline
from learning.courses.queries import get_outline


def _goals(outline: CourseOutline | None) -> list[dict[str, Any]]:
    """The goals with their examples, and where the course tells of each."""
    modules = outline.modules if outline else ()
    places = {place.number: place.url for module in modules for place in module.goal_places}
    return [
        {
            "number": goal.number,
            "name": goal.name,
            "example": goal.example,
            "url": places.get(goal.number, ""),
        }
        for goal in GOALS
    ]


class HomePage(Page):
    """The front door: the campaign, the course, the goals, the certificate check."""

    lead = models.TextField(_("lead"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CampaignPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        campaign = CampaignPage.objects.live().child_of(self).order_by("path").first()
        course = campaign and CoursePage.objects.live().child_of(campaign).order_by("path").first()
        outline = get_outline(course.translation_key) if course else None
        lessons = sum(len(m.lessons) for m in outline.modules) if outline else 0
        return context | {
            "campaign": campaign,
            "course": outline,
            "goals": _goals(outline),
            "figures": {
                "lessons": lessons,
                "minutes": outline.minutes if outline else 0,
                "goals": len(GOALS),
            },
        }
