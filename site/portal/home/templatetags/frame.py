from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from wagtail.models import Page

from portal.home.languages import address_in, other_language
from quizzes.kept import render_fragment

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """A part of the frame around every page: `head`, `header` or `footer`.

    Rendered once for each role, section and course address, not once a page.
    """
    if part == "head":
        return render_fragment("components/head.html")
    person = context.get("person")
    course_url = str(context.get("nav_course_url") or "")
    common: dict[str, Any] = {"logged_in": bool(person), "course_url": course_url}
    if part == "footer":
        return render_fragment("components/footer.html", **common)
    request = context.get("request")
    path = request.path if request else ""
    language, language_name = other_language()
    page = context.get("page")
    return render_fragment(
        "components/header.html",
        person_name=person.full_name if person else "",
        csrf_token=lambda: str(context.get("csrf_token", "")),
        site_name=str(context.get("site_name") or ""),
        demo=bool(context.get("demo")),
        is_hr=bool(context.get("is_hr")),
        unread_notices=str(context.get("unread_notices") or ""),
        can_edit=bool(context.get("can_edit") or (person and person.is_staff)),
        other_language=language,
        other_language_name=language_name,
        other_url=address_in(language, path=path, page=page if isinstance(page, Page) else None),
        in_course=bool(course_url) and course_url in path,
        in_learning=reverse("study:my") in path,
        in_verify=reverse("certificates:verify") in path,
        in_search=reverse("courses:search") in path,
        in_statistics=reverse("statistics:overview") in path,
        **common,
    )
