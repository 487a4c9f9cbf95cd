from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from django.views.static import serve as static_file
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from learning.api.api import api
from learning.enrolments.reminding.views import people_to_remind
from learning.study.issuing.views import issuing
from portal.accounts.entry.views import log_in
from portal.accounts.stage_urls import fixed_urlpatterns
from portal.home.serve import serve
from portal.operations.health import health

urlpatterns = [
    path("healthz", health, name="health"),
    # One log-in page: Wagtail's own know nothing of the second factor.
    path("admin/login/", log_in),
    path("_util/login/", log_in),
    path("", include(fixed_urlpatterns)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", api.urls),
    path("scim/v2/", include("learning.staff.scim.urls")),
]
if settings.SERVE_MEDIA:
    urlpatterns += [path("media/<path:path>", static_file, {"document_root": settings.MEDIA_ROOT})]
if settings.DEBUG:
    urlpatterns += [path("styleguide/", TemplateView.as_view(template_name="styleguide.html"))]
# Vietnamese without a prefix, English under /en/: the address says the language, nothing guesses.
urlpatterns += i18n_patterns(
    path("", include("portal.accounts.urls")),
    path("", include("portal.accounts.stage_urls")),
    path("dang-ky/", include("portal.accounts.joining.urls")),
    path("the-kich-hoat/", include("portal.accounts.cards.urls")),
    path("viec-hoc/", include("learning.study.urls")),
    path("", include("learning.courses.urls")),
    path("chien-dich/", include("learning.courses.kit.urls")),
    path("bai-lam/", include("quizzes.attempts.urls")),
    path("thong-ke/", include("learning.statistics.urls")),
    path("gio-boi-duong/", include("learning.hours.urls")),
    path("", include("learning.privacy.urls")),
    path("thong-bao/", include("learning.notices.urls")),
    path("nhac-nho/", people_to_remind, name="reminding"),
    path("can-bo/khoa-api/", include("learning.api.urls")),
    path("can-bo/", include("learning.staff.urls")),
    path("nhat-ky-thao-tac/", include("learning.organisations.logbook.urls")),
    path("phan-quyen/", include("learning.organisations.naming.urls")),
    path("", include("learning.enrolments.urls")),
    path("so-cap-giay-chung-nhan/cap-hang-loat/", issuing, name="issuing"),
    path("", include("learning.certificates.urls")),
    re_path(r"^((?:[\w\-]+/)*)$", serve, name="serve"),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
