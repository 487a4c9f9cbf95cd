"""Every address there is: from the resolver, so that a new one is met by itself."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.portal.matrix.world import World

# Wagtail's own admin asks Wagtail's own permissions; what is kept here is that nobody without
# access to the admin comes in. Ours are in the matrix one by one.
WAGTAILS = (
    "wagtailadmin",
    "wagtailimages",
    "wagtaildocs",
    "wagtailusers",
    "wagtailsites",
    "wagtaillocales",
    "wagtailredirects",
    "wagtailsettings",
    "wagtailembeds",
    "wagtail_localize",
    "wagtailsnippets:",
)
# Addresses without a name of their own, and the reason why they need no line.
NAMELESS = {
    "_util/login/": "the log-in page, under the name Wagtail knows",
    "admin/login/": "the log-in page, under the name Wagtail knows",
    "media/<path:path>": "pictures of pages; papers and lists lie elsewhere",
    "admin/test404/": "Wagtail's, for its own tests",
    "admin/^.*/$": "Wagtail's 404 page inside the admin",
}
# Doors of other programs, which may speak every method.
MACHINES = ("api:put", "api:statistics", "scim:")
# Served by Wagtail itself: pages by their own visibility, files by their collection's.
SERVED = {
    "serve",
    "wagtail_serve",
    "wagtailcore_login",
    "wagtailcore_authenticate_with_password",
    "wagtaildocs_serve",
    "wagtaildocs_authenticate_with_password",
}


def routes() -> Iterator[tuple[str, str]]:
    """Address pattern and name of all routes; a name comes once for each pattern it has."""
    yield from _walk(get_resolver(), "", ())


def _walk(resolver: Any, prefix: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, address, inner)
        elif isinstance(entry, URLPattern):
            yield address, ":".join([*spaces, entry.name or ""])


def methods_of(name: str) -> tuple[str, ...]:
    """What is tried of it. Wagtail's choosers of snippets that can't be made there have no form,
    and fail when one is sent."""
    if name.startswith(MACHINES):
        return ("GET", "POST", "PUT", "PATCH", "DELETE")
    lone = name.startswith("wagtailsnippetchoosers_") and name.endswith(":create")
    return ("GET",) if lone else ("GET", "POST")


def is_wagtails(name: str) -> bool:
    """Whether the route is one of Wagtail's own admin."""
    return name.startswith(WAGTAILS) and not name.startswith("wagtailsnippets_")


def matrix_names() -> set[str]:
    """The names that need lines in the matrix."""
    return {
        name
        for address, name in routes()
        if name.rpartition(":")[2] and name not in SERVED and not is_wagtails(name)
    }


def address_of(name: str, world: World) -> str:
    """The address of the route, of the world's own objects."""
    return reverse(name, kwargs=arguments_of(name, world))


def arguments_of(name: str, world: World) -> dict[str, Any]:
    """What the address needs; another one is tried for each parameter the pattern names."""
    wanted = _parameters(name)
    return {one: _value(name, one, world.things) for one in wanted}


def _parameters(name: str) -> list[str]:
    address = next(address for address, known in routes() if known == name)
    return re.findall(r"<(?:\w+:)?(\w+)>", address)


