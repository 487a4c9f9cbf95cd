"""What every page shows around its content."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from learning.courses.queries import course_choices, get_outline
from learning.notices.queries import unread_shown
from learning.organisations.access import is_hr

_NAV_SECONDS = 60


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, the person, and which ways are open to her.

    Costs one query each for the person's HR role and her unread notices where a template asks for
    them, and one a minute for the course's address.
    """
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "demo": settings.DEMO,
        "person": person,
        "is_hr": SimpleLazyObject(lambda: person is not None and is_hr(person)),
        "unread_notices": SimpleLazyObject(lambda: unread_shown(person.pk) if person else ""),
        "can_edit": person is not None and (person.is_superuser or person.is_staff),
        "nav_course_url": SimpleLazyObject(_course_url),
    }


def _course_url() -> str:
    key = f"home:nav-course-url:{get_language()}"
    url = cache.get(key)
    if url is None:
        first = next(iter(course_choices()), None)
        outline = get_outline(first[0]) if first else None
        url = outline.url if outline else "/"
        cache.set(key, url, _NAV_SECONDS)
    return url
