"""The theorems of mathlib that the book names: beside which derivation, and whether a checkout has them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ce.claims import all_claims, ledger
from ce.claims.mathlib import Theorem, formalisations, pinned, theorems
from ce.claims.mathlib.__main__ import declared, faults, main

CLAIMS = {claim.key: claim.derivation for claim in all_claims()}
GIBBS = CLAIMS["I3 Gibbs"]
RELEASE = "v0.1.0"
LOG = """
/- A comment, with an `end Real`,
/- nested: namespace Complex -/
lemma Real.in_a_comment : True -/
import Mathlib.Init

namespace Real.Deep -- two at once
end Deep

noncomputable section

@[simp, bound] protected theorem log_mul (hx : x ≠ 0) (hy : y ≠ 0) : log (x * y) = log x + log y :=
  log_of "end Real" -- theorem log_after_a_dash

section Limits

private lemma log_lt{x : ℝ} (hx : x ≠ 1) : log x < x - 1 := by sorry
theorem _root_.Complex.log_one : log 1 = 0 := by simp
nonrec theorem log_inv' : True := trivial

end Limits

def log_two := log 2
end
end Real

@[expose] public section
open Real in
lemma outside : True := trivial
"""
NAMES = ["Real.log_mul", "Real.log_lt", "Complex.log_one", "Real.log_inv'", "outside"]


def unknown_keys(named: dict[str, object]) -> set[str]:
    return set(named) - set(CLAIMS)


def test_every_theorem_stands_beside_a_derivation_of_the_book() -> None:
    assert not unknown_keys({**formalisations()})
    assert unknown_keys({**formalisations(), "I3 Gibb": None}) == {"I3 Gibb"}


def test_at_least_twelve_derivations_have_their_theorem() -> None:
    assert sum(found.formalised is not None for found in CLAIMS.values()) == len(formalisations()) >= 12


def test_a_part_says_which_and_every_entry_is_a_name_in_a_file_of_the_pinned_revision() -> None:
    revision, release = pinned()
    assert re.fullmatch(r"[0-9a-f]{40}", revision)
    assert re.fullmatch(r"v4\.\d+\.\d+", release)
    for found in formalisations().values():
        assert found.whole or found.note
        assert re.fullmatch(r"[A-Z]\w+(\.\w+)+", found.name)
        assert f"/blob/{revision}/Mathlib/" in found.url
        assert found.url.endswith(".lean")
    assert all("/" in theorem.file for theorem in theorems())


class TestWhatIsShown:
    def test_the_page_names_the_theorem_with_its_file_and_how_it_differs(self) -> None:
        html = GIBBS.check().as_html()
        name = "InformationTheory.integral_llr_add_sub_measure_univ_nonneg"
        assert f"<code>{name}</code></a>, for all finite measures.</p>" in html
        assert '<p class="ce-formalised">Formalised in mathlib as <a href="https://github.com/lean' in html
        assert html.index("ce-formalised") < html.index("ce-listed") < html.index("ce-lines")

    def test_what_is_a_part_is_said_to_be_one(self) -> None:
        text = CLAIMS["I1 largest"].check().as_text()
        assert "A part is formalised in mathlib as Real.binEntropy_le_log_two, for two outcomes\n" in text

    def test_plain_text_names_it_and_a_derivation_without_one_says_nothing(self) -> None:
        assert "Formalised in mathlib as InformationTheory.integral" in GIBBS.check().as_text()
        bare = replace(GIBBS, formalised=None, counterexamples=()).check()
        assert "mathlib" not in bare.as_html() + bare.as_text()

    def test_markup_in_a_name_or_note_stays_text(self) -> None:
        assert GIBBS.formalised is not None
        strange = replace(GIBBS.formalised, name="a<b>", note="for <i> & all", url='x"y')
        html = replace(GIBBS, formalised=strange, counterexamples=()).check().as_html()
        assert 'href="x&quot;y"><code>a&lt;b&gt;</code></a>, for &lt;i&gt; &amp; all.' in html

    def test_the_ledger_names_it_in_its_row_and_in_text(self, tmp_path: Path) -> None:
        (tmp_path / "_toc.yml").write_text("root: book/quantity/kl-divergence\n")
        table = ledger(root=tmp_path, numbers=["I3", "I4"])
        row = next(part for part in table.as_html().split("<tr>") if ">Gibbs’ inequality" in part)
        assert "<code>InformationTheory.integral_llr_add_sub_measure_univ_nonneg</code>" in row
        line = next(line for line in table.as_text().splitlines() if line.startswith("I4 only one-hot"))
        assert line.endswith("mathlib, a part: Real.binEntropy_eq_zero")


def test_the_names_a_lean_file_declares_are_read_with_their_namespaces() -> None:
    assert list(declared(LOG)) == NAMES


@pytest.mark.parametrize(
    ("changed", "to", "lost"),
    [
        ("namespace Real.Deep", "namespace Float.Deep", "Real.log_mul"),
        ("section Limits", "namespace Limits", "Real.log_lt"),
        ("-/\nlemma", "\nlemma", "Real.log_mul"),
        ("theorem log_mul", "def log_mul", "Real.log_mul"),
    ],
)
def test_a_name_in_another_namespace_or_comment_or_of_no_theorem_is_not_read(changed: str, to: str, lost: str) -> None:
    assert changed in LOG
    assert lost not in list(declared(LOG.replace(changed, to, 1)))


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=A Reader", "-c", "user.email=reader@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small mathlib, checked out: one file, one commit."""
    file = tmp_path / "Mathlib" / "Log.lean"
    file.parent.mkdir()
    file.write_text(LOG, encoding="utf8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    return tmp_path


def found_in(checkout: Path, name: str, file: str = "Mathlib/Log.lean", revision: str = "") -> list[str]:
    revision = revision or git(checkout, "rev-parse", "HEAD")
    return list(faults(checkout, [Theorem(name, file)], revision, RELEASE))


class TestACheckout:
    @pytest.mark.parametrize("name", NAMES)
    def test_has_what_it_declares(self, checkout: Path, name: str) -> None:
        assert found_in(checkout, name) == []

    def test_without_the_theorem_is_refused_with_the_nearest_name(self, checkout: Path) -> None:
        (fault,) = found_in(checkout, "Complex.log_mul")
        assert fault == "Mathlib/Log.lean: expected the theorem Complex.log_mul, got Real.log_mul"
        (fault,) = found_in(checkout, "Real.log_mull")
        assert fault == "Mathlib/Log.lean: expected the theorem Real.log_mull, got 5 theorems of other names"

    def test_without_the_file_is_refused(self, checkout: Path) -> None:
        (fault,) = found_in(checkout, "Real.log_mul", "Mathlib/Exp.lean")
        assert fault == "Mathlib/Exp.lean: expected the file that declares Real.log_mul, got no such file"

    def test_of_another_revision_is_refused_and_still_searched(self, checkout: Path) -> None:
        head = git(checkout, "rev-parse", "HEAD")
        revision, missing = found_in(checkout, "Real.exp", revision="0" * 40)
        assert f"expected revision {'0' * 40} (v0.1.0), got {head}; check it out with git -C" in revision
        assert "expected the theorem Real.exp" in missing

    def test_that_is_no_repository_has_no_revision_even_inside_another(self, checkout: Path) -> None:
        head = git(checkout, "rev-parse", "HEAD")
        inner = checkout / "copy"
        inner.mkdir()
        (checkout / "Mathlib").rename(inner / "Mathlib")
        (fault,) = faults(inner, [Theorem("Real.log_mul", "Mathlib/Log.lean")], head, RELEASE)
        assert "got no commit of its own" in fault

    def test_that_is_a_folder_of_something_else_is_refused_at_once(self, tmp_path: Path) -> None:
        (fault,) = faults(tmp_path, theorems(), "0" * 40, RELEASE)
        assert fault == f"{tmp_path}: expected a checkout of mathlib, with a folder Mathlib, got none"


class TestTheCommand:
    def test_prints_every_fault_and_fails(self, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main([str(checkout)]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1 + len(theorems())

    def test_says_what_it_found_in_a_checkout_that_has_all(
        self, checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for theorem in theorems():
            file = checkout / theorem.file
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf8") as lean:
                space, _, name = theorem.name.rpartition(".")
                lean.write(f"namespace {space}\ntheorem {name} : True := trivial\nend {space}\n")
        head = git(checkout, "rev-parse", "HEAD")
        monkeypatch.setattr("ce.claims.mathlib.__main__.pinned", lambda: (head, RELEASE))
        assert main([str(checkout)]) == 0
        assert capsys.readouterr().out.startswith(f"all {len(theorems())} theorems are declared in")
