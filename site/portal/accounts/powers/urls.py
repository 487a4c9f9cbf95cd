from django.urls import path

from portal.accounts.powers import views

app_name = "powers"
urlpatterns = [
    path("tai-khoan/vai-tro/", views.mine, name="mine"),
    path("phan-quyen/", views.naming, name="naming"),
    path("phan-quyen/<int:pk>/ket-thuc/", views.end, name="end"),
]
