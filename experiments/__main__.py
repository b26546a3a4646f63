"""`python -m experiments` is `subsoil`."""

import sys

from experiments.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
