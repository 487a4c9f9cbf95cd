"""Asking and grading. Knows nothing of `learning`."""
