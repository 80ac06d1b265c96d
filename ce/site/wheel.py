"""Put the package, as a wheel, beside the site: the notebooks that are downloaded from there install it.

A wheel of pure Python is a zip archive of the package and of its metadata, and the metadata was written when
the package was installed. So nothing is built: no network, no compiler, no second version of setuptools.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.metadata import Distribution, distributions
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sphinx.application import Sphinx

import ce

__all__ = ["setup", "wheel_name", "write_wheel"]

_NAME = "cross-entropy-book"
_PACKAGE = Path(ce.__file__).parent
# What the installation notes about itself.
_OF_THE_INSTALLATION = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}


def setup(app: Sphinx) -> None:
    """Have the wheel written at each build of the website."""
    app.connect("builder-inited", _write_beside_the_site)


def wheel_name() -> str:
    """Return the name of the wheel's file, which its installation insists on.

    Examples
    --------
    >>> wheel_name() == f"cross_entropy_book-{ce.__version__}-py3-none-any.whl"
    True
    """
    return f"{_NAME.replace('-', '_')}-{_distribution().version}-py3-none-any.whl"


def write_wheel(folder: Path) -> Path:
    """Write the wheel of the package as it is now; the same package gives the same bytes.

    Parameters
    ----------
    folder
        Where to; it exists.
    """
    files = {path.relative_to(_PACKAGE.parent).as_posix(): path.read_bytes() for path in _package_files()}
    metadata = _metadata()
    record = next(iter(metadata)).partition("/")[0] + "/RECORD"
    files |= metadata
    lines = [f"{name},{_hash(content)},{len(content)}" for name, content in files.items()]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    target = folder / wheel_name()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name)  # of 1980, and not of today
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, ZIP_DEFLATED)
    return target


def _package_files() -> list[Path]:
    return sorted(path for path in _PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")


def _distribution() -> Distribution:
    for found in distributions(name=_NAME):
        if found.read_text("WHEEL"):
            return found
    raise FileNotFoundError(
        f"expected {_NAME} to be installed, whose metadata the wheel beside the site needs; got: none. Run  "
        "pip install -r requirements.txt  in the book's folder"
    )


def _metadata() -> dict[str, bytes]:
    return {
        path.as_posix(): Path(path.locate()).read_bytes()
        for path in _distribution().files or ()
        if path.parts[0].endswith(".dist-info") and path.name not in _OF_THE_INSTALLATION
    }


def _hash(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return f"sha256={digest.decode().rstrip('=')}"


def _write_beside_the_site(app: Sphinx) -> None:
    if app.builder.format == "html":
        folder = Path(app.outdir, "_static")
        folder.mkdir(parents=True, exist_ok=True)
        write_wheel(folder)
