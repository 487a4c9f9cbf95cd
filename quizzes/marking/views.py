"""The marker's screens in the admin: the queue, one answer, what was marked.

For others than markers they do not exist (404).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from quizzes.attempts.models import AttemptItem
from quizzes.bank.content import in_language
from quizzes.bank.kinds.essay import rubric
from quizzes.bank.models import Quiz
from quizzes.marking.access import PERMISSION, get_answer
from quizzes.marking.actions import (
    MarkingError,
    StaleMarkError,
    leave_answer,
    save_marks,
    set_blind,
    take_answer,
    take_next,
)
from quizzes.marking.forms import MarkForm
from quizzes.marking.queries import (
    claim_of,
    is_blind,
    lately_marked,
    marks_of,
    queue,
    quizzes_to_mark,
)

_PAGE = 50


class _ForMarkers(WagtailAdminTemplateMixin, TemplateView):
    """A screen for those who may mark."""

    header_icon = "edit"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(PERMISSION):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("marking_queue"), "label": QueueView.page_title}
        here = [] if isinstance(self, QueueView) else [{"url": "", "label": self.page_title}]
        return [*super().get_breadcrumbs_items(), home, *here]


class QueueView(_ForMarkers):
    """What waits, by quiz and question; a button takes the oldest."""

    page_title = pgettext_lazy("by people", "Marking")
    template_name = "marking/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = queue(self.request.user)
        return super().get_context_data(
            waiting=waiting,
            total=sum(line.count for line in waiting),
            quizzes=quizzes_to_mark(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the oldest free answer to a question of a quiz, or say how a quiz is marked."""
        if "blind" in request.POST:
            quiz = get_object_or_404(Quiz, pk=_number(request, "quiz"))
            set_blind(quiz=quiz, blind=request.POST["blind"] == "yes")
            return redirect("marking_queue")
        return _next(request, _number(request, "quiz"), _number(request, "question"))


class MarkedView(_ForMarkers):
    """What was marked, the latest first: to look at, or to mark again."""

    page_title = _("Marked answers")
    template_name = "marking/marked.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listing = Paginator(lately_marked(self.request.user), _PAGE).get_page(
            self.request.GET.get("p")
        )
        return super().get_context_data(listing=listing, **kwargs)


class AnswerView(_ForMarkers):
    """One answer with its rubric."""

    page_title = _("Mark an answer")
    template_name = "marking/answer.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.item: AttemptItem = get_answer(request.user, kwargs["pk"])
        self.content = in_language(self.item.version.content, get_language())

    def get_page_subtitle(self) -> str:
        return str(self.item.attempt.quiz.name)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it, leave it, work out the total, or save the marks."""
        item, marker = self.item, request.user
        if "take" in request.POST:
            try:
                take_answer(item=item, marker=marker)
            except MarkingError as error:
                messages.error(request, str(error))
            return redirect("marking_answer", pk=item.pk)
        if "leave" in request.POST:
            leave_answer(item=item, marker=marker)
            return redirect("marking_queue")
        form = MarkForm(request.POST, criteria=rubric(self.content))
        if not form.is_valid() or "total" in request.POST:
            return self._show(form)
        return self._save(form)

    def _save(self, form: MarkForm) -> HttpResponse:
        request, item = self.request, self.item
        try:
            mark = save_marks(
                item=item,
                marker=request.user,
                points=form.points(),
                comment=form.cleaned_data["comment"],
                seen=form.cleaned_data["seen"],
                form_id=form.cleaned_data["form_id"],
            )
        except StaleMarkError as error:
            messages.error(request, str(error))
            return redirect("marking_answer", pk=item.pk)
        except MarkingError as error:
            messages.error(request, str(error))
            return self._show(form)
        messages.success(
            request,
            _("Marked: %(total)s of %(most)s points.")
            % {"total": f"{mark.total:f}".removesuffix(".0"), "most": form.most},
        )
        if mark.number > 1:
            return redirect("marking_marked")
        return _next(request, item.attempt.quiz_id, item.version.question_id)

    def _show(self, form: MarkForm | None = None) -> HttpResponse:
        marks = marks_of(self.item)
        criteria = rubric(self.content)
        if form is None:
            form = MarkForm(criteria=criteria, seen=marks[0].number if marks else 0)
        claim = claim_of(self.item)
        given = form.points() if form.is_bound and form.is_valid() else _typed(form)
        context = self.get_context_data(
            item=self.item,
            prompt=self.content["prompt"],
            form=form,
            marks=[(mark, _in_words(mark, criteria)) for mark in marks],
            claim=claim,
            is_mine=claim is not None and claim.marker_id == self.request.user.pk,
            blind=is_blind(self.item.attempt.quiz_id),
            total=sum(given.values(), Decimal(0)),
            has_total=bool(given),
        )
        return self.render_to_response(context)


def _typed(form: MarkForm) -> dict[str, Decimal]:
    """What was typed and fits, while other fields are still wrong."""
    return form.points() if form.is_bound and hasattr(form, "cleaned_data") else {}


def _in_words(mark: Any, criteria: Any) -> list[tuple[str, Decimal, int]]:
    return [(line.text, Decimal(mark.points.get(line.key, 0)), line.points) for line in criteria]


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)


def _next(request: HttpRequest, quiz_id: int, question_id: int) -> HttpResponse:
    item = take_next(marker=request.user, quiz_id=quiz_id, question_id=question_id)
    if item is None:
        messages.info(request, _("No other answer to this question is waiting for you."))
        return redirect("marking_queue")
    return redirect("marking_answer", pk=item.pk)
