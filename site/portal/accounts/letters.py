"""Letters about accounts: plain text and simple HTML, in Vietnamese."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django_tasks import task


def post_letter(*, template: str, subject: Any, to: str, **context: Any) -> None:
    """Have the worker send a letter once what it tells of is in the database.

    A mail server that is away then neither undoes nor delays what a person has just done. `subject`
    is lazy text; the context is plain values.
    """
    with translation.override(settings.LANGUAGE_CODE):
        told = str(subject)
    transaction.on_commit(lambda: deliver.enqueue(template, told, to, context))


@task(priority=50)
def deliver(template: str, subject: str, to: str, context: dict[str, Any]) -> None:
    """What the worker does for `post_letter`."""
    send_letter(template=template, subject=subject, to=to, **context)


def send_letter(*, template: str, subject: str, to: str, **context: Any) -> None:
    """Mail `accounts/mail/{template}.txt` as text and HTML to one address.

    The HTML is made of the same text: paragraphs, and what stands alone in a line between stars
    («* 123456 *») large. One text, so that both always say the same.
    """
    with translation.override(settings.LANGUAGE_CODE):
        filled = {"site_name": settings.WAGTAIL_SITE_NAME, "site_url": settings.SITE_URL} | context
        text = render_to_string(f"accounts/mail/{template}.txt", filled).strip() + "\n"
        html = render_to_string("accounts/mail/letter.html", {"paragraphs": _paragraphs(text)})
    plain = "\n".join(line.strip("* ") if _is_code(line) else line for line in text.split("\n"))
    letter = EmailMultiAlternatives(subject=subject, body=plain, to=[to])
    letter.attach_alternative(html, "text/html")
    letter.send()


def _paragraphs(text: str) -> list[dict[str, Any]]:
    blocks = [block.strip() for block in text.split("\n\n")]
    return [
        {"lines": block.strip("* ").split("\n"), "is_code": _is_code(block)}
        for block in blocks
        if block
    ]


def _is_code(line: str) -> bool:
    return line.startswith("* ") and line.endswith(" *")
