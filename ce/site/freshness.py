"""Keep pages in step with the code they run.

The notebook cache knows a chapter's cells, not the package they import: after an edit in ``ce/`` it would
serve the old output. So the cache lives in a folder named by a digest of the package and of the libraries
its numbers come from; a configuration value with the same digest makes Sphinx read every page again.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.build_phase import BuildPhase

import ce

_PACKAGE = Path(ce.__file__).parent
_SUFFIXES = {".bib", ".css", ".js", ".py", ".toml", ".txt"}  # of the code, and of what it reads
# What decides the outputs of cells besides ``ce``.
_LIBRARIES = ("anywidget", "ipython", "ipywidgets", "matplotlib", "myst-nb", "numpy", "scikit-learn", "scipy", "sympy")
_CACHES_KEPT = 4


def setup(app: Sphinx) -> None:
    """Register the digests as configuration values, and have stale pages removed."""
    app.add_config_value("ce_digest", "", "env", str)
    app.add_config_value("ce_static_digest", "", "html", str)
    app.connect("config-inited", key_on_package, priority=950)  # the table of contents is read at 900
    app.connect("build-finished", remove_stale_pages, priority=100)


def package_files(root: Path, *, without: str = "") -> list[Path]:
    """List the files of a package that decide what it does, sorted.

    Parameters
    ----------
    root
        Folder of the package.
    without
        Name of a folder directly below `root` to leave out.
    """
    return sorted(
        path
        for path in root.rglob("*")
        if path.suffix in _SUFFIXES and path.is_file() and path.relative_to(root).parts[0] != without
    )


def digest(root: Path, files: Iterable[Path], extra: str = "") -> str:
    """Name the present content of files by 16 hexadecimal digits (SHA-256, shortened).

    Parameters
    ----------
    root
        Folder the file names are taken relative to.
    files
        The files; their names count as well as their content.
    extra
        Any further text that counts.
    """
    hasher = hashlib.sha256(extra.encode())
    for path in files:
        content = path.read_bytes()
        hasher.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        hasher.update(content)
    return hasher.hexdigest()[:16]


def key_on_package(app: Sphinx, config: Config) -> None:
    """Point the notebook cache at the folder of the present code, and have stale pages read again."""
    beside = Path(app.srcdir, "ce", "__init__.py")
    if beside.is_file() and not beside.samefile(_PACKAGE / beside.name):  # the environment is that of another checkout
        said = f"expected the package of this folder, {beside.parent}; got that of {_PACKAGE.parent}"
        raise ConfigError(f"{said}: in a folder that was moved or copied, run  make clean  first")
    libraries = " ".join([sys.version, *(f"{name}={_installed(name)}" for name in _LIBRARIES)])
    beside_pages = (path for path in files_of_pages(app) if path.suffix not in config.source_suffix)
    libraries += digest(Path(app.srcdir), beside_pages)  # cells may read them
    # The extension itself decides how pages look, not what cells print: it need not run them again.
    executed = digest(_PACKAGE, package_files(_PACKAGE, without="site"), libraries)
    caches = Path(app.outdir).parent / ".jupyter_cache"
    cache = caches / executed
    config.nb_execution_cache_path = str(cache)
    config.ce_digest = digest(_PACKAGE, package_files(_PACKAGE), libraries)
    config.ce_static_digest = _static_digest(app, config)
    if not cache.is_dir():
        _warm_up()
        cache.mkdir(parents=True)
    cache.touch()
    _drop_old_caches(caches)


def up_to_date(app: Sphinx, made: Iterable[Path]) -> bool:
    """Return whether a build that ends has written no page, while the files made of all pages are there."""
    return app.phase is not BuildPhase.WRITING and all(path.is_file() for path in made)


def remove_stale_pages(app: Sphinx, exception: Exception | None) -> None:
    """Remove what was made of pages that are no longer in the book."""
    if exception is not None or app.builder.format != "html":
        return
    sources = Path(app.outdir, "_sources")
    for notebook in sources.rglob("*.ipynb"):  # there is one for each page that was ever written
        docname = notebook.relative_to(sources).with_suffix("").as_posix()
        if docname not in app.env.found_docs:
            kept = (Path(app.outdir).parent / "jupyter_execute", sources)
            for stale in [
                Path(app.outdir, f"{docname}.html"),
                *(path for folder in kept for path in folder.glob(f"{docname}.*")),
            ]:
                stale.unlink(missing_ok=True)


def _static_digest(app: Sphinx, config: Config) -> str:
    """Digest what every page depends on besides its text: styles, scripts, and the table of contents in the sidebar."""
    root = Path(app.srcdir)
    folders = (root / folder for folder in config.html_static_path)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return digest(root, [*files, root / config.external_toc_path])


def files_of_pages(app: Sphinx) -> list[Path]:
    """List the files in the folder of the first page, but those of the site: pages, and modules and data beside them.

    There are none where that is the book's own folder, in which all kinds of files are.
    """
    folder = Path(app.srcdir, app.config.root_doc).parent
    return sorted(
        path
        for path in (folder.rglob("*") if folder != Path(app.srcdir) else ())
        if path.is_file() and not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    )


def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "none"


def _warm_up() -> None:
    # The first import of matplotlib on a machine writes about its font cache into the output of some cell.
    import matplotlib.font_manager  # noqa: F401, PLC0415


def _drop_old_caches(caches: Path) -> None:
    folders = [path for path in caches.iterdir() if path.is_dir()]
    by_age = sorted(folders, key=lambda path: path.stat().st_mtime)
    for old in by_age[:-_CACHES_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
