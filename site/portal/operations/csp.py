"""The content security policy: a strict one for the site, a wider one for Wagtail's admin."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ContentSecurityPolicyMiddleware:
    """Give paths under /admin/ the policy Wagtail's own pages need, and all others the strict one.

    Both are the same for every page, so django-csp writes them once instead of with each answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._site = build_policy(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
        self._admin = build_policy(settings.ADMIN_CONTENT_SECURITY_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_admin = request.path.startswith("/admin/")
        # Django's own report of an error, shown to developers only, has its style in the page.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault(HEADER, self._admin if is_admin else self._site)
        return response
