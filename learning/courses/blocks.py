"""The blocks a lesson is made of; each has its template in templates/courses/blocks/.

Rendered lesson bodies are cached for all readers, so no block may depend on who is looking.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from learning.courses.goals import GOALS

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]
_PICTURE_WIDTH = "width-960"


class PictureValue(blocks.StructValue):
    """A block with a picture: `picture_url` is a drawing itself, or a bounded copy of a photo."""

    @property
    def picture_url(self) -> str:
        image = self.get("picture")
        if not image:
            return ""
        return image.file.url if image.is_svg() else image.get_rendition(_PICTURE_WIDTH).url


class FileValue(blocks.StructValue):
    """A block with a stored file: its `url` and its `size` in bytes."""

    @property
    def url(self) -> str:
        return self["file"].url if self.get("file") else ""

    @property
    def size(self) -> int:
        return self["file"].get_file_size() or 0 if self.get("file") else 0

    @property
    def captions_url(self) -> str:
        return self["captions"].url if self.get("captions") else ""


def _source(**kwargs: Any) -> SnippetChooserBlock:
    return SnippetChooserBlock("courses.Source", label=_("Source"), **kwargs)


def _text(**kwargs: Any) -> blocks.RichTextBlock:
    return blocks.RichTextBlock(features=TEXT_FEATURES, label=_("Text"), **kwargs)


def _goal_choices() -> list[tuple[str, str]]:
    return [(str(goal.number), f"{goal.number}. {goal.name}") for goal in GOALS]


class _PictureChecks(blocks.StructBlock):
    """A picture must come with its text alternative."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("picture") and not (cleaned.get("alt") or "").strip():
            raise blocks.StructBlockValidationError(
                {"alt": ValidationError(_("Say in words what the picture shows."))}
            )
        return cleaned


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=160)
    goal = blocks.ChoiceBlock(choices=_goal_choices, required=False, label=_("Goal"))

    class Meta:
        template = "courses/blocks/heading.html"
        icon = "title"
        label = _("Heading")


class CaseBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Scene"), max_length=120)
    who = blocks.CharBlock(label=_("Who asks"), max_length=160, required=False)
    text = _text()

    class Meta:
        template = "courses/blocks/case.html"
        icon = "help"
        label = _("Question from an office day")


class FactBlock(blocks.StructBlock):
    number = blocks.CharBlock(label=_("Figure"), max_length=20)
    unit = blocks.CharBlock(label=_("Unit"), max_length=30, required=False)
    text = _text()
    source = _source()

    class Meta:
        template = "courses/blocks/fact.html"
        icon = "order"
        label = _("Fact with its source")


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        choices=[
            ("note", _("Note")),
            ("warn", _("Easily confused")),
            ("law", _("What the law says")),
        ],
        default="note",
        label=_("Tone"),
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = _text()
    source = _source(required=False)

    class Meta:
        template = "courses/blocks/callout.html"
        icon = "warning"
        label = _("Callout")


class LocalBlock(_PictureChecks):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    picture = ImageChooserBlock(required=False, label=_("Picture"))
    alt = blocks.CharBlock(required=False, max_length=250, label=_("Picture in words"))
    text = _text()
    source = _source(required=False)

    class Meta:
        template = "courses/blocks/local.html"
        value_class = PictureValue
        icon = "site"
        label = _("Example from Hải Phòng")


class PictureBlock(_PictureChecks):
    picture = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(max_length=250, label=_("Picture in words"))
    caption = blocks.CharBlock(required=False, max_length=250, label=_("Caption"))

    class Meta:
        template = "courses/blocks/picture.html"
        value_class = PictureValue
        icon = "image"
        label = _("Picture")


class AccordionBlock(blocks.StructBlock):
    items = blocks.ListBlock(
        blocks.StructBlock(
            [("title", blocks.CharBlock(label=_("Title"), max_length=160)), ("text", _text())]
        ),
        min_num=1,
        label=_("Parts"),
    )

    class Meta:
        template = "courses/blocks/accordion.html"
        icon = "list-ul"
        label = _("Accordion")


class GoalsBlock(blocks.StructBlock):
    numbers = blocks.MultipleChoiceBlock(choices=_goal_choices, label=_("Goals"))
    text = _text(required=False)

    class Meta:
        template = "courses/blocks/goals.html"
        icon = "globe"
        label = _("Goals")


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=160)
    file = DocumentChooserBlock(label=_("Video file"))
    captions = DocumentChooserBlock(label=_("Captions (VTT)"))
    transcript = _text()

    class Meta:
        template = "courses/blocks/video.html"
        value_class = FileValue
        icon = "media"
        label = _("Video")


class DownloadBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=160)
    file = DocumentChooserBlock(label=_("File"))

    class Meta:
        template = "courses/blocks/download.html"
        value_class = FileValue
        icon = "download"
        label = _("Download")


class PracticeBlock(blocks.StructBlock):
    """A question answered in place; nothing is counted, nothing is stored."""

    prompt = blocks.CharBlock(label=_("Question"), max_length=400)
    options = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("text", blocks.CharBlock(label=_("Option"), max_length=300)),
                ("right", blocks.BooleanBlock(required=False, label=_("Right"))),
                ("why", blocks.CharBlock(label=_("Why"), max_length=500)),
            ]
        ),
        min_num=2,
        max_num=6,
        label=_("Options"),
    )
    explanation = blocks.TextBlock(label=_("Explanation"))
    source = _source(required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if sum(bool(option["right"]) for option in cleaned["options"]) != 1:
            raise blocks.StructBlockValidationError(
                {"options": ValidationError(_("Mark exactly one option as right."))}
            )
        return cleaned

    class Meta:
        template = "courses/blocks/practice.html"
        icon = "form"
        label = _("Practice question")


class TakeawaysBlock(blocks.StructBlock):
    items = blocks.ListBlock(blocks.CharBlock(max_length=300), min_num=1, label=_("Points"))

    class Meta:
        template = "courses/blocks/takeaways.html"
        icon = "tick"
        label = _("What to take away")


class LessonBody(blocks.StreamBlock):
    """What an editor can put into a lesson."""

    text = blocks.RichTextBlock(
        features=TEXT_FEATURES, label=_("Text"), template="courses/blocks/text.html"
    )
    heading = HeadingBlock()
    case = CaseBlock()
    fact = FactBlock()
    callout = CalloutBlock()
    local = LocalBlock()
    picture = PictureBlock()
    accordion = AccordionBlock()
    goals = GoalsBlock()
    video = VideoBlock()
    download = DownloadBlock()
    practice = PracticeBlock()
    takeaways = TakeawaysBlock()
