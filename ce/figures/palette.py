"""Colour, dash and marker of the curves, by the order in which their labels appear.

The hues are those of Okabe and Ito (2008), which readers with the common colour-vision deficiencies tell
apart; each is darkened for the light theme and lightened for the dark one until text in it reaches the
contrast of 4.5 that WCAG 2.2 (success criterion 1.4.3) asks for. Dash and marker say the same without colour.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DARK", "LIGHT", "ROLES", "Role", "Theme", "variables"]


@dataclass(frozen=True)
class Role:
    """How the marks of one label look."""

    name: str
    light: str
    dark: str
    dash: tuple[float, ...]
    marker: str


@dataclass(frozen=True)
class Theme:
    """The colours of a figure that carry no meaning."""

    surface: str
    ink: str
    muted: str
    line: str
    grid: str


LIGHT = Theme(surface="#ffffff", ink="#1b1f24", muted="#59616b", line="#7f8791", grid="#e7eaee")
DARK = Theme(surface="#14181e", ink="#e6e9ed", muted="#a5aeb9", line="#79828e", grid="#2b323b")

ROLES: tuple[Role, ...] = (
    Role("blue", "#0072b2", "#56b4e9", (), "circle"),
    Role("vermillion", "#b84a00", "#ff9457", (7, 3), "square"),
    Role("green", "#00785a", "#2cc79b", (2, 2.5), "triangle"),
    Role("purple", "#a1457f", "#e79bc6", (9, 3, 2, 3), "diamond"),
    Role("orange", "#8f6100", "#e69f00", (12, 4), "cross"),
    Role("black", "#3d434b", "#c9ced5", (4, 2, 1, 2, 1, 2), "star"),
)


def variables() -> str:
    """Return the CSS rules that give the figures their colours, each for the light and for the dark theme.

    Browsers older than 2024 do not know ``light-dark``: there the colours are those of the theme that the page names.
    """
    pairs = {f"role-{index}": (role.light, role.dark) for index, role in enumerate(ROLES)}
    pairs |= {name: (light, getattr(DARK, name)) for name, light in vars(LIGHT).items()}
    both, light, dark = (
        "".join(f"  --ce-{name}: {colour.format(*pair)};\n" for name, pair in pairs.items())
        for colour in ("light-dark({}, {})", "{}", "{1}")
    )
    return (
        f".ce-figure, .ce-live {{\n{both}}}\n"
        "@supports not (color: light-dark(red, red)) {\n"
        f".ce-figure, .ce-live {{\n{light}}}\n"
        f'html[data-theme="dark"] :is(.ce-figure, .ce-live) {{\n{dark}}}\n'
        "}\n"
    )
