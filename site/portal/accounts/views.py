"""Her account: name, e-mail, password, second factor, devices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from learning.audit.actions import record
from learning.organisations.access import current_membership, may_manage, may_name, may_read_log
from portal.accounts.devices.actions import end_other_sessions, end_session
from portal.accounts.devices.queries import devices_of
from portal.accounts.email_forms import NewEmailForm
from portal.accounts.entry.passwords import confirmed, person
from portal.accounts.entry.views import (
    ASKED,
    address_of,
    dead_code,
    get_or_post,
    remember,
    too_many_asks,
    wrong_code,
)
from portal.accounts.forms import CodeForm
from portal.accounts.keys.actions import (
    MINUTES,
    DeadCodeError,
    TooManyAsksError,
    WrongCodeError,
    ask_for_code,
    use_code,
)
from portal.accounts.keys.models import MailCode
from portal.accounts.letters import post_letter
from portal.accounts.models import User


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Everything she may see and change of her account, each with its own page."""
    from allauth.mfa.utils import is_mfa_enabled

    context = {
        "membership": current_membership(request.user),
        "has_second": is_mfa_enabled(request.user, ("totp", "webauthn")),
        "my_data_url": reverse("privacy:mine"),
        "may_make_cards": may_manage(request.user),
        "may_name": may_name(request.user),
        "may_read_log": may_read_log(request.user),
    }
    return render(request, "accounts/account.html", context)


@get_or_post
@confirmed
def email_change(request: HttpRequest) -> HttpResponse:
    """A new address: a code goes there, and the address counts once the code came back."""
    form = NewEmailForm(request.POST or None, user=person(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_for_code(
                purpose=MailCode.Purpose.NEW_EMAIL,
                name=form.cleaned_data["email"],
                address=address_of(request),
                user=request.user,
            )
        except TooManyAsksError:
            form.add_error("email", too_many_asks())
        else:
            remember(request, asked)
            return redirect("accounts:email_code")
    return render(request, "accounts/email_change.html", {"form": form, "minutes": MINUTES})


@never_cache
@login_required
@get_or_post
def email_code(request: HttpRequest) -> HttpResponse:
    """The code from the new address."""
    asked = request.session.get(ASKED)
    if not asked:
        return redirect("accounts:email_change")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            used = use_code(
                request_id=asked["id"],
                purpose=MailCode.Purpose.NEW_EMAIL,
                code=form.cleaned_data["code"],
            )
            take_email(user=used.user, email=used.name)
        except WrongCodeError as wrong:
            form.add_error("code", wrong_code(wrong.left))
        except DeadCodeError:
            form.add_error("code", dead_code())
        except IntegrityError:
            form.add_error("code", _("Another account took this address meanwhile."))
        else:
            del request.session[ASKED]
            messages.success(request, _("Your e-mail address is now %s.") % used.name)
            return redirect("accounts:account")
    context = {"form": form, "asked": asked, "minutes": MINUTES}
    return render(request, "accounts/email_code.html", context)


def take_email(*, user: User | None, email: str) -> None:
    """`email`, confirmed, is the person's address from now on; the old one is told.

    Raises `IntegrityError` if somebody else has it by now.
    """
    assert user is not None, "a code for a new address belongs to a person"
    with transaction.atomic():
        fresh = User.objects.select_for_update().get(pk=user.pk)
        before, fresh.email = fresh.email, email
        fresh.save(update_fields=["email"])
        record(act="email-changed", by=fresh, about=fresh)
    if before and before != email:
        post_letter(
            template="changed_email",
            subject=gettext_lazy("Your account was changed"),
            to=before,
            full_name=fresh.full_name,
        )


@never_cache
@login_required
def devices(request: HttpRequest) -> HttpResponse:
    """«Thiết bị đang đăng nhập»."""
    found = devices_of(
        request.user,
        session_key=request.session.session_key,
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
    )
    return render(request, "accounts/devices.html", {"devices": found})


@require_POST
@login_required
def device_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Log one device out."""
    if not end_session(user=request.user, pk=pk):
        raise Http404
    messages.success(request, _("That device is logged out."))
    return redirect("accounts:devices")


@require_POST
@login_required
def devices_end(request: HttpRequest) -> HttpResponse:
    """Log all devices out but this one."""
    count = end_other_sessions(user=request.user, keep=request.session.session_key)
    text = ngettext(
        "One other device is logged out.", "%(count)d other devices are logged out.", count
    )
    messages.success(
        request, text % {"count": count} if count else _("No other device was logged in.")
    )
    return redirect("accounts:devices")
