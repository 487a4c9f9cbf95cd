"""Certificates for those who completed a course and have none: previewed, then issued in bulk."""
