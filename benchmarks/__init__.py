"""How fast kmosaic is, beside other libraries, on the same rows from the same starting centers."""
