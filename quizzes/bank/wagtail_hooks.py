"""Questions and quizzes in the admin, each with a preview as the learner sees it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from quizzes.bank.choosing import picture_chooser
from quizzes.bank.content import content_from
from quizzes.bank.kinds import get_kind
from quizzes.bank.models import Question, Quiz
from quizzes.bank.widgets import AreaInput


class QuestionViewSet(SnippetViewSet):
    model = Question
    icon = "help"
    menu_label = _("Questions")
    list_display = ["prompt_line", "kind", "topic", "difficulty", "live"]
    list_filter = ["kind", "difficulty", "topic", "live"]
    list_per_page = 50
    # In the database itself: the index of full texts knows no keys.
    search_backend_name = None
    search_fields = ["prompt", "key", "topic"]
    ordering = ["key"]
    copy_view_enabled = False
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("kind"),
                    FieldPanel("settings"),
                    FieldPanel("prompt"),
                    MultiFieldPanel(
                        [FieldPanel("picture"), FieldPanel("alt")], heading=_("Picture")
                    ),
                    InlinePanel(
                        "options",
                        [
                            FieldPanel("text"),
                            FieldPanel("match"),
                            FieldPanel("gap"),
                            FieldPanel("is_right"),
                            FieldPanel("points"),
                            FieldPanel("area", widget=AreaInput),
                            FieldPanel("why"),
                            FieldPanel("pinned"),
                            FieldPanel("picture"),
                            FieldRowPanel([FieldPanel("alt"), FieldPanel("alt_en")]),
                            FieldRowPanel([FieldPanel("text_en"), FieldPanel("why_en")]),
                            FieldPanel("match_en"),
                        ],
                        heading=_("Options"),
                        label=_("Option"),
                        min_num=1,
                    ),
                    FieldPanel("explanation"),
                    FieldPanel("sources_text"),
                ],
                heading=_("Question"),
            ),
            ObjectList(
                [FieldPanel("prompt_en"), FieldPanel("alt_en"), FieldPanel("explanation_en")],
                heading=_("In English"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("topic"), FieldPanel("difficulty")]),
                    FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
                    FieldRowPanel([FieldPanel("objective"), FieldPanel("source_keys")]),
                    FieldPanel("reference", read_only=True),
                    FieldPanel("key"),
                    PublishingPanel(),
                ],
                heading=_("Details"),
            ),
        ]
    )


class QuizViewSet(SnippetViewSet):
    model = Quiz
    icon = "list-ol"
    menu_label = _("Quizzes")
    list_display = ["title", "key", "pass_percent", "pool_line"]
    list_per_page = 50
    # In the database itself: the index of full texts knows no keys.
    search_backend_name = None
    search_fields = ["title", "key"]
    ordering = ["title"]
    copy_view_enabled = False
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("title"), FieldPanel("title_en")]),
                    FieldPanel("introduction"),
                    FieldPanel("draw"),
                    InlinePanel(
                        "places",
                        [FieldPanel("question"), FieldPanel("points")],
                        heading=_("Questions"),
                        label=_("Question"),
                    ),
                    InlinePanel(
                        "draws",
                        [
                            FieldPanel("pool"),
                            FieldRowPanel([FieldPanel("topic"), FieldPanel("difficulty")]),
                            FieldPanel("objective"),
                            FieldRowPanel([FieldPanel("count"), FieldPanel("points")]),
                        ],
                        heading=_("Draws from other quizzes and from the bank"),
                        label=_("Draw"),
                    ),
                ],
                heading=_("Quiz"),
            ),
            ObjectList(
                [
                    FieldPanel("mode"),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("pass_percent"), FieldPanel("counting")]),
                            FieldRowPanel(
                                [FieldPanel("attempts_allowed"), FieldPanel("cooldown_minutes")]
                            ),
                            FieldPanel("negative_marks"),
                        ],
                        heading=_("Result"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                            FieldRowPanel(
                                [FieldPanel("time_limit_minutes"), FieldPanel("grace_seconds")]
                            ),
                        ],
                        heading=_("Time"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("paging"),
                            FieldPanel("may_go_back"),
                            FieldPanel("shuffle_questions"),
                            FieldPanel("shuffle_options"),
                        ],
                        heading=_("Pages"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("entry_code"),
                            FieldPanel("entry_quiz"),
                            FieldPanel("honesty_note"),
                        ],
                        heading=_("Before the start"),
                    ),
                    FieldPanel("key"),
                ],
                heading=_("Rules"),
            ),
            ObjectList(
                [
                    HelpPanel(
                        _(
                            "What a person sees of her handed-in attempt. Explanations are told "
                            "only together with the right answers."
                        )
                    ),
                    FieldPanel("review_right_after"),
                    FieldPanel("review_while_open"),
                    FieldPanel("review_after_closing"),
                ],
                heading=_("Review"),
            ),
        ]
    )


class QuizGroup(SnippetViewSetGroup):
    items = (QuestionViewSet, QuizViewSet)
    menu_label = _("Quizzes")
    menu_icon = "help"
    menu_order = 250
    add_to_admin_menu = True


register_snippet(QuizGroup)


@hooks.register("register_admin_viewset")
def register_picture_chooser() -> Any:
    """Choosing and uploading the pictures of questions."""
    return picture_chooser


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def tell_advice(request: HttpRequest, instance: Any) -> None:
    """After a save that a person asked for: what is worth a look but stops nothing."""
    if not isinstance(instance, Question) or not request.accepts("text/html"):
        return
    draft = instance.get_latest_revision_as_object()
    for sentence in get_kind(draft.kind).advice(content_from(draft)):
        messages.warning(request, sentence)
