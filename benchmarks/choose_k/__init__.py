"""How often the number of clusters is found: generated sets, the calibration, and peers."""
