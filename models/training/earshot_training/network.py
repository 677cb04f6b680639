"""The recogniser as a float network whose weights and activations can be projected onto the device's integer grid.

In:  stacked features [T, B, 240]. Out: encoder states, predictor states, joint logits. The same object holds the block
masks of pruning and the output scales of the layers. The integer arithmetic itself is reference.py and native/nn.
The LSTM goes through PyTorch's fused kernel; packing, projection or a hand-written cell would leave it.
"""

import torch
from torch import nn
from torch.nn import functional as F

from .settings import Network

BLOCK_UNITS = 2  # a block is 8 rows (2 units x 4 gates) by 4 columns
BLOCK_COLUMNS = 4


def round_through(x: torch.Tensor) -> torch.Tensor:
    """Rounds forward, passes the gradient unchanged."""
    return x + (torch.round(x) - x).detach()


def grid_step(weight: torch.Tensor, per_row: bool = True, bits: int = 8) -> torch.Tensor:
    """Distance of two levels of the symmetric grid: one for each row, or one for the table."""
    top = weight.detach().abs().amax(dim=1, keepdim=True) if per_row else weight.detach().abs().amax()
    return torch.clamp(top / (2 ** (bits - 1) - 1), min=1e-8)


def to_grid(weight: torch.Tensor, per_row: bool = True, bits: int = 8) -> torch.Tensor:
    """Weight on its integer grid, int8 unless an experiment asks for fewer bits."""
    scale = grid_step(weight, per_row, bits)
    return round_through(weight / scale) * scale


def grid_pull(weight: torch.Tensor, bits: int) -> torch.Tensor:
    """How far weights are from the levels of their grid, as a sum: |sin(pi w / step)| step / pi.

    Its gradient is a pull of the same strength on every weight of every matrix toward its nearest level, and none on
    a weight that a mask holds at zero (Nguyen and others 2020)."""
    step = grid_step(weight, bits=bits)
    return (torch.sin(weight * (torch.pi / step)).abs() * (step / torch.pi)).sum()


def expand_mask(blocks: torch.Tensor) -> torch.Tensor:
    """Block mask [units / 2, columns / 4] to a mask of the gate-major matrix [4 * units, columns]."""
    one = blocks.repeat_interleave(BLOCK_UNITS, 0).repeat_interleave(BLOCK_COLUMNS, 1)
    return one.repeat(4, 1)


