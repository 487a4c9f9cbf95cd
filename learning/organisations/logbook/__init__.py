"""«Nhật ký thao tác»: the audit log as auditors, the department and administrators read it.

Reads only. Who reads which units' acts stands in `organisations.access`.
"""
