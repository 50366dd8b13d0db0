"""On its own feet: standing, squatting, reaching, stepping and walking."""
