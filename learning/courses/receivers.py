"""What makes published content new."""

from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from learning.courses import findable
from learning.courses.models import (
    CampaignPage,
    CoursePage,
    LessonPage,
    ModulePage,
    Source,
    SourceReview,
    Term,
)
from learning.courses.stamp import touch_content


def connect() -> None:
    """Connect `touch_content` to every signal that tells of a change in what readers see."""
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(touch_content, dispatch_uid="courses.touch_content")
    for model in (Source, SourceReview, Term, Site, PageViewRestriction):
        post_save.connect(touch_content, sender=model, dispatch_uid="courses.touch_content")
    for model in (
        Source,
        SourceReview,
        Term,
        Site,
        PageViewRestriction,
        CampaignPage,
        CoursePage,
        ModulePage,
        LessonPage,
    ):
        post_delete.connect(touch_content, sender=model, dispatch_uid="courses.touch_content")
    for relation in (Source.amended_by, Source.replaced_by):
        m2m_changed.connect(
            touch_content, sender=relation.through, dispatch_uid="courses.touch_content"
        )
    _keep_findable()


def _keep_findable() -> None:
    """Keep what the search looks in as what it tells of."""
    page_published.connect(findable.lesson_published, sender=LessonPage)
    # Wagtail unpublishes a page before it deletes it.
    page_unpublished.connect(findable.lesson_gone, sender=LessonPage)
    post_save.connect(findable.term_saved, sender=Term)
    post_delete.connect(findable.term_gone, sender=Term)
    post_save.connect(findable.source_saved, sender=Source)
    post_delete.connect(findable.source_gone, sender=Source)
