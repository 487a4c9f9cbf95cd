"""«Phân quyền»: who is HR officer, deputy or auditor of which unit, given and taken by those whose
units they are. The rules stand in `organisations.access`; here are the acts and their screens."""
