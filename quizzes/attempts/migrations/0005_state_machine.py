"""The state machine of an attempt in the database itself: see `quizzes.attempts.models`.

One sentence each for SQLite and PostgreSQL, under the same name. All of a trigger's condition that
needs only its own row stands in WHEN: saving an answer, the busiest statement, runs no function.

On PostgreSQL the triggers are made here. SQLite rebuilds a table that a later migration changes,
which loses its triggers and stumbles over those of other tables that name it; there
`quizzes.attempts.guards` makes them when all migrations are done, and takes them away before any.
"""

from django.db import migrations

_FORWARDS = """(
        (OLD.state = 'in_progress' AND NEW.state IN ('submitted', 'graded'))
        OR (OLD.state = 'submitted' AND NEW.state = 'graded')
    )"""
# What a person has earned; «differs» is the databases' own word for «is another, or null».
_RESULT_CHANGED = """(
        NEW.points {differs} OLD.points OR NEW.max_points {differs} OLD.max_points
        OR NEW.percent {differs} OLD.percent OR NEW.passed {differs} OLD.passed
    )"""

# Name of the trigger: when it looks, its condition, and what it says.
_REFUSALS = {
    "attempts_state_goes_forward": (
        "BEFORE UPDATE OF state ON attempts_attempt",
        f"NEW.state <> OLD.state AND NOT {_FORWARDS}",
        "an attempt never goes back to an earlier state",
    ),
    "attempts_handed_in_once": (
        "BEFORE UPDATE OF submitted_at, receipt, pass_percent ON attempts_attempt",
        """OLD.state <> 'in_progress' AND (
        NEW.submitted_at {differs} OLD.submitted_at OR NEW.receipt {differs} OLD.receipt
        OR NEW.pass_percent <> OLD.pass_percent
    )""",
        "an attempt is handed in once",
    ),
    "attempts_result_only_by_regrade": (
        "BEFORE UPDATE OF points, max_points, percent, passed, gradings ON attempts_attempt",
        f"""OLD.state = 'graded' AND NEW.gradings <> OLD.gradings + 1 AND (
        NEW.gradings <> OLD.gradings OR {_RESULT_CHANGED}
    )""",
        "a result changes only by a regrade",
    ),
    "attempts_answers_stay": (
        "BEFORE UPDATE OF answer, saved_at, client, sequence, closed ON attempts_attemptitem",
        """OLD.closed AND (
        NOT NEW.closed OR NEW.answer {differs} OLD.answer OR NEW.saved_at {differs} OLD.saved_at
        OR NEW.client <> OLD.client OR NEW.sequence <> OLD.sequence
    )""",
        "an answer that was handed in does not change",
    ),
}
_ERASED = "EXISTS (SELECT 1 FROM attempts_erasure WHERE attempt_id = {attempt})"
# Name: the table, what is protected in it, and its attempt.
_KEPT = {
    "attempts_keep_attempts": ("attempts_attempt", "OLD.state <> 'in_progress'", "OLD.id"),
    "attempts_keep_answers": ("attempts_attemptitem", "OLD.closed", "OLD.attempt_id"),
}
_KEPT_SAYS = "what was handed in is not deleted without an erasure"
_CLOSING = "attempts_close_answers"
_CLOSING_WHEN = "OLD.state = 'in_progress' AND NEW.state <> 'in_progress'"
_CLOSING_DOES = (
    "UPDATE attempts_attemptitem SET closed = {true} WHERE attempt_id = NEW.id AND NOT closed"
)

TABLES = {
    **{name: rule[0].rpartition(" ")[2] for name, rule in _REFUSALS.items()},
    **{name: rule[0] for name, rule in _KEPT.items()},
    _CLOSING: "attempts_attempt",
}


def sqlite_triggers():
    """The triggers by their names, as SQLite writes them."""
    made = {
        name: f"""CREATE TRIGGER {name} {when} FOR EACH ROW WHEN {condition.format(differs="IS NOT")}
BEGIN SELECT RAISE(ABORT, '{says}'); END"""
        for name, (when, condition, says) in _REFUSALS.items()
    }
    made |= {
        name: f"""CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW
WHEN {protected} AND NOT {_ERASED.format(attempt=attempt)}
BEGIN SELECT RAISE(ABORT, '{_KEPT_SAYS}'); END"""
        for name, (table, protected, attempt) in _KEPT.items()
    }
    made[_CLOSING] = f"""CREATE TRIGGER {_CLOSING} AFTER UPDATE OF state ON attempts_attempt
FOR EACH ROW WHEN {_CLOSING_WHEN} BEGIN {_CLOSING_DOES.format(true=1)}; END"""
    return made


def postgresql_statements():
    """The functions and triggers as PostgreSQL writes them, in the order they are made."""
    yield """CREATE FUNCTION attempts_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$"""
    for name, (when, condition, says) in _REFUSALS.items():
        yield f"""CREATE TRIGGER {name} {when} FOR EACH ROW
WHEN ({condition.format(differs="IS DISTINCT FROM")}) EXECUTE FUNCTION attempts_refuse('{says}')"""
    for name, (table, protected, attempt) in _KEPT.items():
        yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT {_ERASED.format(attempt=attempt)} THEN
        RAISE EXCEPTION '{_KEPT_SAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$"""
        yield f"""CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW
WHEN ({protected}) EXECUTE FUNCTION {name}()"""
    yield f"""CREATE FUNCTION {_CLOSING}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_CLOSING_DOES.format(true="TRUE")};
    RETURN NULL;
END $$"""
    yield f"""CREATE TRIGGER {_CLOSING} AFTER UPDATE OF state ON attempts_attempt FOR EACH ROW
WHEN ({_CLOSING_WHEN}) EXECUTE FUNCTION {_CLOSING}()"""


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
        for name in ("attempts_refuse", *_KEPT, _CLOSING):
            editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [("attempts", "0004_waiting_marks_and_rulings")]
    operations = [migrations.RunPython(install, remove)]
