"""Certificates as records: numbered, frozen, rendered once, verifiable by anyone.

Owns `Certificate` and its register. May import enrolments and below; never progress.
"""
