"""The transducer lattice (lattice.c) as a differentiable function.

In:  log probabilities of label and blank arcs as float32 tensors, lengths, windows. Out: loss per utterance and arc
posteriors. The C source is compiled once into the cache folder with the machine's C compiler.
"""

import ctypes
import hashlib
import os
import pathlib
import subprocess

import torch

from .settings import CACHE

SOURCE = pathlib.Path(__file__).with_name("lattice.c")
_library = None


def library() -> ctypes.CDLL:
    """Compiles lattice.c if its text or flags changed since the last time, and loads it."""
    global _library
    if _library is None:
        flags = ["-O3", "-march=native", "-ffast-math", "-fno-finite-math-only", "-shared", "-fPIC"]
        key = hashlib.sha256(SOURCE.read_bytes() + " ".join(flags).encode()).hexdigest()[:16]
        path = CACHE / "build" / f"lattice-{key}.so"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(f".{os.getpid()}")
            subprocess.run(["cc", *flags, "-o", str(temporary), str(SOURCE), "-lm"], check=True)
            temporary.rename(path)
        _library = ctypes.CDLL(str(path))
    return _library


def _pointer(tensor: torch.Tensor) -> ctypes.c_void_p:
    assert tensor.is_contiguous()
    return ctypes.c_void_p(tensor.data_ptr())


def _plain(*tensors):
    """Contiguous tensors in main memory: the lattice runs on the processor whatever device holds the network."""
    return [t.detach().cpu().contiguous() for t in tensors]


def posteriors(label, blank, start, frame_counts, label_counts):
    """Loss [B] and posteriors of label and blank arcs [B, T, S]; all tensors float32 or int32."""
    device = label.device
    label, blank, start, frame_counts, label_counts = _plain(label, blank, start, frame_counts, label_counts)
    batch, frames, window = label.shape
    loss = torch.zeros(batch)
    label_out, blank_out = torch.zeros_like(label), torch.zeros_like(blank)
    scratch = torch.empty(2 * frames * window)
    library().es_lattice(batch, frames, window, _pointer(label), _pointer(blank), _pointer(start),
                         _pointer(frame_counts), _pointer(label_counts), _pointer(scratch), _pointer(loss),
                         _pointer(label_out), _pointer(blank_out))
    return loss.to(device), label_out.to(device), blank_out.to(device)


def windows(label_out, blank_out, narrow: int, frame_counts, label_counts) -> torch.Tensor:
    """First label position of each frame's window of `narrow` positions, int32 [B, T]."""
    device = label_out.device
    label_out, blank_out, frame_counts, label_counts = _plain(label_out, blank_out, frame_counts, label_counts)
    batch, frames, window = label_out.shape
    start = torch.zeros(batch, frames, dtype=torch.int32)
    library().es_windows(batch, frames, window, narrow, _pointer(label_out), _pointer(blank_out),
                         _pointer(frame_counts), _pointer(label_counts), _pointer(start))
    return start.to(device)


class TransducerLoss(torch.autograd.Function):
    """Sum of losses over the batch; `fast_emit` scales the pull on label arcs (FastEmit)."""

    @staticmethod
    def forward(ctx, label, blank, start, frame_counts, label_counts, fast_emit):
        loss, label_out, blank_out = posteriors(label, blank, start, frame_counts, label_counts)
        ctx.save_for_backward(label_out, blank_out)
        ctx.fast_emit = fast_emit
        ctx.mark_non_differentiable(label_out, blank_out)
        return loss.sum(), label_out, blank_out

    @staticmethod
    def backward(ctx, grad, _label, _blank):
        label_out, blank_out = ctx.saved_tensors
        return -grad * (1.0 + ctx.fast_emit) * label_out, -grad * blank_out, None, None, None, None
