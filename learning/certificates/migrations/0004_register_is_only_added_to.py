"""The database itself keeps the register: entries are neither changed nor deleted, a certificate is
not deleted, and nothing that it prints changes.

The same sentence for SQLite and PostgreSQL. On PostgreSQL the triggers are made here, on SQLite by
`learning.certificates.guards` when all migrations are done.
"""

from django.db import migrations

FROZEN = (
    "code",
    "issuer",
    "year",
    "number",
    "number_text",
    "register_number",
    "full_name",
    "birth_date",
    "position",
    "unit_id_then",
    "unit_name",
    "course_key",
    "course_title",
    "course_revision",
    "goal_name",
    "hours",
    "started_on",
    "completed_on",
    "percent",
    "result",
    "issued_at",
    "expires_on",
    "issuer_parent",
    "issuer_name",
    "place",
    "signer_lines",
    "signer_name",
    "is_trial",
    "language",
)
_QUOTED = {name: f'"{name}"' for name in FROZEN}
_CHANGED = " OR ".join(f"NEW.{name} {{differs}} OLD.{name}" for name in _QUOTED.values())

# Name of the trigger: when it looks, its condition, and what it says.
_REFUSALS = {
    "certificates_register_is_kept": (
        "BEFORE DELETE ON certificates_registerentry",
        "{true}",
        "the register is only added to",
    ),
    "certificates_register_stays": (
        "BEFORE UPDATE ON certificates_registerentry",
        "{true}",
        "the register is only added to",
    ),
    "certificates_are_kept": (
        "BEFORE DELETE ON certificates_certificate",
        "{true}",
        "a certificate is never deleted",
    ),
    "certificates_stay_as_printed": (
        f"BEFORE UPDATE OF {', '.join(_QUOTED.values())} ON certificates_certificate",
        _CHANGED,
        "what a certificate prints never changes",
    ),
}
TABLES = {name: rule[0].rpartition(" ")[2] for name, rule in _REFUSALS.items()}


def sqlite_triggers():
    """The triggers by their names, as SQLite writes them."""
    return {
        name: f"""CREATE TRIGGER {name} {when} FOR EACH ROW
WHEN {condition.format(differs="IS NOT", true="1")}
BEGIN SELECT RAISE(ABORT, '{says}'); END"""
        for name, (when, condition, says) in _REFUSALS.items()
    }


def postgresql_statements():
    """The function and triggers as PostgreSQL writes them, in the order they are made."""
    yield """CREATE FUNCTION certificates_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$"""
    for name, (when, condition, says) in _REFUSALS.items():
        met = condition.format(differs="IS DISTINCT FROM", true="TRUE")
        yield f"""CREATE TRIGGER {name} {when} FOR EACH ROW
WHEN ({met}) EXECUTE FUNCTION certificates_refuse('{says}')"""


def install(_apps, editor):
    """Make the triggers, on PostgreSQL (on SQLite see above)."""
    if editor.connection.vendor == "postgresql":
        for statement in postgresql_statements():
            editor.execute(statement, params=None)


def remove(_apps, editor):
    """Take them away again, on both."""
    postgresql = editor.connection.vendor == "postgresql"
    for name, table in TABLES.items():
        editor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        editor.execute("DROP FUNCTION IF EXISTS certificates_refuse()")


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_enter_what_was_issued")]
    operations = [migrations.RunPython(install, remove)]
