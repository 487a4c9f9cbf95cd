"""«Thẻ kích hoạt»: for HR officers, and where a card is used."""

import datetime
import time

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from learning.organisations.access import get_managed_unit, may_manage, units_managed_by
from learning.vietnamese import search_key
from portal.accounts.cards import actions
from portal.accounts.cards.codes import read_card_code
from portal.accounts.cards.paper import draw_cards
from portal.accounts.cards.queries import waiting_units
from portal.accounts.entry.flow import enter
from portal.accounts.entry.views import address_of, get_or_post
from portal.accounts.forms import NewPasswordForm
from portal.accounts.keys.models import ActivationCard

CARD, CARD_SECONDS = "accounts.card", 15 * 60  # session: the card shown, and when
UNITS_A_PAGE = 40


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Units she manages in which people wait for their first log-in."""
    if not may_manage(request.user):
        raise Http404
    units = waiting_units(units_managed_by(request.user))
    asked = request.GET.get("q", "").strip()[:80]
    shown = [unit for unit in units if search_key(asked) in search_key(unit.name)]
    page = Paginator(shown, UNITS_A_PAGE).get_page(request.GET.get("trang"))
    context = {"page_of": page, "asked": asked, "days": actions.DAYS, "any": bool(units)}
    return render(request, "accounts/cards/overview.html", context)


@require_POST
@never_cache
@login_required
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """New cards for a unit, as PDF. It is drawn for this answer and kept nowhere."""
    unit = get_managed_unit(request.user, pk)
    try:
        sheet, cards = actions.make_cards(unit=unit, by=request.user)
    except actions.NobodyWaitsError:
        messages.info(request, _("Everybody of this unit has logged in already."))
        return redirect("cards:overview")
    except actions.TooManyCardsError:
        messages.error(
            request,
            _("More than %d cards at once: take the units below one by one.") % actions.MOST_CARDS,
        )
        return redirect("cards:overview")
    expires_on = timezone.localdate(sheet.made_at) + datetime.timedelta(days=actions.DAYS)
    reply = HttpResponse(draw_cards(cards, expires_on=expires_on), content_type="application/pdf")
    name = slugify(search_key(unit.name)) or unit.code
    reply["Content-Disposition"] = f'attachment; filename="the-kich-hoat-{name}.pdf"'
    return reply


class CardForm(forms.Form):
    """What stands on the card."""

    name = forms.CharField(
        label=gettext_lazy("Staff code or e-mail"),
        max_length=254,
        error_messages={"required": gettext_lazy("Type your staff code or e-mail address.")},
    )
    code = forms.CharField(
        label=gettext_lazy("Activation code"),
        max_length=40,
        error_messages={"required": gettext_lazy("Type the code on your card.")},
    )

    def clean_code(self) -> str:
        """The check sign tells a slip before anything is asked."""
        typed: str = self.cleaned_data["code"]
        if read_card_code(typed) is None:
            raise forms.ValidationError(
                _("There is a slip in the code: eight letters and digits, like 7K3M-92QF.")
            )
        return typed


@sensitive_post_parameters()
@never_cache
@get_or_post
def activate(request: HttpRequest) -> HttpResponse:
    """First step: name and code."""
    if request.user.is_authenticated:
        return redirect("accounts:account")
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            card = actions.find_card(
                name=form.cleaned_data["name"],
                code=form.cleaned_data["code"],
                address=address_of(request),
            )
        except actions.CardRefusedError as refused:
            form.add_error("code", _refusal(paused=refused.paused))
        else:
            request.session.cycle_key()
            request.session[CARD] = {"pk": card.pk, "at": time.time()}
            return redirect("accounts:activate_password")
    return render(request, "accounts/cards/activate.html", {"form": form})


@sensitive_post_parameters()
@never_cache
@get_or_post
def activate_password(request: HttpRequest) -> HttpResponse:
    """Second step: a password of her own, and in."""
    shown = request.session.get(CARD)
    if not shown or time.time() - shown["at"] > CARD_SECONDS or request.user.is_authenticated:
        return redirect("accounts:activate")
    card = ActivationCard.objects.filter(pk=shown["pk"]).select_related("user").first()
    if card is None:
        return redirect("accounts:activate")
    form = NewPasswordForm(card.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.activate(card_pk=card.pk, password=form.cleaned_data["new_password1"])
        except actions.CardRefusedError:
            messages.error(request, _refusal(paused=False))
            return redirect("accounts:activate")
        del request.session[CARD]
        return enter(request, user, method="card", then=reverse("study:my"))
    context = {"form": form, "who": card.user, "login": actions.login_on_card(card.user)}
    return render(request, "accounts/cards/password.html", context)


def _refusal(*, paused: bool) -> str:
    if paused:
        return _("Too many wrong codes. Wait fifteen minutes, then try again.")
    return _(
        "These two don't belong together, or the card is used, replaced by a newer one or over. "
        "Compare both with the card; otherwise ask your HR officer for a new one."
    )
