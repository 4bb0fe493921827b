"""Where things are."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
RESULTS = BUILD / "test-results"
DOSSIER = BUILD / "release/src/app/dossier"

sys.path.append(str(ROOT / "tools"))  # modules that others use too
