"""What was done by whom, and whose data was seen: two logs that only grow.

Owns `Entry` (an audited act) and `Disclosure` (a list of persons that was viewed or exported).
Stands below all of learning, so that everyone may write; imports nothing of it.
"""
