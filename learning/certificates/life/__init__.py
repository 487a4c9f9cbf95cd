"""What happens after the issue: requests of two persons, expiry, sharing, papers as a ZIP."""
