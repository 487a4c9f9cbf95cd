from django.contrib.auth import views as auth_views
from django.urls import path

from portal.accounts import duties, views
from portal.accounts.cards import views as cards
from portal.accounts.entry import passwords
from portal.accounts.entry import views as entry
from portal.accounts.second import views as second

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", entry.log_in, name="login"),
    path("dang-nhap/ma-qua-thu/", entry.code_ask, name="code_ask"),
    path("dang-nhap/ma-qua-thu/nhap/", entry.code_type, name="code_type"),
    path("kich-hoat/", cards.activate, name="activate"),
    path("kich-hoat/mat-khau/", cards.activate_password, name="activate_password"),
    path("dang-xuat/", auth_views.LogoutView.as_view(), name="logout"),
    path("doi-mat-khau/", passwords.password_change, name="password_change"),
    path("doi-mat-khau/xong/", passwords.password_change_done, name="password_change_done"),
    path("mat-khau-moi/", passwords.password_new, name="password_new"),
    path("xac-nhan/", passwords.confirm, name="confirm"),
    path("tai-khoan/", views.account, name="account"),
    path("tai-khoan/thu-dien-tu/", views.email_change, name="email_change"),
    path("tai-khoan/thu-dien-tu/ma/", views.email_code, name="email_code"),
    path("tai-khoan/vai-tro/", duties.my_roles, name="duties"),
    path("tai-khoan/thiet-bi/", views.devices, name="devices"),
    path("tai-khoan/thiet-bi/<int:pk>/dang-xuat/", views.device_end, name="device_end"),
    path("tai-khoan/thiet-bi/dang-xuat-het/", views.devices_end, name="devices_end"),
    path("tai-khoan/buoc-hai/", second.overview, name="second"),
    path("tai-khoan/buoc-hai/ung-dung/moi/", second.app_start, name="app_start"),
    path("tai-khoan/buoc-hai/ung-dung/", second.app_set_up, name="app_set_up"),
    path("tai-khoan/buoc-hai/khoa/", second.passkey_add, name="passkey_add"),
    path("tai-khoan/buoc-hai/khoa/hoi/", second.passkey_question, name="passkey_question"),
    path("tai-khoan/buoc-hai/<int:pk>/bo/", second.remove, name="second_remove"),
    path("tai-khoan/buoc-hai/ma-du-phong/", second.recovery_codes, name="recovery_codes"),
    path("tai-khoan/buoc-hai/ma-du-phong/moi/", second.recovery_renew, name="recovery_renew"),
    path("xac-nhan/buoc-hai/", second.confirm, name="second_confirm"),
    path("xac-nhan/buoc-hai/hoi/", second.question, name="second_question"),
]
