"""pip install ./bindings, into an environment of its own. The C++ half comes from this build."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from conftest import SOURCE


@pytest.fixture
def checkout(tmp_path):
    """A copy, since a build leaves files behind."""
    ignore = shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
    shutil.copytree(os.path.join(SOURCE, "bindings"), tmp_path / "checkout" / "bindings",
                    ignore=ignore)
    return tmp_path / "checkout" / "bindings"


def run(*words, **options):
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(list(words), capture_output=True, text=True, timeout=150, check=False,
                          env=env, **options)
    assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
    return done.stdout


def test_pip_install(tmp_path, checkout):
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", str(venv))
    python = str(venv / "bin" / "python")
    run(python, "-m", "pip", "install", "--no-build-isolation", "--no-index", str(checkout))
    told = json.loads(run(python, "-c", "import json, starling, starling.aio; print(json.dumps("
                                        "[starling.__file__, starling._core.__file__]))",
                          cwd=str(tmp_path)))
    assert all(path.startswith(str(venv)) for path in told), told


def test_wheel(tmp_path, checkout):
    run(sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-index", "--no-deps",
        "-w", str(tmp_path), str(checkout))
    (wheel,) = tmp_path.glob("starling-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for name in ("__init__.py", "aio.py", "py.typed", "_core.pyi"):
        assert f"starling/{name}" in names
    assert any(name.startswith("starling/_core.") and name.endswith(".so") for name in names)
