"""The body of a lesson as HTML, rendered once a publication and kept for all readers."""

from django.core.cache import cache
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from learning.courses.models import LessonPage
from learning.courses.stamp import content_stamp

_KEEP_SECONDS = 24 * 3600


def render_body(page: LessonPage, *, fresh: bool = False, stamp: str | None = None) -> SafeString:
    """The lesson's blocks as HTML; `fresh` renders the page as given (previews)."""
    if fresh or page.live_revision_id is None:
        return _render(page)
    key = f"courses:body:{stamp or content_stamp()}:{page.pk}:{page.live_revision_id}"
    html = cache.get(key)
    if html is None:
        html = str(_render(page))
        cache.set(key, html, _KEEP_SECONDS)
    # Safe: it is the output of our own block templates, stored by us.
    return mark_safe(html)  # noqa: S308


def _render(page: LessonPage) -> SafeString:
    # One after the other without a wrapper each: the blocks are the children of the prose.
    context = {"practice_url": reverse("courses:practice", args=[page.translation_key])}
    return format_html_join(
        "\n", "{}", ((block.render({**context, "block_id": block.id}),) for block in page.body)
    )
