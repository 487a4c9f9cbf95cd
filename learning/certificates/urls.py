from django.urls import path

from learning.certificates import views

app_name = "certificates"
urlpatterns = [
    path("xac-thuc/", views.verify, name="verify"),
    path("xac-thuc/<str:code>/", views.verify_code, name="verify_code"),
    path("giay-chung-nhan/<str:code>.pdf", views.pdf, name="pdf"),
    path("giay-chung-nhan/", views.mine, name="mine"),
]
