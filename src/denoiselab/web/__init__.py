"""Pages that need nothing from outside: a report's, and one to try a denoiser on."""
