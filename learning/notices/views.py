"""The person's list, what she wishes by mail, and the link that stops it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from learning.notices.actions import mark_seen, set_unsubscribed
from learning.notices.kinds import all_kinds, get_kind
from learning.notices.models import Notice, Unsubscription
from learning.notices.queries import unread_count
from learning.notices.writing import SALT, own_texts, words_of

A_PAGE = 30


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_list(request: HttpRequest) -> HttpResponse:
    """What she was told, newest first; the button marks all as read."""
    if request.method == "POST":
        mark_seen(person=request.user)
        return redirect("notices:list")
    mine = Notice.objects.filter(person_id=request.user.pk)
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("trang"))
    texts, name = own_texts(), str(request.user)
    lines = [(one, words_of(one, texts=texts, name=name)) for one in page]
    context: dict[str, Any] = {
        "page_of_notices": page,
        "lines": [(one, words) for one, words in lines if words],
        "unread": unread_count(request.user),
    }
    return render(request, "notices/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which kinds she is mailed; required ones are shown and cannot be left."""
    kinds = all_kinds()
    if request.method == "POST":
        slugs = {kind.slug for kind in kinds}
        wanted = set(request.POST.getlist("kind"))
        set_unsubscribed(person_id=int(request.user.pk or 0), kinds=slugs - wanted, of=slugs)
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:preferences")
    left = set(
        Unsubscription.objects.filter(person_id=request.user.pk).values_list("kind", flat=True)
    )
    context = {"kinds": [(kind, kind.slug not in left) for kind in kinds]}
    return render(request, "notices/preferences.html", context)


# A mail program posts here by itself (RFC 8058) and has no token of ours; the signed address is
# the permission, and all it can do is to stop mails.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the kinds named in the signed address; asked for once more when opened by hand."""
    try:
        person_id, slugs = signing.loads(token, salt=SALT)
        kinds = [get_kind(slug) for slug in slugs]
    except (signing.BadSignature, KeyError) as error:
        raise Http404 from error
    done = request.method == "POST"
    if done:
        set_unsubscribed(person_id=person_id, kinds=slugs, of=slugs)
    return render(request, "notices/unsubscribe.html", {"kinds": kinds, "done": done})
