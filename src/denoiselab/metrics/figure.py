"""The one figure by which a domain is watched while it is trained."""

from torch import Tensor

from denoiselab.domains import ERROR, MSE, Domain
from denoiselab.metrics.psnr import mse, psnr


def figure(domain: Domain, restored: Tensor, target: Tensor) -> Tensor:
    """The domain's figure of each sample: `(N, ...)` twice -> `(N,)`.

    Of classes: restored are probabilities `(N, classes)`, target the classes `(N,)`, the figure is 1 for an error.
    """
    if domain.figure == ERROR:
        return (restored.argmax(1) != target).double()
    pair = domain.measured(restored.float()), domain.measured(target.float())
    if domain.figure == MSE:
        return mse(*pair)
    assert domain.peak is not None
    return psnr(pair[0].clamp(0, domain.peak), pair[1], peak=domain.peak)