# Whose key an address means, by the start of its name: the longest that fits.
_KEYS = {
    "staff:": "list",
    "staff:change": "person",
    "staff:leave": "person",
    "enrolments:": "assignment",
    "privacy:": "request",
    "privacy:copy_file": "copy",
    "privacy_rules:": "retention rule",
    "privacy_consents:": "consent text",
    "privacy_calendar:": "calendar day",
    "tokens:": "token",
    "cards:": "unit",
    "notices_send_again": "letter",
    "certificates:decide": "standing request",
    "statistics:export": "export",
    "attempts:": "attempt",
    "units_": "unit",
    "units_take_back": "change",
    "attempts_allowances:": "allowance",
    "certificate_templates:": "template",
    "second_factor_reset": "person",
    "regrading_plan": "question",
    "analysis_": "quiz",
    "analysis_question": "question",
    "bank_question_versions": "question",
    "wagtailsnippets_bank_question:": "question",
    "wagtailsnippetchoosers_bank_question:": "question",
    "wagtailsnippets_bank_quiz:": "quiz",
    "wagtailsnippetchoosers_bank_quiz:": "quiz",
    "wagtailsnippets_courses_term:": "term",
    "wagtailsnippets_courses_source:": "source",
    "naming:give": "person",
    "naming:end": "responsibility",
    "wagtailsnippets_enrolments_traininggoal:": "goal",
    "wagtailsnippets_certificates_certificate:": "certificate",
    "wagtailsnippets_certificates_courserule:": "rule",
    "wagtailsnippets_hours_obligation:": "obligation",
    "wagtailsnippets_hours_countingrule:": "counting rule",
}
_WORDS = {
    "provider_id": "sso",
    "what": "yeu-cau",
    "form": "csv",
    "slug": "account",
    "kind": "rename",
    "subject": "source",
    "position": 1,
    "number": 1,
    "kid": "khoa",
    "filename": "tep.pdf",
    "revision_id": 1,
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
    "task_state_id": 1,
    "action_name": "approve",
    "workflow_state_id": 1,
    "task_id": 1,
    "app_label": "bank",
    "model_name": "question",
    "action": "delete",
    "name": "ma-qr.svg",
    "path": "khong-co",
    "content_type": "bank.question",
}
_EXACT = {
    ("privacy:ask", "what"): "xoa",
    ("statistics:export_act", "what"): "huy",
    ("notices_text", "kind"): "assigned",
    ("scim:described", "what"): "Schemas",
    ("scim:one", "what"): "Schemas",
    ("scim:one", "key"): "User",
    ("scim:many", "kind"): "Users",
    ("scim:single", "kind"): "Users",
    ("scim:single", "key"): "1",
    ("analysis_export", "what"): "cau-hoi",
    ("courses_review", "key"): "mau",
    ("certificates_signing_batch", "key"): "00000000-0000-4000-8000-000000000000",
}


def _value(name: str, parameter: str, things: dict[str, Any]) -> Any:
    if name == "kit:file" and parameter == "key":
        return things["course"].campaign.translation_key
    if (name, parameter) in _EXACT:
        return _EXACT[name, parameter]
    if parameter in {"pk", "quiz_id", "question", "object_id"}:
        if parameter == "question":
            return things["question"].pk
        start = max((one for one in _KEYS if name.startswith(one)), key=len, default="")
        return things[_KEYS[start]].pk if start else 1
    if name == "statistics:letterhead":
        return things["unit"].pk
    if name == "certificates:bundle_file":
        return things["bundle"].key
    if name.startswith("hours:") and parameter == "key":
        return things["outside course"].key
    if name.startswith("certificates:shared"):
        return things["share"].token
    if parameter in {"course_key", "key"}:
        return things["course"].key
    if parameter == "lesson_key":
        return things["course"].lessons[0][0].translation_key
    if parameter == "module_key":
        return things["course"].modules[0].translation_key
    if parameter == "code":
        return things["certificate"].code
    if parameter == "token":
        return things["unsubscribing"]
    return _WORDS[parameter]


# --- what a door says -----------------------------------------------------------------------------

OPEN, LOG_IN, CLOSED, KEY, METHOD = "o", "L", "-", "k", "m"
# What an address may write whoever comes, and though it refuses her: that she tried.
HARMLESS = ("django_session", "axes_", "accounts_trycount", "usersessions_", "audit_disclosure")
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([\w]+)', re.IGNORECASE)


class Knock:
    """One try of a door, undone whatever came of it."""

    def __init__(self, browser: Client, method: str, address: str) -> None:
        self.written: set[str] = set()
        # A door may log her out: the next one is tried as herself again.
        cookies = copy.deepcopy(browser.cookies)
        with transaction.atomic(), connection.execute_wrapper(self._listen):
            reply = getattr(browser, method.lower())(address)
            self.answer = letter_of(reply)
            # Read to its end, which is when the client closes what the reply had open.
            b"".join(reply)
            transaction.set_rollback(True)
        browser.cookies = cookies

    def _listen(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        if found and not found[1].startswith(HARMLESS):
            self.written.add(found[1])
        return execute(sql, params, many, context)


def letter_of(reply: HttpResponse) -> str:
    """Open, to the log-in, not there, wants a key, or not by this method."""
    if reply.status_code == 302:
        return _letter_of_redirect(reply.headers["Location"])
    return {401: KEY, 403: CLOSED, 404: CLOSED, 405: METHOD}.get(reply.status_code, OPEN)


def _letter_of_redirect(to: str) -> str:
    if to.startswith(("/dang-nhap/", "/en/dang-nhap/", "/admin/login/", "/_util/login/")):
        return LOG_IN
    # Wagtail sends who may not home, with a message.
    return CLOSED if to == reverse("wagtailadmin_home") else OPEN
