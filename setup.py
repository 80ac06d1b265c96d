"""The addresses of the package are those of the book, and stand where the book has them: in `_config.yml`."""

from pathlib import Path

import yaml
from setuptools import setup

settings = yaml.safe_load(Path(__file__).with_name("_config.yml").read_text(encoding="utf8"))["sphinx"]["config"]
addresses = {}
if site := settings.get("html_baseurl"):
    addresses["Documentation"] = site
if place := settings["ce_notebooks"]:
    repository = "https://github.com/" + "/".join(place.split("/")[:2])
    addresses |= {
        "Source": repository,
        "Issues": f"{repository}/issues",
        "Changelog": f"{repository}/blob/HEAD/CHANGELOG.md",
    }

setup(project_urls=addresses)