def block_norms(weight: torch.Tensor) -> torch.Tensor:
    """Sum of squares of each block of a gate-major matrix [4 * units, columns]."""
    rows, columns = weight.shape
    parts = weight.detach().view(4, rows // 4 // BLOCK_UNITS, BLOCK_UNITS, columns // BLOCK_COLUMNS, BLOCK_COLUMNS)
    return parts.square().sum(dim=(0, 2, 4))


class Layer(nn.Module):
    """Weights of one LSTM layer, gate-major rows (i, f, g, o) as PyTorch keeps them."""

    def __init__(self, inputs: int, units: int):
        super().__init__()
        bound = units ** -0.5
        self.input = nn.Parameter(torch.empty(4 * units, inputs).uniform_(-bound, bound))
        self.recurrent = nn.Parameter(torch.empty(4 * units, units).uniform_(-bound, bound))
        bias = torch.zeros(4 * units)
        bias[units:2 * units] = 1.0  # remember at first
        self.bias = nn.Parameter(bias)
        self.register_buffer("input_blocks", torch.ones(units // BLOCK_UNITS, inputs // BLOCK_COLUMNS))
        self.register_buffer("recurrent_blocks", torch.ones(units // BLOCK_UNITS, units // BLOCK_COLUMNS))
        self.register_buffer("output_scale", torch.tensor(127.0))
        self.units = units

    def kept(self, sparse: bool) -> tuple[torch.Tensor, torch.Tensor]:
        """Input and recurrent matrix without the blocks that are gone."""
        if not sparse:
            return self.input, self.recurrent
        return self.input * expand_mask(self.input_blocks), self.recurrent * expand_mask(self.recurrent_blocks)

    def forward(self, x: torch.Tensor, sparse: bool, quantize: bool, bits: int = 8) -> torch.Tensor:
        w, r = self.kept(sparse)
        if quantize:
            w, r = to_grid(w, bits=bits), to_grid(r, bits=bits)
        zero = x.new_zeros(1, x.shape[1], self.units)
        out = torch._VF.lstm(x, (zero, zero), [w, r, self.bias, torch.zeros_like(self.bias)], True, 1, 0.0,
                             self.training, False, False)[0]
        if quantize:
            out = out.float()
            out = torch.clamp(round_through(out * self.output_scale), -127, 127) / self.output_scale
        return out


class Recognizer(nn.Module):
    def __init__(self, shape: Network, phones: int):
        super().__init__()
        self.shape = shape
        inputs = [shape.stack * 40] + [shape.units] * (shape.layers - 1)
        self.encoder = nn.ModuleList(Layer(i, shape.units) for i in inputs)
        self.joint_encoder = nn.Linear(shape.units, shape.joint)
        self.embeddings = nn.Parameter(torch.randn(shape.pieces + 1, shape.embedding) * 0.3)
        self.predictor = nn.Linear(2 * shape.embedding, shape.predictor)
        self.joint_predictor = nn.Linear(shape.predictor, shape.joint, bias=False)
        self.output = nn.Linear(shape.joint, shape.pieces + 2)  # blank, pieces, end of utterance
        with torch.no_grad():
            self.output.bias[-1] = -3.0
        # Heads that only training uses: the factorised lattice (also CTC) and the phones.
        self.simple_encoder = nn.Linear(shape.units, shape.pieces + 1)
        self.simple_predictor = nn.Linear(shape.predictor, shape.pieces + 1, bias=False)
        self.phone_head = nn.Linear(shape.units, phones)
        self.sparse = False
        self.quantize = False
        self.bits = 8  # of the LSTM matrices' grid; the packed model holds 8

    def linear(self, layer: nn.Linear, x: torch.Tensor) -> torch.Tensor:
        weight = to_grid(layer.weight) if self.quantize else layer.weight
        return F.linear(x, weight, layer.bias)

    def activation(self, x: torch.Tensor) -> torch.Tensor:
        """tanh as the device keeps it: int8 of 1/127."""
        y = torch.tanh(x)
        return round_through(y * 127) / 127 if self.quantize else y

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        """[T, B, inputs] to [T, B, units], float32."""
        with torch.autocast(x.device.type, dtype=torch.bfloat16):
            for layer in self.encoder:
                x = layer(x, self.sparse, self.quantize, self.bits)
        return x.float()

    def encode_float(self, x: torch.Tensor) -> torch.Tensor:
        """The same without bfloat16, for evaluation."""
        for layer in self.encoder:
            x = layer(x, self.sparse, self.quantize, self.bits)
        return x

    def predict(self, contexts: torch.Tensor) -> torch.Tensor:
        """Label pairs [..., 2] (the label before last, the last) to [..., predictor]."""
        table = to_grid(self.embeddings, per_row=False) if self.quantize else self.embeddings
        return self.activation(self.linear(self.predictor, table[contexts].flatten(-2)))

    def joint(self, encoder_part: torch.Tensor, predictor_part: torch.Tensor) -> torch.Tensor:
        """Logits: blank, pieces, end of utterance."""
        return self.linear(self.output, self.activation(encoder_part + predictor_part))

    def matrices(self):
        """The pruned matrices with their block masks: (name, weight, blocks)."""
        for index, layer in enumerate(self.encoder):
            yield f"input{index}", layer.input, layer.input_blocks
            yield f"recurrent{index}", layer.recurrent, layer.recurrent_blocks

    def prune(self, share: float) -> None:
        """Keeps, in every matrix, the blocks of largest norm; `share` of them is removed."""
        self.sparse = share > 0
        with torch.no_grad():
            for _, weight, blocks in self.matrices():
                norms = block_norms(weight)
                removed = int(round(share * norms.numel()))
                blocks.fill_(1.0)
                if removed:
                    blocks.view(-1)[norms.view(-1).argsort()[:removed]] = 0.0

    def diverge(self, share: float, strength: float) -> None:
        """The other way of pruning: once an epoch, the `share` of blocks that diverge least from zero shrinks by
        `strength`, which rises to 1; the others are free to grow. At strength 1 they are masked."""
        if strength >= 1:
            self.prune(share)
            return
        with torch.no_grad():
            for _, weight, blocks in self.matrices():
                norms = block_norms(weight).view(-1)
                shrink = torch.ones_like(norms)
                shrink[norms.argsort()[:int(round(share * norms.numel()))]] = 1 - strength
                weight.mul_(expand_mask(shrink.view_as(blocks)))

    def pull(self) -> torch.Tensor:
        """Distance of all weights that int8 rounds from their grids."""
        total = sum(grid_pull(m, self.bits) for layer in self.encoder for m in layer.kept(self.sparse))
        dense = (self.joint_encoder, self.predictor, self.joint_predictor, self.output)
        return total + sum(grid_pull(layer.weight, 8) for layer in dense)

    def density(self) -> float:
        kept = sum(float(blocks.sum()) for _, _, blocks in self.matrices())
        return kept / sum(blocks.numel() for _, _, blocks in self.matrices())

    @torch.no_grad()
    def choose_scales(self, x: torch.Tensor, counts: torch.Tensor) -> list[float]:
        """Sets each layer's output scale so that the largest of 10,000 outputs just fits int8."""
        steps = torch.arange(x.shape[0])[:, None] < counts[None, :]
        for layer in self.encoder:
            x = layer(x, self.sparse, False)
            top = torch.quantile(x[steps].abs().flatten()[:2_000_000], 0.9999).item()
            layer.output_scale.fill_(float(min(2047, max(64, int(127 / max(top, 1e-3))))))
        return [float(layer.output_scale) for layer in self.encoder]
