"""Claims that are measured besides being derived: simulated, on real data, or in floating point."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from ce.claims import derivation
from ce.numeric import cross_entropy_with_logits


def test_the_estimate_of_a_misspecified_model_goes_to_the_closest_member_and_stays_far_from_the_truth():
    """S3: truth (1/2, 0, 1/2), model Bin(2, θ)."""
    faces = np.random.default_rng(0).choice([0, 2], size=200_000)
    theta = faces.mean() / 2  # the maximum-likelihood estimate of a binomial share
    fitted = np.array([(1 - theta) ** 2, 2 * theta * (1 - theta), theta**2])
    loss = -np.log(fitted[faces]).mean()
    divergence = float(derivation("S3 far away").lines[-1])
    assert theta == pytest.approx(0.5, abs=0.01)
    assert loss - np.log(2) == pytest.approx(divergence, abs=0.01)


@pytest.mark.parametrize(("kind", "logit"), [(np.float16, 12.0), (np.float32, 89.0), (np.float64, 710.0)])
def test_the_textbook_form_breaks_where_the_fused_one_does_not(kind, logit):
    """V4: the naive softmax overflows just above the largest exponent of each precision."""
    logits = np.array([logit, 0.0], dtype=kind)
    with np.errstate(all="ignore"):
        naive = -np.log(np.exp(logits) / np.exp(logits).sum())[1]
    fused = cross_entropy_with_logits(logits.astype(float), 1)
    assert not np.isfinite(naive)
    assert fused == pytest.approx(logit, rel=1e-4)


def test_a_table_of_real_digits_has_no_training_loss_and_knows_nothing_new():
    """V5: on real images, every one of them different."""
    images, labels = load_digits(return_X_y=True)
    seen, new, seen_labels, new_labels = train_test_split(images, labels, random_state=0)
    table = {image.tobytes(): label for image, label in zip(seen, seen_labels, strict=True)}

    def probability(image, label):
        known = table.get(image.tobytes())
        return 0.1 if known is None else float(known == label)

    losses = [
        -np.log([probability(image, label) for image, label in zip(*part, strict=True)]).mean()
        for part in ((seen, seen_labels), (new, new_labels))
    ]
    assert losses == [pytest.approx(0), pytest.approx(np.log(10))]
