"""What this service knows of users and groups, a part of the core schemas, and how it says so."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)


class Email(ComplexAttribute):
    """The one address of a person."""

    value: str | None = None


class User(Resource[Any]):
    """A person."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    # A person has a name: nothing else could stand on her certificate.
    display_name: Annotated[str | None, Required.true] = None
    title: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None

    Emails: ClassVar[type[ComplexAttribute]] = Email


class Member(ComplexAttribute):
    """Somebody who works in the unit."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )


class Group(Resource[Any]):
    """A unit."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[Member] | None = None

    Members: ClassVar[type[ComplexAttribute]] = Member


MOST_RESULTS = 200
config = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=False),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer",
            description="A token made by an HR officer of the unit",
        )
    ],
)
# Directories send names in parts, phones, photos: what has no place here is passed over.
policy = ScimPolicy(unknown=ScimPolicy.Unknown.ignore)
provider = ScimProvider(models=[User, Group], config=config, policy=policy)
