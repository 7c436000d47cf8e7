"""Signatures of our networks and of foreign ones."""

from torch import nn

from denoiselab.networks import Signature, signature_of


def test_the_field_is_twice_the_radius_and_the_pixel() -> None:
    assert Signature(radius=16).receptive_field == 33
    assert Signature(radius=None).receptive_field is None


def test_a_foreign_module_promises_nothing() -> None:
    assert signature_of(nn.Conv2d(1, 1, 3)) == Signature()
    network = nn.Identity()
    network.signature = Signature(3, 3, divisor=8)
    assert signature_of(network).divisor == 8
