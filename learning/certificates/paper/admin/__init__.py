"""Templates of papers in the admin."""
