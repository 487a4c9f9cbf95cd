from django.urls import path

from learning.staff import people_views, views

app_name = "staff"
urlpatterns = [
    path("", people_views.people, name="people"),
    path("them/", people_views.add, name="add"),
    path("nguoi/<int:pk>/", people_views.change, name="change"),
    path("nguoi/<int:pk>/nghi/", people_views.leave, name="leave"),
    path("danh-sach/", views.imports, name="imports"),
    path("danh-sach/moi/", views.upload, name="upload"),
    path("danh-sach/mau/", views.template, name="template"),
    path("danh-sach/<int:pk>/", views.one, name="import"),
    path("danh-sach/<int:pk>/trang-tinh/", views.sheet, name="sheet"),
    path("danh-sach/<int:pk>/kiem-tra/", views.check, name="check"),
    path("danh-sach/<int:pk>/tien-do/", views.progress, name="progress"),
    path("danh-sach/<int:pk>/chon/", views.choose, name="choose"),
    path("danh-sach/<int:pk>/ghi/", views.apply, name="apply"),
    path("danh-sach/<int:pk>/hoan-tac/", views.undo, name="undo"),
    path("danh-sach/<int:pk>/tiep/", views.go_on, name="go_on"),
    path("danh-sach/<int:pk>/loi/", views.errors, name="errors"),
]
