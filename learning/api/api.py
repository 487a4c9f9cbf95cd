"""The one API. Packages above register their routers when their app is ready."""

from ninja import NinjaAPI

from learning.api.problems import install

# No page with scripts of another host: the description is a file, /api/v1/openapi.json.
api = NinjaAPI(
    title="Văn hóa sở hữu trí tuệ Hải Phòng",
    version="1.0",
    docs_url=None,
    urls_namespace="api",
)
install(api)
