"""``python -m convgui`` and the command ``convgui``."""

from __future__ import annotations

import sys

from convgui.cli import main

if __name__ == "__main__":
    sys.exit(main())
