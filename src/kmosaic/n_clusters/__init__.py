"""How many clusters there are: a fit for every k, criteria, and a rule that was calibrated."""
