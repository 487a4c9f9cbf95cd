"""Screens of the second factor: set up, shown at log-in, recovery codes."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.accounts.adapters import SecondFactorAdapter
from portal.accounts.entry.passwords import confirmed
from portal.accounts.entry.views import get_or_post, safe_next
from portal.accounts.qr import draw_qr
from portal.accounts.second import actions
from portal.accounts.second.forms import FactorCodeForm, NewAppForm, NewPasskeyForm, PasskeyForm
from portal.accounts.second.wall import needs_second_factor, used_second_factor

SECRET = "accounts.totp"  # session: the secret of the app being set up  # noqa: S105


@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """What she has, and what she may add."""
    factors = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    kinds = {factor.type for factor in factors}
    context = {
        "app": next((f for f in factors if f.type == Authenticator.Type.TOTP), None),
        "passkeys": [f for f in factors if f.type == Authenticator.Type.WEBAUTHN],
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "required": needs_second_factor(request.user),
        "next": safe_next(request),
    }
    return render(request, "accounts/second/overview.html", context)


@require_POST
@confirmed
def app_start(request: HttpRequest) -> HttpResponse:
    """A secret for a new app; it counts once the app has shown a right code."""
    request.session[SECRET] = generate_totp_secret()
    return redirect("accounts:app_set_up")


@sensitive_post_parameters()
@get_or_post
@confirmed
def app_set_up(request: HttpRequest) -> HttpResponse:
    """The secret as QR code and as text, and the field for the first code."""
    secret = request.session.get(SECRET)
    if not secret:
        return redirect("accounts:second")
    form = NewAppForm(request.POST or None, user=request.user, secret=secret)
    if request.method == "POST" and form.is_valid():
        actions.add_app(request=request, user=request.user, secret=secret)
        del request.session[SECRET]
        return redirect("accounts:recovery_codes")
    adapter = SecondFactorAdapter()
    address = adapter.build_totp_url(request.user, secret)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {"form": form, "qr": draw_qr(address), "secret": groups, "address": address}
    return render(request, "accounts/second/app.html", context)


@get_or_post
@confirmed
def passkey_add(request: HttpRequest) -> HttpResponse:
    """The page whose script asks the device for a passkey, and where its answer comes."""
    form = NewPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"] or SecondFactorAdapter().generate_authenticator_name(
            request.user, Authenticator.Type.WEBAUTHN
        )
        had_codes = bool(actions.recovery_codes_of(request.user))
        actions.add_passkey(
            request=request,
            user=request.user,
            name=name,
            credential=form.cleaned_data["credential"],
        )
        messages.success(request, _("The passkey «%(name)s» was added.") % {"name": name})
        return redirect("accounts:second" if had_codes else "accounts:recovery_codes")
    return render(request, "accounts/second/passkey.html", {"form": form})


@require_POST
@confirmed
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What the browser shall ask the device for a new passkey; good once, in this session."""
    return JsonResponse(webauthn.begin_registration(request.user, False))


@require_POST
@confirmed
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one factor away."""
    if not actions.remove_factor(user=request.user, pk=pk):
        raise Http404
    messages.success(request, _("It counts no longer."))
    return redirect("accounts:second")


@confirmed
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes that help when the phone is lost, to print."""
    codes = actions.recovery_codes_of(request.user)
    if not codes:
        return redirect("accounts:second")
    return render(request, "accounts/second/recovery.html", {"codes": codes})


@require_POST
@confirmed
def recovery_renew(request: HttpRequest) -> HttpResponse:
    """New codes instead of the old ones."""
    if not Authenticator.objects.filter(user=request.user).exists():
        raise Http404
    actions.renew_recovery_codes(user=request.user)
    return redirect("accounts:recovery_codes")


# --- showing it ----------------------------------------------------------------------------------


@sensitive_post_parameters()
@get_or_post
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="accounts:login")
def at_log_in(request: HttpRequest) -> HttpResponse:
    """The step between the password and the session."""
    stage = request._login_stage  # type: ignore[attr-defined]
    reply = _ask(request, stage.login.user, reverse("mfa_authenticate"))
    if isinstance(reply, HttpResponse):
        return reply
    post_authentication(request, reply)
    done: HttpResponse = stage.exit()
    return done


@sensitive_post_parameters()
@never_cache
@login_required
@get_or_post
def confirm(request: HttpRequest) -> HttpResponse:
    """For who is in already, and comes to a place that needs more."""
    then = safe_next(request) or reverse("accounts:account")
    if used_second_factor(request):
        return redirect(then)
    here = f"{reverse('accounts:second_confirm')}?next={then}"
    reply = _ask(request, request.user, here)
    if isinstance(reply, HttpResponse):
        return reply
    post_authentication(request, reply, reauthenticated=True)
    return redirect(then)


def _ask(request: HttpRequest, user: Any, action: str) -> HttpResponse | Authenticator:
    """The factor that was shown; or the page that asks for it."""
    by_passkey = "credential" in request.POST
    sent = request.POST if request.method == "POST" else None
    code = FactorCodeForm(None if by_passkey else sent, user=user)
    passkey = PasskeyForm(sent if by_passkey else None, user=user)
    form, field = (passkey, "credential") if by_passkey else (code, "code")
    if sent is not None and form.is_valid():
        shown: Authenticator = form.cleaned_data[field]
        return shown
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "form": code,
        "passkey": passkey,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "has_app": Authenticator.Type.TOTP in kinds,
        "action": action,
    }
    return render(request, "accounts/second/ask.html", context)


@require_POST
@never_cache
def question(request: HttpRequest) -> HttpResponse:
    """What the browser shall ask the device to show its passkey; at log-in or within."""
    if request.user.is_authenticated:
        return JsonResponse(webauthn.begin_authentication(request.user))
    stage = get_pending_stage(request)
    if stage is None or stage.key != AuthenticateStage.key:
        raise Http404
    return JsonResponse(webauthn.begin_authentication(stage.login.user))
