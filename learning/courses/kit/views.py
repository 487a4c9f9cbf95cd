import hashlib
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from learning.courses.kit.campaign import kit_file
from learning.courses.kit.making import MAKERS
from learning.courses.models import CampaignPage


@require_safe
@cache_control(public=True, max_age=600)
def file(request: HttpRequest, key: UUID, name: str) -> HttpResponse:
    """One file of a campaign's kit, for anyone; asked again it is compared by its hash."""
    if name not in MAKERS:
        raise Http404
    try:
        content = kit_file(key, name)
    except CampaignPage.DoesNotExist:
        raise Http404 from None
    reply = HttpResponse(content, content_type=MAKERS[name][0])
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    reply["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=reply) or reply
