"""Who is late or soon due in the officer's units; remind them now, or paste a text into Zalo."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learning.audit.models import Disclosure
from learning.courses.queries import course_choices
from learning.enrolments.reminding.now import remind_now, to_remind, zalo_text
from learning.organisations.access import is_hr, may_manage
from learning.organisations.disclosing import tell_list

A_PAGE = 50


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people_to_remind(request: HttpRequest) -> HttpResponse:
    """The list; a press reminds the ticked. An auditor sees it and may not press."""
    if not is_hr(request.user):
        raise Http404
    today = timezone.localdate()
    if request.method == "POST":
        return _remind(request)
    found = to_remind(officer=request.user, today=today)
    page = Paginator(found.select_related("user", "unit"), A_PAGE).get_page(
        request.GET.get("trang")
    )
    tell_list(
        how=Disclosure.How.VIEWED,
        what="people-to-remind",
        by=request.user,
        unit=None,
        count=len(page),
    )
    titles = dict(course_choices())
    names = request.GET.get("ten") == "1"
    context = {
        "page_of_people": page,
        "rows": [(one, titles[one.course_key], one.due_on and one.due_on < today) for one in page],
        "may_act": may_manage(request.user),
        "names": names,
        "zalo": zalo_text(found, today=today, names=names) if page.paginator.count else "",
    }
    return render(request, "enrolments/reminding.html", context)


def _remind(request: HttpRequest) -> HttpResponse:
    if not may_manage(request.user):
        raise Http404
    ticked = [int(pk) for pk in request.POST.getlist("who")[:A_PAGE] if pk.isdecimal()]
    if not ticked:
        messages.error(request, _("Tick at least one person."))
    else:
        count = remind_now(officer=request.user, enrolments=ticked, today=timezone.localdate())
        told = ngettext("%(n)s person reminded.", "%(n)s people reminded.", count) % {"n": count}
        again = _("Who was reminded today already is not reminded again.")
        messages.success(request, told if count == len(ticked) else f"{told} {again}")
    return redirect("reminding")
