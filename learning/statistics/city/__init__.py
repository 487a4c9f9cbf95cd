"""All units below one at a glance: a map of tiles, who is where, and what moved this week."""
