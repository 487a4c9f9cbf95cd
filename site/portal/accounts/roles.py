"""What groups of people may do in the admin; made after every migration, never taken away here."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

EDITORS, APPROVERS, REGISTRARS = "Biên tập viên", "Người duyệt", "Người quản lý sổ cấp"
APPROVAL = "Duyệt câu hỏi"
_PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
_SNIPPET_MODELS = ("question", "quiz", "picture", "source", "term")
_FURTHER_RIGHTS = (
    *("access_admin", "submit_translation", "apply_regrade", "mark_answers"),
    "change_text",
    *("view_papertemplate", "add_papertemplate", "change_papertemplate"),
)
_FILE_RIGHTS = tuple(
    f"{act}_{kind}" for kind in ("image", "document") for act in ("add", "change", "choose")
)


def ensure_roles(**_signal: Any) -> None:
    """The group of editors, who write, translate and publish lessons, questions, terms and sources,
    the group of approvers, to whom they may send a question first, and the group of registrars.

    Idempotent. Does nothing until Wagtail's tree and all permissions are there.
    """
    root, files = Page.objects.filter(depth=1).first(), Collection.objects.filter(depth=1).first()
    if root is None or files is None:
        return
    group, _created = Group.objects.get_or_create(name=EDITORS)
    rights = Permission.objects.filter(content_type__model__in=_SNIPPET_MODELS) | (
        Permission.objects.filter(codename__in=_FURTHER_RIGHTS)
    )
    group.permissions.add(*rights)
    for codename in _PAGE_RIGHTS:
        permission = Permission.objects.filter(
            content_type__app_label="wagtailcore", codename=codename
        ).first()
        if permission:
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    for codename in _FILE_RIGHTS:
        permission = Permission.objects.filter(codename=codename).first()
        if permission:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=files, permission=permission
            )
    _ensure_approval()
    _ensure_registrars()


def _ensure_registrars() -> None:
    """The department's people who keep the register of certificates: all of it, without being
    administrators. Revoking still takes two of them."""
    registrars, _created = Group.objects.get_or_create(name=REGISTRARS)
    registrars.permissions.add(
        *Permission.objects.filter(codename="access_admin"),
        *Permission.objects.filter(
            content_type__app_label="certificates",
            codename__in=(
                *("manage_register", "sign_papers", "view_certificate"),
                *(f"{act}_papertemplate" for act in ("view", "add", "change")),
                *(f"{act}_courserule" for act in ("view", "add", "change", "delete")),
            ),
        ),
    )


def _ensure_approval() -> None:
    """Questions can be sent to approvers, unless the site has chosen another workflow for them."""
    approvers, _created = Group.objects.get_or_create(name=APPROVERS)
    # Who approves a question opens it in its editor, and publishes it.
    approvers.permissions.add(
        *Permission.objects.filter(codename="access_admin"),
        *Permission.objects.filter(content_type__model="question").filter(
            codename__in=("view_question", "change_question", "publish_question")
        ),
    )
    questions = ContentType.objects.filter(app_label="bank", model="question").first()
    if questions is None or WorkflowContentType.objects.filter(content_type=questions).exists():
        return
    task = GroupApprovalTask.objects.filter(name=APPROVAL).first()
    if task is None:
        task = GroupApprovalTask.objects.create(name=APPROVAL)
        task.groups.add(approvers)
    workflow, _created = Workflow.objects.get_or_create(name=APPROVAL)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
    WorkflowContentType.objects.create(workflow=workflow, content_type=questions)
