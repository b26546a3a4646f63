"""`python -m experiments` is `subsoil`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; stopped in one line from the first moment, while it is still being imported too."""
    try:
        from experiments.ensemble.signals import stop_alike

        stop_alike()
        from experiments.cli import app

        return app.main()
    except KeyboardInterrupt:
        print("subsoil: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
