"""The screens of regrading in the admin: history, choosing, preview, what a regrade did.

For others than those who may regrade they do not exist (404).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from quizzes.bank.models import Question, Quiz
from quizzes.regrading.actions import ChangedSinceError, RegradeError, apply_regrade
from quizzes.regrading.charts import bands
from quizzes.regrading.forms import PlanForm
from quizzes.regrading.models import Regrade
from quizzes.regrading.preview import PAGE, make_preview, unseal
from quizzes.regrading.queries import changes_of, find_questions, history, with_attempts
from quizzes.regrading.tasks import run_regrade

PERMISSION = "regrading.apply_regrade"
_SHOWN = {
    "changed": _("All changed results"),
    "gained": _("Passes gained"),
    "lost": _("Passes lost"),
}


class _ForRegraders(WagtailAdminTemplateMixin, TemplateView):
    """A screen for those who may regrade."""

    header_icon = "rotate"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(PERMISSION):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("regrading_index"), "label": HistoryView.page_title}
        here = [] if isinstance(self, HistoryView) else [{"url": "", "label": self.page_title}]
        return [*super().get_breadcrumbs_items(), home, *here]

    def page_of(self, found: Any) -> Any:
        """The page of the list that the address asks for."""
        return Paginator(found, PAGE).get_page(self.request.GET.get("p"))


class HistoryView(_ForRegraders):
    """All regrades, and the way to a new one."""

    page_title = _("Regrading")
    template_name = "regrading/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(history())
        return super().get_context_data(listing=page, **kwargs)


class ChooseView(_ForRegraders):
    """The questions, to be chosen by what they ask."""

    page_title = _("Choose the question")
    template_name = "regrading/choose.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").strip()
        page = self.page_of(find_questions(text))
        return super().get_context_data(
            text=text, listing=page, found=with_attempts(list(page)), **kwargs
        )


class PlanView(_ForRegraders):
    """The form; its preview, by the same address with what was filled in; and applying it."""

    page_title = _("Regrade a question")
    template_name = "regrading/plan.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.question = get_object_or_404(Question, pk=kwargs["pk"], current_version__isnull=False)

    def get_page_subtitle(self) -> str:
        return str(self.question)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "effect" not in request.GET:
            return self._ask(PlanForm(question=self.question))
        form = PlanForm(request.GET, question=self.question)
        if not form.is_valid() or "edit" in request.GET:
            return self._ask(form)
        return self._preview(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Apply what the preview showed; where it is not true any more, show the new one."""
        form = PlanForm(request.POST, question=self.question)
        seen = unseal(request.POST.get("seen", ""))
        if not form.is_valid() or seen is None:
            return self._ask(form)
        try:
            regrade = apply_regrade(plan=form.plan(), seen=seen, by=request.user)
        except ChangedSinceError as error:
            messages.warning(request, str(error))
            return self._preview(form, earlier=seen)
        except (RegradeError, ValidationError) as error:
            messages.error(request, str(error))
            return self._preview(form)
        messages.success(request, _("The ruling is made. Results are being computed again."))
        return redirect("regrading_regrade", pk=regrade.pk)

    def _ask(self, form: PlanForm) -> HttpResponse:
        context = self.get_context_data(question=self.question, form=form)
        return self.render_to_response(context)

    def _preview(self, form: PlanForm, **further: Any) -> HttpResponse:
        show = self.request.GET.get("show", "")
        show = show if show in _SHOWN else "changed"
        number = self.request.GET.get("p", "")
        page = int(number) if number.isdecimal() and int(number) else 1
        preview = make_preview(form.plan(), show=show, page=page)
        fields = form.as_fields()
        quizzes = Quiz.objects.in_bulk({row.attempt.quiz_id for row in preview.rows})
        context = self.get_context_data(
            question=self.question,
            form=form,
            plan=form.plan(),
            fields=fields,
            preview=preview,
            rows=[(row, quizzes[row.attempt.quiz_id].name) for row in preview.rows],
            seal=preview.seen.seal(),
            bands=bands(preview.before, preview.after),
            address=urlencode(fields),
            shown=_SHOWN,
            show=show,
            previous=page - 1,
            next=page + 1 if preview.listed > page * PAGE else 0,
            effects=[text % {"count": n} for text, n in sorted(preview.effects.items()) if n],
            running=Regrade.objects.filter(state=Regrade.State.RUNNING).exists(),
            **further,
        )
        self.template_name = "regrading/preview.html"
        return self.render_to_response(context)


class RegradeView(_ForRegraders):
    """What a regrade decided and did; a button takes one up that was interrupted."""

    page_title = _("Regrade")
    template_name = "regrading/regrade.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.regrade = get_object_or_404(history(), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.regrade.question)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        show = self.request.GET.get("show", "")
        show = show if show in _SHOWN else "changed"
        page = self.page_of(changes_of(self.regrade, show=show))
        return super().get_context_data(
            regrade=self.regrade, listing=page, shown=_SHOWN, show=show, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on with a regrade whose worker was stopped."""
        run_regrade.enqueue(self.regrade.pk)
        return redirect("regrading_regrade", pk=self.regrade.pk)
