from __future__ import annotations

import sys
from pathlib import Path

# The benchmarks are not installed: they run from the checkout that these tests are in.
sys.path.insert(0, str(Path(__file__).parents[2]))
