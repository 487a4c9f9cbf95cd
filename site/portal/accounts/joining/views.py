"""«Đăng ký» for citizens, enterprises and the press."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from learning.courses.queries import get_outline
from portal.accounts.entry.flow import enter
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
from portal.accounts.joining.actions import finish_sign_up, is_open
from portal.accounts.joining.consent import agreement
from portal.accounts.joining.forms import SignUpForm
from portal.accounts.keys.actions import (
    MINUTES,
    DeadCodeError,
    TooManyAsksError,
    WrongCodeError,
    ask_for_code,
    use_code,
)
from portal.accounts.keys.models import MailCode
from portal.accounts.limits import may_try

# A school's computer room or a library, not a robot's night.
SIGN_UPS_AN_HOUR_AN_ADDRESS = 100


@never_cache
@get_or_post
def start(request: HttpRequest) -> HttpResponse:
    """The form. 404 where no course is open; nothing is kept of who isn't confirmed in time."""
    if not is_open():
        raise Http404
    if request.user.is_authenticated:
        return redirect("study:my")
    shown = agreement()
    form = SignUpForm(request.POST or None, initial={"course": request.GET.get("khoa", "")})
    if request.method == "POST" and form.is_valid():
        address = address_of(request)
        try:
            if not may_try("sign-up", address, limit=SIGN_UPS_AN_HOUR_AN_ADDRESS, seconds=3600):
                raise TooManyAsksError
            asked = ask_for_code(
                purpose=MailCode.Purpose.SIGN_UP,
                name=form.cleaned_data["email"],
                address=address,
                full_name=form.cleaned_data["full_name"],
                course=form.cleaned_data["course"],
                consent=shown.text,
                consent_version=shown.version,
                agreed_at=timezone.now().isoformat(),
            )
        except TooManyAsksError:
            form.add_error("email", too_many_asks())
        else:
            remember(request, asked)
            return redirect("joining:code")
    context = {"form": form, "consent_text": shown.text}
    return render(request, "accounts/joining/start.html", context)


@never_cache
@get_or_post
def code(request: HttpRequest) -> HttpResponse:
    """The code from the mail: with it the account comes into being."""
    asked = request.session.get(ASKED)
    if not asked or request.user.is_authenticated:
        return redirect("joining:start")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            used = use_code(
                request_id=asked["id"],
                purpose=MailCode.Purpose.SIGN_UP,
                code=form.cleaned_data["code"],
            )
        except WrongCodeError as wrong:
            form.add_error("code", wrong_code(wrong.left))
        except DeadCodeError:
            form.add_error("code", dead_code())
        else:
            course = get_outline(UUID(used.data["course"]))
            user = finish_sign_up(asked=used)
            del request.session[ASKED]
            then = course.url if course else reverse("study:my")
            then = f"{reverse('accounts:password_new')}?next={then}"
            return enter(request, user, method="code", then=then)
    context = {"form": form, "asked": asked, "minutes": MINUTES}
    return render(request, "accounts/joining/code.html", context)
