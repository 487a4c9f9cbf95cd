from django.urls import path

from learning.privacy import queue_views, views

app_name = "privacy"
urlpatterns = [
    path("du-lieu-cua-toi/", views.mine, name="mine"),
    path("du-lieu-cua-toi/loai/<slug:slug>/", views.rows, name="rows"),
    path("du-lieu-cua-toi/ai-da-xem/", views.seen, name="seen"),
    path("du-lieu-cua-toi/tai-ve/", views.copy, name="copy"),
    path("du-lieu-cua-toi/tai-ve/<int:pk>/", views.copy_file, name="copy_file"),
    path("du-lieu-cua-toi/yeu-cau/<slug:what>/", views.ask, name="ask"),
    path("du-lieu-cua-toi/huy-yeu-cau/<int:pk>/", views.cancel, name="cancel"),
    path("du-lieu-cua-toi/rut-dong-y/", views.withdraw, name="withdraw"),
    path("du-lieu-cua-toi/bo-han-che/", views.lift, name="lift"),
    path("thong-bao-xu-ly-du-lieu/", views.notice, name="notice"),
    path("yeu-cau-du-lieu/", queue_views.queue, name="queue"),
    path("yeu-cau-du-lieu/<int:pk>/", queue_views.one, name="request"),
    path("yeu-cau-du-lieu/<int:pk>/xoa/", queue_views.erase, name="erase"),
]
