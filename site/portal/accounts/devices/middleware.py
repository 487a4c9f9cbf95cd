"""When a session was last used, written rarely."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.accounts.devices.actions import note_seen


class LastSeenMiddleware:
    """Notes on what a person sends, never on what she looks at: a GET writes nothing here.

    «Last seen» is for recognising a strange device; an hour's exactness does for that, and a
    thousand readers cost no thousand writes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and request.user.is_authenticated:
            note_seen(request)
        return response
