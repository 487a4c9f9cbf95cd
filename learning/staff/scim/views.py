"""The service itself, /scim/v2/, as RFC 7644 has it: whatever is asked, answered in SCIM's form."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    ListResponse,
    NotFoundException,
    NotImplementedException,
    PatchOp,
    ResourceType,
    ResponseParameters,
    Schema,
    SCIMException,
    SearchRequest,
)

from learning.api.access import find_token
from learning.api.models import ApiToken, Scope
from learning.audit.actions import tell_disclosure
from learning.audit.models import Disclosure
from learning.staff.checking import chunks
from learning.staff.scim import people, units
from learning.staff.scim.resources import MOST_RESULTS, Group, User, config, policy, provider

MEDIA_TYPE = "application/scim+json"


def scim(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A token with the scope, and errors in SCIM's form."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        token = find_token(secret) if kind.lower() == "bearer" else None
        if token is None or Scope.SCIM not in token.scopes:
            says = _("Send “Authorization: Bearer …” with a token that is valid and may do this.")
            answer = _error(Error(status=401, detail=says))
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        try:
            with provider:
                return view(request, token=token, **kwargs)
        except ValidationError as error:
            return _error(Error.from_validation_errors(error)[0])
        except SCIMException as error:
            return _error(error.to_error())

    return guarded


def _error(error: Error) -> HttpResponse:
    return _answer(error.model_dump(), status=error.status or 400)


def _answer(told: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(
        json.dumps(told, ensure_ascii=False), status=status, content_type=MEDIA_TYPE
    )


def _refused(*allowed: str) -> HttpResponse:
    answer = _error(Error(status=405, detail=_("This is not possible here.")))
    answer["Allow"] = ", ".join(allowed)
    return answer


def _body(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise InvalidSyntaxException(detail=_("The body is no JSON.")) from error


@dataclass(frozen=True)
class Kind:
    """What is done with users and groups alike."""

    model: Any
    all: Callable[[ApiToken], Any]
    get: Callable[[ApiToken, str], Any]
    shown: Callable[[Any, str], list[Any]]
    narrowed: Callable[[Any, str], Any]
    create: Callable[[ApiToken, Any], Any]
    change: Callable[[ApiToken, Any, Any], None]
    delete: Callable[[ApiToken, Any], None]


KINDS = {
    "Users": Kind(
        User,
        people.users_of,
        people.get_user,
        people.shown,
        people.narrowed,
        people.create,
        people.change,
        people.delete,
    ),
    "Groups": Kind(
        Group,
        units.units_of,
        units.get_group,
        units.shown,
        units.narrowed,
        units.create,
        units.change,
        units.delete,
    ),
}


def _base() -> str:
    return f"{settings.SITE_URL}/scim/v2"


@scim
def many(request: HttpRequest, *, token: ApiToken, kind: str) -> HttpResponse:
    """List (GET), create (POST)."""
    one = KINDS[kind]
    if request.method == "GET":
        return _listed(request, token, one)
    if request.method != "POST":
        return _refused("GET", "POST")
    said = one.model.model_validate(
        _body(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=policy
    )
    [made] = one.shown([one.create(token, said)], _base())
    answer = _answer(made.model_dump(scim_ctx=Context.RESOURCE_CREATION_RESPONSE), status=201)
    answer["Location"] = str(made.meta.location)
    return answer


def _listed(request: HttpRequest, token: ApiToken, kind: Kind) -> HttpResponse:
    asked = SearchRequest[kind.model].model_validate(  # type: ignore[name-defined]
        request.GET.dict(), scim_ctx=Context.SEARCH_REQUEST, scim_policy=policy
    )
    found = kind.all(token)
    start = (asked.start_index or 1) - 1
    count = min(MOST_RESULTS if asked.count is None else asked.count, MOST_RESULTS)
    if asked.filter is None:
        total = found.count()
        shown = kind.shown(list(found[start : start + count]), _base())
    else:
        things = kind.narrowed(found, str(asked.filter)).iterator(chunk_size=500)
        matching = [
            one
            for chunk in chunks(things, 500)
            for one in kind.shown(chunk, _base())
            if asked.filter.match(one)
        ]
        total, shown = len(matching), matching[start : start + count]
    if kind.model is User and (asked.filter is None or len(shown) > 1):
        _tell(token, len(shown))
    told = ListResponse[kind.model](  # type: ignore[name-defined]
        total_results=total, start_index=start + 1, items_per_page=len(shown), resources=shown
    )
    return _answer(
        told.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked)
    )


def _tell(token: ApiToken, count: int) -> None:
    """Another system took a list. One person, whom it asks for by the key it knows her by, is no
    list: a directory does that for each of its people at every round."""
    tell_disclosure(
        how=Disclosure.How.PULLED,
        what="staff-list",
        by=None,
        unit=token.unit,
        count=count,
        filters={"token": token.name},
    )


@scim
def single(request: HttpRequest, *, token: ApiToken, kind: str, key: str) -> HttpResponse:
    """Read, replace (PUT), patch, delete one."""
    one = KINDS[kind]
    thing = one.get(token, key)
    if request.method == "GET":
        asked = ResponseParameters[one.model].model_validate(request.GET.dict())  # type: ignore[name-defined]
        told = one.shown([thing], _base())[0].model_dump(
            scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked
        )
        return _answer(told)
    if request.method == "DELETE":
        one.delete(token, thing)
        return HttpResponse(status=204)
    if request.method == "PUT":
        said = one.model.model_validate(
            _body(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST, scim_policy=policy
        )
        said.replace(one.shown([thing], _base())[0])
        one.change(token, thing, said)
        answered = Context.RESOURCE_REPLACEMENT_RESPONSE
    elif request.method == "PATCH":
        patch = PatchOp[one.model].model_validate(  # type: ignore[name-defined]
            _body(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=policy
        )
        [said] = one.shown([thing], _base())
        patch.patch(said, scim_policy=policy)
        one.change(token, thing, said)
        answered = Context.RESOURCE_PATCH_RESPONSE
    else:
        return _refused("GET", "PUT", "PATCH", "DELETE")
    [now] = one.shown([one.get(token, key)], _base())
    return _answer(now.model_dump(scim_ctx=answered))


@scim
def service(request: HttpRequest, *, token: ApiToken) -> HttpResponse:
    """What this service can."""
    if request.method != "GET":
        return _refused("GET")
    return _answer(config.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


@scim
def described(request: HttpRequest, *, token: ApiToken, what: str, key: str = "") -> HttpResponse:
    """Schemas and types of resources."""
    if request.method != "GET":
        return _refused("GET")
    found: Any = provider.schemas if what == "Schemas" else provider.resource_types
    model: Any = Schema if what == "Schemas" else ResourceType
    context = Context.RESOURCE_QUERY_RESPONSE
    if key:
        thing = next((one for one in found if str(one.id) == key), None)
        if thing is None:
            raise NotFoundException
        return _answer(thing.model_dump(scim_ctx=context))
    told = ListResponse[model](
        total_results=len(found), start_index=1, items_per_page=len(found), resources=list(found)
    )
    return _answer(told.model_dump(scim_ctx=context))


@scim
def nothing(request: HttpRequest, *, token: ApiToken, path: str = "") -> HttpResponse:
    """Any other address; searching all kinds at once, or by POST, is not offered."""
    if path.endswith(".search"):
        raise NotImplementedException
    raise NotFoundException
