"""Log-in by password, or by a code by mail for those who forgot theirs."""

from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.entry.flow import enter
from portal.accounts.forms import CodeForm, LoginForm, NameForm
from portal.accounts.joining.actions import is_open
from portal.accounts.keys.actions import (
    MAX_TRIES,
    MINUTES,
    DeadCodeError,
    TooManyAsksError,
    WrongCodeError,
    ask_for_code,
    use_code,
)
from portal.accounts.keys.models import MailCode

ASKED = "accounts.code"  # session: the id of the code asked for, and what was typed
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


class LoginView(auth_views.LoginView):
    """The one log-in page, for the site and its admin."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Right password: on to the second factor, or in."""
        return enter(self.request, form.get_user(), method="password", then=self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the page shows beside the form."""
        # The view would name the host.
        extra = {
            "site_name": settings.WAGTAIL_SITE_NAME,
            "sso": sso_button(),
            "sign_up_open": is_open(),
        }
        return super().get_context_data(**kwargs) | extra


log_in = method_decorator(never_cache, name="dispatch")(LoginView).as_view()


def sso_button() -> str:
    """What the button of the other system says; empty where none is set up."""
    return settings.OIDC_BUTTON if settings.OIDC_ISSUER else ""


@never_cache
@get_or_post
def code_ask(request: HttpRequest) -> HttpResponse:
    """Forgotten: type a name, get a code by mail. The answer is the same for every name."""
    if request.user.is_authenticated:
        return redirect("accounts:password_change")
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            asked = ask_for_code(
                purpose=MailCode.Purpose.LOG_IN, name=name, address=address_of(request)
            )
        except TooManyAsksError:
            form.add_error("name", too_many_asks())
        else:
            remember(request, asked, then=safe_next(request))
            return redirect("accounts:code_type")
    context = {"form": form, "minutes": MINUTES, "next": safe_next(request)}
    return render(request, "accounts/code_ask.html", context)


@never_cache
@get_or_post
def code_type(request: HttpRequest) -> HttpResponse:
    """Type the code that came by mail; then choose a new password, or go on without."""
    asked = request.session.get(ASKED)
    if request.user.is_authenticated or not asked:
        return redirect("accounts:code_ask")
    form = CodeForm(request.POST or None)
    dead = False
    if request.method == "POST" and form.is_valid():
        try:
            used = use_code(
                request_id=asked["id"],
                purpose=MailCode.Purpose.LOG_IN,
                code=form.cleaned_data["code"],
            )
        except WrongCodeError as wrong:
            form.add_error("code", wrong_code(wrong.left))
        except DeadCodeError:
            dead = True
            form.add_error("code", dead_code())
        else:
            del request.session[ASKED]
            then = f"{reverse('accounts:password_new')}?next={asked['then']}"
            return enter(request, used.user, method="code", then=then)
    context = {"form": form, "asked": asked, "minutes": MINUTES, "tries": MAX_TRIES, "dead": dead}
    return render(request, "accounts/code_type.html", context)


def remember(request: HttpRequest, asked: MailCode, *, then: str = "") -> None:
    """Bind the request for a code to this browser."""
    request.session[ASKED] = {"id": str(asked.pk), "name": asked.name, "then": then}


def wrong_code(left: int) -> str:
    """What to say after a wrong code."""
    return ngettext(
        "That is not the code. You can try once more.",
        "That is not the code. You can try %(left)d more times.",
        left,
    ) % {"left": left}


def dead_code() -> str:
    """What to say when no code helps any more."""
    return _("This code counts no longer: it is over, or was tried too often. Ask for a new one.")


def too_many_asks() -> str:
    """What to say to who asks for code after code."""
    return _("Many codes were asked for already. Look for the letter, or try again in an hour.")


def address_of(request: HttpRequest) -> str:
    """The client's address, as axes counts it."""
    return get_client_ip_address(request) or ""


def safe_next(request: HttpRequest) -> str:
    """Where she wanted to go, if that is a page of this site; empty otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""
