"""The pages of the exchange in the admin."""
