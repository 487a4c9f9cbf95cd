import pytest

from learning.notices.kinds import Kind, register_kind
from tests.learning.notices.factories import FreePort, Post

FREE = Kind(
    "thu-tu-chon", "Tin thử", "Tin về {course}", "Chào {name}.\n\nTin {course}.", ("course",)
)
MUST = Kind("thu-bat-buoc", "Tin bắt buộc", "Việc {course}", "Việc {course}.", ("course",), True)


@pytest.fixture(scope="module")
def server():
    """One mail server for the module's tests."""
    controller = FreePort(Post(), hostname="127.0.0.1", port=0)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def post(server, settings):
    """The mail server, emptied; no quiet hours."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    server.handler.__init__()
    return server.handler


@pytest.fixture(autouse=True)
def kinds(settings):
    from learning.notices import kinds as registry

    settings.NOTICES_QUIET_FROM = settings.NOTICES_QUIET_UNTIL = 0
    before = dict(registry._kinds)
    register_kind(FREE)
    register_kind(MUST)
    yield
    registry._kinds.clear()
    registry._kinds.update(before)
