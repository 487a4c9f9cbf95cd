"""Errors as RFC 9457 has them (application/problem+json), with sentences for people."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """An answer that is a problem: `title` names the kind, `detail` this case, `more` the rest."""

    def __init__(self, status: int, title: str, detail: str = "", **more: Any) -> None:
        super().__init__(title)
        self.status, self.title, self.detail, self.more = status, title, detail, more


def problem(status: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """The answer."""
    told = {"type": "about:blank", "title": title, "status": status, **more}
    if detail:
        told["detail"] = detail
    options = {"ensure_ascii": False}
    return JsonResponse(told, status=status, content_type=MEDIA_TYPE, json_dumps_params=options)


def install(api: NinjaAPI) -> None:
    """Have every error of `api` answered so."""

    @api.exception_handler(ProblemError)
    def on_problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
        return problem(error.status, error.title, error.detail, **error.more)

    @api.exception_handler(AuthenticationError)
    def on_unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = problem(
            401,
            _("No valid token"),
            _("Send “Authorization: Bearer …” with a token that is valid and may do this."),
        )
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"pointer": "/".join(str(part) for part in one["loc"]), "detail": one["msg"]}
            for one in error.errors
        ]
        return problem(422, _("The request is not as it should be"), errors=errors)

    @api.exception_handler(Http404)
    def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, _("Not found"))

    @api.exception_handler(HttpError)
    def on_refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    @api.exception_handler(Exception)
    def on_failure(request: HttpRequest, error: Exception) -> HttpResponse:
        logger.exception("The API failed", exc_info=error)
        return problem(500, _("Something went wrong here"))
