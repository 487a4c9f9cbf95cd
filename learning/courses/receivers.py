"""What makes published content new."""

from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from learning.courses.models import CampaignPage, CoursePage, LessonPage, ModulePage, Source
from learning.courses.stamp import touch_content


def connect() -> None:
    """Connect `touch_content` to every signal that tells of a change in what readers see."""
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(touch_content, dispatch_uid="courses.touch_content")
    for model in (Source, Site, PageViewRestriction):
        post_save.connect(touch_content, sender=model, dispatch_uid="courses.touch_content")
    for model in (
        Source,
        Site,
        PageViewRestriction,
        CampaignPage,
        CoursePage,
        ModulePage,
        LessonPage,
    ):
        post_delete.connect(touch_content, sender=model, dispatch_uid="courses.touch_content")
