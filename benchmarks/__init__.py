"""How fast denoiselab trains and restores, beside loops written by hand: `make bench`."""
