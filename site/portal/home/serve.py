"""Serving course pages without asking the tree of pages anew each time.

Wagtail finds a page by walking its address, two queries a step, and asks for view restrictions.
Both answers depend on published content alone, so here they are kept under the content stamp;
whatever isn't kept (other pages, restricted ones, other hosts) goes Wagtail's own way.
"""

import copy

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.models import Page, PageViewRestriction
from wagtail.views import serve as wagtail_serve

from learning.courses.models import CoursePage, LessonPage, ModulePage
from learning.courses.stamp import StampedCache, content_stamp
from portal.home.lesson import lesson_response

_KEPT_TYPES = (CoursePage, ModulePage, LessonPage)
_pages = StampedCache[Page | None]()


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's `serve`, with known course pages taken from the cache (one query)."""
    if request.method not in ("GET", "HEAD"):
        return wagtail_serve(request, path)
    stamp = content_stamp()
    request.content_stamp = stamp  # type: ignore[attr-defined]
    address = (request.get_host(), get_language(), path)
    kept = _pages.get(address, lambda: _find(request, path), stamp=stamp)
    if kept is None:
        return wagtail_serve(request, path)
    # A copy: what one request notes on its page is no other's.
    page = copy.copy(kept)
    for hook in hooks.get_hooks("before_serve_page"):
        if hook.__module__.startswith("wagtail."):
            continue  # the view restrictions, which `_find` has ruled out
        result = hook(page, request, [], {})
        if isinstance(result, HttpResponse):
            return result
    response = lesson_response(request, page, stamp) if isinstance(page, LessonPage) else None
    return response or page.serve(request)


def _find(request: HttpRequest, path: str) -> Page | None:
    """The course page at this address, if it is open to everyone."""
    route = Page.route_for_request(request, path)
    if route is None or route.args or route.kwargs:
        return None
    page = route.page.specific
    if not isinstance(page, _KEPT_TYPES) or page.alias_of_id:
        return None
    restricted = PageViewRestriction.objects.filter(
        page_id__in=page.get_ancestors(inclusive=True).values("pk")
    )
    return None if restricted.exists() else page
