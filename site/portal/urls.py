from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from django.views.static import serve as static_file
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal.home.serve import serve
from portal.operations.health import health

urlpatterns = [
    path("healthz", health, name="health"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if settings.SERVE_MEDIA:
    urlpatterns += [path("media/<path:path>", static_file, {"document_root": settings.MEDIA_ROOT})]
if settings.DEBUG:
    urlpatterns += [path("styleguide/", TemplateView.as_view(template_name="styleguide.html"))]
# Vietnamese without a prefix, English under /en/: the address says the language, nothing guesses.
urlpatterns += i18n_patterns(
    path("", include("portal.accounts.urls")),
    path("viec-hoc/", include("learning.study.urls")),
    path("", include("learning.courses.urls")),
    path("chien-dich/", include("learning.courses.kit.urls")),
    path("bai-lam/", include("quizzes.attempts.urls")),
    path("thong-ke/", include("learning.statistics.urls")),
<<<<<<< HEAD
    path("", include("learning.privacy.urls")),
=======
    path("", include("learning.enrolments.urls")),
>>>>>>> 5a49d968c96ed3f5cb8ef540c3af45f2ff737a46
    path("", include("learning.certificates.urls")),
    re_path(r"^((?:[\w\-]+/)*)$", serve, name="serve"),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
