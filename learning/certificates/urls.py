from django.urls import path
from django.views.generic import TemplateView

app_name = "certificates"
urlpatterns = [
    path("xac-thuc/", TemplateView.as_view(), name="verify"),
    path("xac-thuc/<str:code>/", TemplateView.as_view(), name="verify_code"),
    path("giay-chung-nhan/<str:code>.pdf", TemplateView.as_view(), name="pdf"),
    path("giay-chung-nhan/", TemplateView.as_view(), name="mine"),
]
