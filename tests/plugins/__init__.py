"""pytest plugins loaded with `-p`, before Django reads its settings."""
