"""The editors' screens of the bank beyond what Wagtail makes by itself."""
