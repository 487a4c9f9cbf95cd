"""What a reader of the screens sees, read back from the HTML."""

import re
from typing import Any

from django.urls import reverse


def overview(client: Any, **asked: Any) -> Any:
    """The overview's response."""
    return client.get(reverse("statistics:overview"), asked)


def people(client: Any, **asked: Any) -> Any:
    """The list's response."""
    return client.get(reverse("statistics:people"), asked)


def export(client: Any, form: str, **asked: Any) -> Any:
    """The file's response."""
    return client.get(reverse("statistics:export", kwargs={"form": form}), asked)


def figures(response: Any) -> dict[str, str]:
    """The big numbers by their name."""
    html = response.content.decode()
    return dict(re.findall(r'data-figure="(\w+)"[^>]*>([^<]*)<', html))


def links(response: Any) -> dict[str, str]:
    """Where the big numbers lead."""
    html = response.content.decode()
    found = re.findall(r'data-figure="(\w+)" href="([^"]*)"', html)
    return {name: address.replace("&amp;", "&") for name, address in found}


def table(response: Any) -> list[list[str]]:
    """The first table's lines, head to foot, as text."""
    html = response.content.decode()
    body = re.search(r"<table.*?</table>", html, re.DOTALL)
    if body is None:
        return []
    return [
        [
            re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)
        ]
        for line in re.findall(r"<tr>(.*?)</tr>", body.group(0), re.DOTALL)
    ]


def listed(response: Any) -> list[str]:
    """The names in the list of people, in its order."""
    html = response.content.decode()
    return re.findall(r'<th scope="row"><b>([^<]*)</b>', html)
