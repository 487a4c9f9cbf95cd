"""Certificates as records: numbered, frozen, rendered once, verifiable by anyone.

Owns `Certificate`, its register, what becomes of it later (`life`) and its Open Badge (`badges`).
May import enrolments and below; never progress.
"""
