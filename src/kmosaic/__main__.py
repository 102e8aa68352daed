"""`python -m kmosaic`: the same as the command `kmosaic`."""

from kmosaic.ui.cli import main

if __name__ == "__main__":
    main()
