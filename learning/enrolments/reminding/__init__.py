"""Reminders of courses: the kinds of messages, and whom they reach when."""

from learning.enrolments.reminding import kinds

kinds.register()
