"""The holder's list, and the paper for those who may have it."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning.certificates import access
from learning.certificates.badges.keys import has_key
from learning.certificates.queries import for_user
from learning.certificates.signing.queries import best_file

logger = logging.getLogger(__name__)


@require_safe
@never_cache
@login_required
def pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The paper; while it is not drawn yet, a page that says so (202)."""
    certificate = access.get_certificate(request.user, code)
    if certificate.paper.rendered_at is not None:
        try:
            return FileResponse(
                best_file(certificate.paper).open("rb"),
                filename=f"{certificate.code}.pdf",
                content_type="application/pdf",
            )
        except FileNotFoundError:
            logger.error("The paper of certificate %s is gone from the storage", certificate.pk)
    return render(request, "certificates/waiting.html", {"certificate": certificate}, status=202)


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The person's own certificates."""
    context = {
        "certificates": for_user(request.user),
        "site_url": settings.SITE_URL,
        "has_badges": has_key(),
    }
    return render(request, "certificates/mine.html", context)
