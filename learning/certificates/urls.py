from django.urls import path

from learning.certificates import views
from learning.certificates.badges import views as badges
from learning.certificates.life import views as life
from learning.certificates.register import views as register
from learning.certificates.verifying import views as verifying

app_name = "certificates"
urlpatterns = [
    path("xac-thuc/", verifying.verify, name="verify"),
    path("xac-thuc/tep/", verifying.check_file, name="check_file"),
    path("xac-thuc/<str:code>.json", verifying.verify_json, name="verify_json"),
    path("xac-thuc/<str:code>/", verifying.verify_code, name="verify_code"),
    path("giay-chung-nhan/<str:code>.pdf", views.pdf, name="pdf"),
    path("giay-chung-nhan/<str:code>/chia-se/", life.share, name="share"),
    path("giay-chung-nhan/", views.mine, name="mine"),
    path("chia-se/<str:token>.pdf", life.shared_pdf, name="shared_pdf"),
    path("chia-se/<str:token>/", life.shared_page, name="shared"),
    path("huy-hieu/don-vi-cap.json", badges.issuer, name="badge_issuer"),
    path("huy-hieu/khoa.json", badges.key_set, name="badge_keys"),
    path("huy-hieu/khoa/<str:kid>.json", badges.one_key, name="badge_key"),
    path(
        "huy-hieu/tinh-trang/<int:number>.jwt",
        badges.status_list,
        {"purpose": "revocation"},
        name="badge_status",
    ),
    path(
        "huy-hieu/tam-dinh-chi/<int:number>.jwt",
        badges.status_list,
        {"purpose": "suspension"},
        name="badge_suspension",
    ),
    path("huy-hieu/<str:code>.json", badges.badge, name="badge"),
    path("huy-hieu/<str:code>.jwt", badges.badge_jwt, name="badge_jwt"),
    path("so-cap-giay-chung-nhan/", register.register, name="register"),
    path("so-cap-giay-chung-nhan/kiem-tra/", register.check_chains, name="check_chains"),
    path("so-cap-giay-chung-nhan/so.xlsx", register.register_xlsx, name="register_xlsx"),
    path("so-cap-giay-chung-nhan/so.pdf", register.register_pdf, name="register_pdf"),
    path("so-cap-giay-chung-nhan/muc/<str:code>/", register.register_line, name="register_line"),
    path("so-cap-giay-chung-nhan/muc/<str:code>/de-nghi/", life.ask, name="ask"),
    path("so-cap-giay-chung-nhan/de-nghi/", life.request_list, name="requests"),
    path("so-cap-giay-chung-nhan/de-nghi/<int:pk>/", life.decide, name="decide"),
    path("so-cap-giay-chung-nhan/tap-giay/", life.bundles, name="bundles"),
    path("so-cap-giay-chung-nhan/tap-giay/<uuid:key>.zip", life.bundle_file, name="bundle_file"),
]
