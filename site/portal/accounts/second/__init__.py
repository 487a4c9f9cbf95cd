"""The second factor: an app's codes, passkeys, recovery codes, and where it is required."""
