"""The least a page for a logged-in person can do: what the server is capable of at best."""

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden


def hello(request: HttpRequest) -> HttpResponse:
    """Greets the person of the session; reads the session and the user (two queries)."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    return HttpResponse(f"hello {request.user.get_username()}")
