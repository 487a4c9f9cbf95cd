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
from quizzes.attempts.actions import (
    check_answer,
    move_on,
    save_answer,
    start_attempt,
    submit_attempt,
)
from quizzes.attempts.entering import terms_of
from quizzes.attempts.errors import AttemptClosedError, AttemptError, TimeIsUpError
from quizzes.attempts.forms import AnswerForm, EntryForm
from quizzes.attempts.models import Attempt
from quizzes.attempts.offering import offer
from quizzes.attempts.queries import (
    count_answered,
    get_review,
    get_sheet,
    get_sheets,
    given_back,
    open_attempt,
    own_fields,
    places_of,
    read_items,
)
from quizzes.attempts.result import describe
from quizzes.attempts.standing import standing
from quizzes.attempts.telling import telling
from quizzes.bank.kinds import BadAnswerError
from quizzes.bank.models import Quiz


def question_url(pk: int, position: int | None = None) -> str:
    """The address of a question of attempt `pk`; without a position the first open one."""
    url = reverse("attempts:attempt", args=[pk])
    return f"{url}?{urlencode({'cau': position})}" if position else url


def saved_label(saved_at: datetime | None) -> str:
    """«Saved at 10:32:05», in the site's time; nothing where nothing was saved."""
    if saved_at is None:
        return ""
    return _("Saved at %(time)s") % {"time": f"{timezone.localtime(saved_at):%H:%M:%S}"}


def enter(request: HttpRequest, *, quiz: Quiz, origin: str, return_to: str) -> HttpResponse:
    """Start the quiz, for the views that have checked that the person may sit it.

    A GET shows what is to be known, typed or agreed to first; a POST starts, or goes on with the
    attempt that is open. What keeps her from starting is said where it belongs.
    """
    if request.method != "POST":
        return _entry_page(request, quiz, EntryForm(quiz=quiz), return_to)
    # Pressed where there was nothing to read yet; an open attempt goes on all the same.
    unread = quiz.asks_before_start and "entering" not in request.POST
    if unread and open_attempt(taker_id=_taker_id(request), quiz_id=quiz.pk) is None:
        return redirect(request.path)
    form = EntryForm(request.POST, quiz=quiz)
    form.is_valid()
    try:
        started = start_attempt(
            taker=request.user, quiz=quiz, origin=origin, return_to=return_to, entry=form.entry()
        )
    except AttemptError as error:
        if error.field is None:
            messages.error(request, str(error))
            return redirect(return_to)
        form.add_error(error.field, str(error))
        return _entry_page(request, quiz, form, return_to)
    return redirect("attempts:attempt", pk=started.pk)


def _taker_id(request: HttpRequest) -> int:
    assert request.user.pk is not None
    return request.user.pk


def _entry_page(request: HttpRequest, quiz: Quiz, form: EntryForm, return_to: str) -> HttpResponse:
    context = {
        "quiz": quiz,
        "form": form,
        "offer": offer(taker_id=_taker_id(request), quiz=quiz),
        "return_to": return_to,
    }
    return render(request, "attempts/entry.html", context)


@never_cache
@login_required
@require_GET
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """One question of an open attempt, or all of them where the quiz wishes it."""
    found = get_attempt(request.user, pk)
    if not found.is_open:
        return redirect("attempts:result", pk=pk)
    shared = {"attempt": found, "given_back": given_back(found), **_clock(found)}
    if found.quiz.paging == Quiz.Paging.WHOLE and not found.one_way:
        sheets = get_sheets(found)
        latest = max((one.saved_at for one in sheets if one.saved_at), default=None)
        return render(
            request,
            "attempts/whole.html",
            {
                **shared,
                "sheets": sheets,
                "sheet": sheets[0],
                "saved_label": saved_label(latest),
            },
        )
    asked_for = request.GET.get("cau", "")
    sheet = get_sheet(found, int(asked_for) if asked_for.isdecimal() else None)
    if sheet is None:
        return redirect("attempts:submit", pk=pk)
    context = {**shared, "sheet": sheet, "saved_label": saved_label(sheet.saved_at)}
    return render(request, "attempts/attempt.html", context)


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
    except AttemptError as error:
        return _refuse(request, as_json, 409, error.code, str(error), question_url(pk))
    if as_json:
        return JsonResponse(
            {
                "position": position,
                "saved_at": saved_at.isoformat(),
                "saved_label": saved_label(saved_at),
                "answered": count_answered(Attempt(pk=pk)),
            }
        )
    return _go(request, pk, position)


def _go(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Where the button pressed beside the answer leads: on, back, to the end, to be checked."""
    go = request.POST.get("go", "")
    here = get_attempt(request.user, pk)
    try:
        if go == "check" and here.practice:
            check_answer(attempt=here, position=position)
            return redirect(question_url(pk, position) + "#xem-lai")
        if go and here.one_way:
            move_on(attempt=here, position=position)
            return redirect(question_url(pk))
    except AttemptError as error:
        messages.error(request, str(error))
        return redirect(question_url(pk, position))
    if go == "review":
        return redirect("attempts:submit", pk=pk)
    return redirect(question_url(pk, int(go) if go.isdecimal() else position))


@never_cache
@login_required
@require_POST
def save_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep every answer of a page that shows all questions, for browsers without the script."""
    found = get_attempt(request.user, pk)
    sent = dict(request.POST.lists())
    checked = request.POST.get("go", "")
    position = 1
    for item in read_items(found):
        own = own_fields(sent, item.position)
        if item.checked_at or not (own or item.saved_at):
            continue
        try:
            save_answer(attempt=found, position=item.position, sent=own)
        except (AttemptClosedError, TimeIsUpError) as error:
            messages.error(request, str(error))
            return redirect("attempts:submit", pk=pk)
        except (AttemptError, BadAnswerError) as error:
            # The other answers are kept all the same.
            place = _("Question %(n)s: %(error)s") % {"n": item.position, "error": error}
            messages.error(request, place)
    if checked.startswith("check-") and checked[6:].isdecimal() and found.practice:
        position = int(checked[6:])
        try:
            check_answer(attempt=found, position=position)
        except Attempt.DoesNotExist:
            raise Http404 from None
        except AttemptError as error:
            messages.error(request, str(error))
    if checked == "review":
        return redirect("attempts:submit", pk=pk)
    return redirect(reverse("attempts:attempt", args=[pk]) + f"#c{position}")


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
                "given_back": given_back(found),
                "whole": found.quiz.paging == Quiz.Paging.WHOLE,
                "may_return": not found.one_way or found.reached <= len(places),
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
    now = timezone.now()
    closes_at = terms_of(taker_id=found.taker_id, quiz=found.quiz).closes_at
    told = telling(found, closes_at=closes_at, at=now)
    review = get_review(found, told) if told.answers else []
    context = {
        "attempt": found,
        "told": told,
        "review": review,
        "summary": describe(found, review, told),
        "counted": standing(taker_id=found.taker_id, quiz=found.quiz)
        if told.score and not found.is_waiting
        else None,
    }
    return render(request, "attempts/result.html", context)


def _clock(attempt: Attempt) -> dict[str, Any]:
    """What the page's clock starts from: seconds left by the server's time, or nothing."""
    now = timezone.now()
    left = max((attempt.deadline - now).total_seconds(), 0) if attempt.deadline else None
    minutes, seconds = divmod(int(left or 0), 60)
    return {
        "is_late": attempt.is_late(at=now),
        "is_over": attempt.is_over(at=now),
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
