"""Log-in by an OpenID Connect provider: the city's or the nation's single sign-on."""
