"""The editors' screens of the register: the report, the dashboard's panel, flags in the editors."""
