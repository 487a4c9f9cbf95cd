from django.urls import path

from learning.certificates import views
from learning.certificates.verifying import views as verifying

app_name = "certificates"
urlpatterns = [
    path("xac-thuc/", verifying.verify, name="verify"),
    path("xac-thuc/tep/", verifying.check_file, name="check_file"),
    path("xac-thuc/<str:code>.json", verifying.verify_json, name="verify_json"),
    path("xac-thuc/<str:code>/", verifying.verify_code, name="verify_code"),
    path("giay-chung-nhan/<str:code>.pdf", views.pdf, name="pdf"),
    path("giay-chung-nhan/", views.mine, name="mine"),
]
