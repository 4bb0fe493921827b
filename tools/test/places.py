"""Where things are."""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
RESULTS = BUILD / "test-results"
DOSSIER = BUILD / "release/src/app/dossier"
