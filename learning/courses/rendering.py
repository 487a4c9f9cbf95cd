"""The body of a lesson as HTML, rendered once a publication and kept for all readers."""

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from learning.courses.glossary import mark_first_terms
from learning.courses.models import LessonPage
from learning.courses.stamp import StampedCache, content_stamp

_bodies = StampedCache[SafeString]()


def render_body(page: LessonPage, *, fresh: bool = False, stamp: str | None = None) -> SafeString:
    """The lesson's blocks as HTML, the glossary's terms marked where each first stands; `fresh`
    renders the page as given (previews)."""
    stamp = stamp or content_stamp()
    if fresh or page.live_revision_id is None:
        return _render(page, stamp)
    return _bodies.get((page.pk, page.live_revision_id), lambda: _render(page, stamp), stamp=stamp)


def _render(page: LessonPage, stamp: str) -> SafeString:
    # One after the other without a wrapper each: the blocks are the children of the prose.
    context = {"practice_url": reverse("courses:practice", args=[page.translation_key])}
    blocks = ((block.render({**context, "block_id": block.id}),) for block in page.body)
    return mark_first_terms(format_html_join("\n", "{}", blocks), stamp=stamp)
