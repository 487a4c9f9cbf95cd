"""Is it real, does it stand? For anyone who holds one: by code, by PDF, by machine."""
