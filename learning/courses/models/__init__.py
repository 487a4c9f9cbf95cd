"""What the courses package stores; each drawer in a file of its own."""

from learning.courses.models.finding import FindableText
from learning.courses.models.glossary import Term
from learning.courses.models.pages import (
    CampaignPage,
    CoursePage,
    LessonPage,
    ModuleObjective,
    ModulePage,
)
from learning.courses.models.sources import Source, SourceReview
from learning.courses.models.stamps import ContentStamp, LoadedItem

__all__ = [
    "CampaignPage",
    "ContentStamp",
    "CoursePage",
    "FindableText",
    "LessonPage",
    "LoadedItem",
    "ModuleObjective",
    "ModulePage",
    "Source",
    "SourceReview",
    "Term",
]
