"""A paper with a question of each kind, by keyboard alone and without a script."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.home.setup import ensure_home
from quizzes.attempts.actions import start_attempt
from quizzes.attempts.models import Attempt, AttemptItem
from quizzes.bank.actions import save_quiz
from tests.factories import make_person
from tests.journeys.conftest import PASSWORD, _plant_tree, log_in
from tests.quizzes.samples import SAMPLES
