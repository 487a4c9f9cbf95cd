"""The page where an officer says who signs and who receives."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learning.organisations.access import get_managed_unit
from learning.statistics.official.forms import LetterheadForm
from learning.statistics.official.heads import letterhead_of, save_letterhead


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letterhead(request: HttpRequest, *, unit: int) -> HttpResponse:
    """The unit's letterhead; 404 for who does not answer for it."""
    found = get_managed_unit(request.user, unit)
    form = LetterheadForm(request.POST or None, instance=letterhead_of(found))
    if request.method == "POST" and form.is_valid():
        save_letterhead(unit=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Kept. The next reports of the unit are signed like this."))
        return redirect("statistics:letterhead", unit=found.pk)
    return render(request, "statistics/letterhead.html", {"form": form, "unit": found})
