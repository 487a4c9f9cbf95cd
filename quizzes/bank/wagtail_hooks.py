"""Questions and quizzes in the admin, each with a preview as the learner sees it."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
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
from wagtail.models import WorkflowState
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from quizzes.bank.admin.bulk import EditQuestions
from quizzes.bank.admin.filters import QuestionFilterSet
from quizzes.bank.admin.views import (
    VERSIONS_URL,
    CarefulDeleteView,
    QuestionEditView,
    VersionsView,
)
from quizzes.bank.choosing import picture_chooser
from quizzes.bank.content import content_from
from quizzes.bank.editing import RETIRE, REUSE
from quizzes.bank.kinds import get_kind
from quizzes.bank.likeness import like
from quizzes.bank.models import Question, Quiz
from quizzes.bank.widgets import AreaInput, TopicInput


class QuestionViewSet(SnippetViewSet):
    model = Question
    icon = "help"
    menu_label = _("Questions")
    list_display = ["prompt_line", "kind", "topic", "difficulty", "state_line"]
    filterset_class = QuestionFilterSet
    edit_view_class = QuestionEditView
    delete_view_class = CarefulDeleteView
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
                    FieldRowPanel(
                        [FieldPanel("topic", widget=TopicInput), FieldPanel("difficulty")]
                    ),
                    FieldPanel("tags"),
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Each with its workflow, so that a page of the list costs one query more, not fifty."""
        running = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
        return Question.objects.prefetch_related(
            Prefetch("workflow_states", queryset=running, to_attr="_current_workflow_states")
        )


class QuizViewSet(SnippetViewSet):
    model = Quiz
    delete_view_class = CarefulDeleteView
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
    # The other packages of the quizzes put their screens here too.
    submenu_hook = "register_quiz_menu_item"


register_snippet(QuizGroup)
hooks.register("register_bulk_action", EditQuestions)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The page of a question's versions."""
    return [path("cau-hoi/<int:pk>/phien-ban/", VersionsView.as_view(), name=VERSIONS_URL)]


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Retirement in the history, in words."""
    actions.register_action(RETIRE, _("Retire"), _("Retired"))
    actions.register_action(REUSE, _("Use again"), _("Used again"))


@hooks.register("register_admin_viewset")
def register_picture_chooser() -> Any:
    """Choosing and uploading the pictures of questions."""
    return picture_chooser


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def tell_advice(request: HttpRequest, instance: Any) -> None:
    """After a save that a person asked for: what is worth a look and stops nothing."""
    if not isinstance(instance, Question) or not request.accepts("text/html"):
        return
    draft = instance.get_latest_revision_as_object()
    for sentence in get_kind(draft.kind).advice(content_from(draft)):
        messages.warning(request, sentence)
    for one in like(draft):
        messages.warning(
            request,
            _("Much like this question (%(percent)s%%): “%(prompt)s”")
            % {"percent": int(one.share * 100), "prompt": one.prompt[:200]},
            [
                messages.button(
                    reverse("wagtailsnippets_bank_question:edit", args=[one.pk]), _("Look at it")
                )
            ],
        )
