from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from quizzes.kept import render_fragment

register = template.Library()


@register.simple_tag(takes_context=True)
def kept(context: Context, template_name: str, **values: Any) -> SafeString:
    """Include a template that depends on `values` alone, rendered once for all who share them."""
    return render_fragment(
        template_name, csrf_token=lambda: str(context.get("csrf_token", "")), **values
    )
