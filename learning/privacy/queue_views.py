"""The HR officers' side: requests of their people, the first due on top; answering; erasing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.organisations.access import is_hr
from learning.organisations.disclosing import tell_list
from learning.privacy import access, actions
from learning.privacy.erasing import MayNotEraseError, erase_person, preview_erasure
from learning.privacy.forms import AnswerForm, EraseForm
from learning.privacy.models import DataRequest

A_PAGE = 50
WAITING, ALL = "cho", "tat-ca"


@require_safe
@never_cache
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """Those waiting, the first due on top; or all, the newest on top."""
    if not is_hr(request.user):
        raise Http404
    seen = access.requests_seen_by(request.user)
    shown = ALL if request.GET.get("xem") == ALL else WAITING
    waiting = seen.waiting()  # type: ignore[attr-defined]
    late = seen.late(on=timezone.localdate()).count()  # type: ignore[attr-defined]
    listed = seen.order_by("-made_at", "-pk") if shown == ALL else waiting.order_by("due_on", "pk")
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("trang"))
    tell_list(
        how=Disclosure.How.VIEWED,
        what="data-requests",
        by=request.user,
        unit=None,
        count=len(page),
    )
    context = {
        "page_of_requests": page,
        "shown": shown,
        "extra": f"xem={shown}&",
        "waiting_count": waiting.count(),
        "late_count": late,
    }
    return render(request, "privacy/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A request, and its answer. An auditor reads it; only an HR officer answers."""
    if request.method == "POST":
        return _answer(request, access.get_managed_request(request.user, pk))
    asked = access.get_seen_request(request.user, pk)
    tell_disclosure(
        how=Disclosure.How.VIEWED,
        what="data-request",
        by=request.user,
        about=asked.person,
        unit=asked.unit,
    )
    return _show(request, asked, AnswerForm())


def _answer(request: HttpRequest, asked: DataRequest) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, asked, form)
    try:
        answered = actions.answer_request(
            request=asked, by=request.user, grant=form.grants, answer=form.cleaned_data["answer"]
        )
    except actions.NotOpenError:
        messages.warning(request, _("The request was answered or cancelled meanwhile."))
        return redirect("privacy:request", pk=asked.pk)
    if answered.state == DataRequest.State.ACCEPTED:
        messages.success(request, _("Accepted and answered. Now carry the erasure out."))
        return redirect("privacy:erase", pk=asked.pk)
    messages.success(request, _("Answered; the person reads it under «My data»."))
    return redirect("privacy:queue")


def _show(request: HttpRequest, asked: DataRequest, form: AnswerForm) -> HttpResponse:
    managed = access.requests_managed_by(request.user).filter(pk=asked.pk).exists()
    context = {
        "asked": asked,
        "form": form,
        "may_answer": managed and asked.is_open,
        "may_erase": managed and asked.state == DataRequest.State.ACCEPTED,
        "preview": (
            preview_erasure(asked.person)
            if asked.kind == DataRequest.Kind.ERASURE and asked.is_open
            else []
        ),
    }
    return render(request, "privacy/request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """What would go and what would stay; confirmed a second time, it is done."""
    asked = access.get_managed_request(request.user, pk)
    if asked.kind != DataRequest.Kind.ERASURE or asked.state != DataRequest.State.ACCEPTED:
        raise Http404
    form = EraseForm(request.POST or None, request=asked)
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(person=asked.person, by=request.user, request=asked)
        except MayNotEraseError:
            messages.error(
                request,
                _("An administrator's account is not erased: first another one takes the role."),
            )
            return redirect("privacy:request", pk=asked.pk)
        messages.success(request, _("The data is erased. The act stands in the audit log."))
        return redirect("privacy:queue")
    context = {"asked": asked, "form": form, "preview": preview_erasure(asked.person)}
    return render(request, "privacy/erase.html", context)
