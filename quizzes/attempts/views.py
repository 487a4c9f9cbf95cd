"""The learner's screens of a sitting: a question, handing in, the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quizzes.attempts.access import claim_attempt, get_attempt
from quizzes.attempts.actions import save_answer, submit_attempt
from quizzes.attempts.errors import AttemptClosedError, AttemptError, TimeIsUpError
from quizzes.attempts.forms import AnswerForm
from quizzes.attempts.models import Attempt
from quizzes.attempts.queries import count_answered, get_review, get_sheet, places_of
from quizzes.attempts.result import describe
from quizzes.bank.kinds import BadAnswerError


def question_url(pk: int, position: int | None = None) -> str:
    """The address of a question of attempt `pk`; without a position the first open one."""
    url = reverse("attempts:attempt", args=[pk])
    return f"{url}?{urlencode({'cau': position})}" if position else url


def saved_label(saved_at: datetime | None) -> str:
    """«Saved at 10:32:05», in the site's time; nothing where nothing was saved."""
    if saved_at is None:
        return ""
    return _("Saved at %(time)s") % {"time": f"{timezone.localtime(saved_at):%H:%M:%S}"}


@never_cache
@login_required
@require_GET
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """One question of an open attempt."""
    found = get_attempt(request.user, pk)
    if not found.is_open:
        return redirect("attempts:result", pk=pk)
    asked_for = request.GET.get("cau", "")
    sheet = get_sheet(found, int(asked_for) if asked_for.isdecimal() else None)
    return render(
        request,
        "attempts/attempt.html",
        {
            "attempt": found,
            "sheet": sheet,
            "saved_label": saved_label(sheet.saved_at),
            **_clock(found),
        },
    )


@never_cache
@require_POST
def save(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Keep the answer to one question: JSON for the script, a redirect for a plain form."""
    as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    here = question_url(pk, position)
    if not request.user.is_authenticated:
        return _ask_for_login(here) if as_json else redirect_to_login(here)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _refuse(request, as_json, 400, "bad", _("This answer cannot be read."), here)
    try:
        saved_at = save_answer(
            attempt=claim_attempt(request.user, pk),
            position=position,
            sent=dict(request.POST.lists()),
            client=form.cleaned_data["client"],
            sequence=form.cleaned_data["sequence"] or 0,
        )
    except Attempt.DoesNotExist:
        raise Http404 from None
    except BadAnswerError as error:
        return _refuse(request, as_json, 400, "bad", str(error), here)
    except AttemptClosedError as error:
        url = reverse("attempts:result", args=[pk])
        return _refuse(request, as_json, 409, error.code, str(error), url)
    except TimeIsUpError as error:
        url = reverse("attempts:submit", args=[pk])
        return _refuse(request, as_json, 409, error.code, str(error), url)
    if as_json:
        return JsonResponse(
            {
                "position": position,
                "saved_at": saved_at.isoformat(),
                "saved_label": saved_label(saved_at),
                "answered": count_answered(Attempt(pk=pk)),
            }
        )
    go = request.POST.get("go", "")
    if go == "review":
        return redirect("attempts:submit", pk=pk)
    return redirect(question_url(pk, int(go) if go.isdecimal() else position))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still unanswered, and the button that hands in. Pressing it twice is harmless."""
    found = get_attempt(request.user, pk)
    if request.method == "POST":
        try:
            submit_attempt(attempt=found)
        except AttemptError as error:
            messages.error(request, str(error))
            return redirect(question_url(pk))
    elif found.is_open:
        places = places_of(found)
        unanswered = [place for place in places if not place.answered]
        return render(
            request,
            "attempts/submit.html",
            {
                "attempt": found,
                "places": places,
                "unanswered": unanswered,
                "answered": len(places) - len(unanswered),
                **_clock(found),
            },
        )
    return redirect("attempts:result", pk=pk)


@never_cache
@login_required
@require_GET
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The score, the receipt, and every question with its key."""
    found = get_attempt(request.user, pk)
    if found.is_open:
        return redirect(question_url(pk))
    review = get_review(found)
    return render(
        request,
        "attempts/result.html",
        {"attempt": found, "review": review, "summary": describe(found, review)},
    )


def _clock(attempt: Attempt) -> dict[str, Any]:
    """What the page's clock starts from: seconds left by the server's time, or nothing."""
    now = timezone.now()
    left = max((attempt.deadline - now).total_seconds(), 0) if attempt.deadline else None
    minutes, seconds = divmod(int(left or 0), 60)
    return {
        "is_late": attempt.is_late(at=now),
        "seconds_left": None if left is None else str(int(left)),
        "time_left": f"{minutes}:{seconds:02d}",
    }


def _ask_for_login(next_url: str) -> JsonResponse:
    login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': next_url})}"
    return JsonResponse(
        {
            "code": "login",
            "error": _("You have been logged out. Your answer is kept here; log in to send it."),
            "url": login,
        },
        status=401,
    )


def _refuse(
    request: HttpRequest, as_json: bool, status: int, code: str, sentence: str, url: str
) -> HttpResponse:
    """A refusal with its reason, and the address where the learner can go on."""
    if as_json:
        return JsonResponse({"code": code, "error": sentence, "url": url}, status=status)
    messages.error(request, sentence)
    return redirect(url)
