from django.urls import path, re_path

from learning.staff.scim import views

app_name = "scim"
urlpatterns = [
    path("ServiceProviderConfig", views.service, name="service"),
    re_path(r"^(?P<what>Schemas|ResourceTypes)$", views.described, name="described"),
    re_path(r"^(?P<what>Schemas|ResourceTypes)/(?P<key>[^/]+)$", views.described, name="one"),
    re_path(r"^(?P<kind>Users|Groups)$", views.many, name="many"),
    re_path(r"^(?P<kind>Users|Groups)/(?P<key>[^/]+)$", views.single, name="single"),
    path("<path:path>", views.nothing, name="nothing"),
]
