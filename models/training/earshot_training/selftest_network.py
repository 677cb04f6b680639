"""Quick checks of the network part of the recipe: python3 -m earshot_training.selftest_network

The lattice against a plain recursion differentiated by PyTorch, windows that hold the best path, masks on whole
blocks, and the packed integers against the float network on its grid.
"""

import sys

import numpy as np
import torch

from . import esm, reference
from .export import integers
from .lattice import TransducerLoss, windows
from .network import Recognizer, block_norms, expand_mask
from .settings import Network


def plain_loss(label, blank, frame_counts, label_counts):
    """The forward recursion, written down as it stands in the papers."""
    total = torch.zeros((), dtype=torch.float64)
    for b, (frames, labels) in enumerate(zip(frame_counts.tolist(), label_counts.tolist())):
        alpha: dict[tuple[int, int], torch.Tensor] = {(0, 0): torch.zeros((), dtype=torch.float64)}
        for t in range(frames):
            for u in range(labels + 1):
                terms = [alpha[t - 1, u] + blank[b, t - 1, u]] if t else []
                terms += [alpha[t, u - 1] + label[b, t, u - 1]] if u else []
                if terms:
                    alpha[t, u] = torch.logsumexp(torch.stack(terms), 0)
        total = total - alpha[frames - 1, labels] - blank[b, frames - 1, labels]
    return total


def check_lattice() -> None:
    torch.manual_seed(1)
    frames = torch.tensor([12, 9, 7, 3], dtype=torch.int32)
    labels = torch.tensor([5, 3, 0, 1], dtype=torch.int32)
    label, blank = torch.randn(4, 12, 6) - 2, torch.randn(4, 12, 6) - 1
    exact = [label.double().requires_grad_(), blank.double().requires_grad_()]
    plain_loss(*exact, frames, labels).backward()
    ours = [label.clone().requires_grad_(), blank.clone().requires_grad_()]
    start = torch.zeros(4, 12, dtype=torch.int32)
    loss, label_out, blank_out = TransducerLoss.apply(*ours, start, frames, labels, 0.0)
    loss.backward()
    for a, b in zip(exact, ours):
        assert torch.allclose(a.grad, b.grad.double(), atol=1e-5), "lattice gradient"
    narrow = windows(label_out, blank_out, 3, frames, labels)
    steps = narrow[:, 1:] - narrow[:, :-1]
    assert int(narrow[0, 0]) == 0 and int(narrow[0, 11]) == 3, "windows begin at 0 and end on the last label"
    assert bool(((steps >= 0) & (steps <= 2)).all()), "windows move by less than their width"


def check_blocks() -> None:
    model = Recognizer(Network(), 3)
    model.prune(0.5)
    assert abs(model.density() - 0.5) < 1e-3, "half of the blocks stay"
    for _, weight, blocks in model.matrices():
        norms = block_norms(weight * expand_mask(blocks))
        assert bool(((norms == 0) == (blocks == 0)).all()), "a mask removes whole blocks"


class NoPieces:
    texts = ["<unk>"] + [f"p{i}" for i in range(Network().pieces)]


def check_integers() -> None:
    """Joint parts of the packed model lie near those of the float network with weights on the grid."""
    torch.manual_seed(2)
    model = Recognizer(Network(), 3).eval()
    model.prune(0.5)
    model.quantize = True
    packed = esm.unpack_model(esm.pack_model(integers(model, NoPieces(), {}, {})))
    frames = np.random.default_rng(3).integers(-90, 90, (20 * 6, 40)).astype(np.int8)
    whole = reference.Network(packed).joint_encoder(reference.Network(packed).encode(frames)).double() / 4096
    x = torch.from_numpy(frames.reshape(20, 1, 240).astype(np.float32)) * model.shape.input_scale
    with torch.no_grad():
        exact = model.linear(model.joint_encoder, model.encode_float(x))[:, 0].double()
    away = (whole - exact).abs().max().item()
    assert away < 0.05, f"integers differ from floats by {away}"


def main() -> int:
    for check in (check_lattice, check_blocks, check_integers):
        check()
        print(f"{check.__name__}: ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
