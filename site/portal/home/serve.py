"""Serving course pages without asking the tree of pages anew each time.

Wagtail finds a page by walking its address, two queries a step, and asks for view restrictions.
Both answers depend on published content alone, so here they are kept under the content stamp;
whatever isn't kept (other pages, restricted ones, other hosts) goes Wagtail's own way.
"""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from wagtail import hooks
from wagtail.models import Page, PageViewRestriction
from wagtail.views import serve as wagtail_serve

from learning.courses.models import CoursePage, LessonPage, ModulePage
from learning.courses.stamp import content_stamp

_KEEP_SECONDS = 3600
_KEPT_TYPES = (CoursePage, ModulePage, LessonPage)


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's `serve`, with known course pages taken from the cache (one query)."""
    if request.method not in ("GET", "HEAD"):
        return wagtail_serve(request, path)
    stamp = content_stamp()
    request.content_stamp = stamp  # type: ignore[attr-defined]
    key = f"home:page:{stamp}:{request.get_host()}:{path}"
    page = cache.get(key)
    if page is None:
        page = _find(request, path)
        if page is None:
            return wagtail_serve(request, path)
        cache.set(key, page, _KEEP_SECONDS)
    for hook in hooks.get_hooks("before_serve_page"):
        if hook.__module__.startswith("wagtail."):
            continue  # the view restrictions, which `_find` has ruled out
        result = hook(page, request, [], {})
        if isinstance(result, HttpResponse):
            return result
    return page.serve(request)


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
