"""What each stage minimises. In: the network, one batch. Out: a scalar loss and figures for the log.

The transducer loss is the two-pass way of Kuang and others (2022): a factorised lattice over all label positions
finds, for each frame, a window of a few positions; the true joint is computed only there.
"""

import torch
from torch.nn import functional as F

from .lattice import TransducerLoss, windows


def phone_loss(model, batch, _settings, _stage, _teacher=None):
    """Frame-wise cross-entropy on phones, with the times that the synthesiser gave."""
    logits = model.phone_head(model.encode(batch.features))
    flat, target = logits.flatten(0, 1), batch.phones.flatten()
    known = target >= 0
    loss = F.cross_entropy(flat[known], target[known])
    right = (flat[known].argmax(1) == target[known]).float().mean()
    return loss, {"loss": loss.item(), "right": right.item()}


def piece_loss(model, batch, _settings, _stage, _teacher=None):
    """Frame-wise cross-entropy on word pieces at their ends, blanks weighted down; warms up the factorised head."""
    logits = model.simple_encoder(model.encode(batch.features))
    flat, target = logits.flatten(0, 1), batch.spikes.flatten()
    weight = torch.ones(flat.shape[1], device=flat.device)
    weight[0] = 0.15
    loss = F.cross_entropy(flat, target, weight=weight, ignore_index=-100)
    spikes = target > 0
    right = (flat[spikes].argmax(1) == target[spikes]).float().mean()
    return loss, {"loss": loss.item(), "right": right.item()}


def _contexts(labels: torch.Tensor) -> torch.Tensor:
    """[B, U] to label pairs before each position [B, U + 1, 2]."""
    padded = F.pad(labels, (2, 0))
    return torch.stack([padded[:, :-1], padded[:, 1:]], dim=2)


def _simple_pass(model, h, p, batch):
    """Arcs of the factorised lattice [B, T, U + 1]."""
    am, lm = model.simple_encoder(h), model.simple_predictor(p)  # [B, T, V], [B, U + 1, V]
    am_top, lm_top = am.detach().amax(2, keepdim=True), lm.detach().amax(2, keepdim=True)
    sums = torch.bmm((am - am_top).exp(), (lm - lm_top).exp().transpose(1, 2))
    norm = (sums + 1e-20).log() + am_top + lm_top.transpose(1, 2)
    blank = am[:, :, :1] + lm[:, None, :, 0] - norm
    index = F.pad(batch.labels, (0, 1))  # the label that leads on from each position; the last one has none
    steps = am.shape[1]
    label = (am.gather(2, index[:, None, :].expand(-1, steps, -1)) + lm.gather(2, index[:, :, None]).transpose(1, 2)
             - norm)
    return am, label, blank


def _window_pass(model, h, p, start, batch, window):
    """Arcs of the true joint inside the windows [B, T, S], and the end-of-utterance logits there."""
    positions = start[:, :, None].long() + torch.arange(window, device=h.device)  # [B, T, S]
    inside = positions <= batch.label_counts[:, None, None]
    positions = positions.clamp(max=p.shape[1] - 1)
    return *arcs(model, h, p, positions, batch), positions, inside


def arcs(model, h, p, positions, batch):
    """Log probabilities of the right label and of blank, and the end logit, at label positions [B, T, S]."""
    je = model.linear(model.joint_encoder, h)
    jp = model.linear(model.joint_predictor, p)
    row = torch.arange(h.shape[0], device=h.device)[:, None, None]
    with torch.autocast(h.device.type, dtype=torch.bfloat16):
        logits = model.joint(je[:, :, None, :], jp[row, positions])
    logits = logits.float()
    norm = torch.logsumexp(logits[..., :-1], dim=3)
    index = F.pad(batch.labels, (0, 1))[row, positions]
    label = logits.gather(3, index[..., None])[..., 0] - norm
    blank = logits[..., 0] - norm
    return label, blank, logits[..., -1]


def _rest(label, blank):
    """Log probability of neither."""
    return torch.log((1 - label.exp() - blank.exp()).clamp(min=1e-6))


@torch.no_grad()
def teacher_arcs(teacher, batch, positions):
    """The teacher's arcs at the student's positions."""
    h = teacher.encode(batch.features).transpose(0, 1)
    return arcs(teacher, h, teacher.predict(_contexts(batch.labels)), positions, batch)[:2]


def distillation(teacher, batch, label, blank, positions, inside):
    """Three classes at every node of the windows (the right label, blank, the rest): how far the student's
    distribution is from the teacher's (Panchapagesan and others 2020)."""
    wise_label, wise_blank = teacher_arcs(teacher, batch, positions)
    last = positions == batch.label_counts[:, None, None]  # no label is right after the last
    wise_label, label = wise_label.masked_fill(last, -20.0), label.masked_fill(last, -20.0)
    steps = torch.arange(label.shape[1], device=label.device)[None, :, None] < batch.step_counts[:, None, None]
    pairs = ((wise_label, label), (wise_blank, blank), (_rest(wise_label, wise_blank), _rest(label, blank)))
    divergence = sum(wise.exp() * (wise - own) for wise, own in pairs)
    return (divergence * (inside & steps)).sum() / positions.shape[2]


def _end_loss(logit, occupied, positions, inside, batch):
    """Binary cross-entropy of 'the whole utterance has been said', true from two steps after the last label."""
    finished = (positions == batch.label_counts[:, None, None]) & inside & (batch.label_counts[:, None, None] > 0)
    done = (occupied * finished).sum(2)
    earlier = F.pad(done, (2, 0))[:, :-2]
    target = finished * (earlier / done.clamp(min=1e-3)).clamp(max=1.0)[:, :, None]
    each = F.binary_cross_entropy_with_logits(logit, target, reduction="none")
    return (each * occupied).sum()


def transducer_loss(model, batch, settings, stage, teacher=None):
    h = model.encode(batch.features).transpose(0, 1)  # [B, T, units]
    p = model.predict(_contexts(batch.labels))
    frames, labels = batch.step_counts, batch.label_counts
    am, label, blank = _simple_pass(model, h, p, batch)
    whole = torch.zeros(h.shape[0], h.shape[1], dtype=torch.int32, device=h.device)
    simple, label_post, blank_post = TransducerLoss.apply(label, blank, whole, frames, labels, 0.0)
    window = min(settings.window, p.shape[1])
    start = windows(label_post, blank_post, window, frames, labels)
    label, blank, end, positions, inside = _window_pass(model, h, p, start, batch, window)
    pruned, label_post, blank_post = TransducerLoss.apply(label, blank, start, frames, labels, settings.fast_emit)
    end_loss = _end_loss(end, label_post + blank_post, positions, inside, batch)
    total = pruned + settings.simple_weight * simple + settings.end_weight * end_loss
    ctc = torch.zeros((), device=h.device)
    if settings.ctc_weight > 0:
        ctc = F.ctc_loss(am.log_softmax(2).transpose(0, 1), batch.labels, frames, labels, reduction="sum",
                         zero_infinity=True)
        total = total + settings.ctc_weight * ctc
    units = max(float(labels.sum()), 20.0)  # a batch may hold noise alone
    figures = {"loss": pruned.item() / units, "simple": simple.item() / units, "ctc": ctc.item() / units,
               "end": end_loss.item() / float(frames.sum())}
    if teacher is not None:
        far = distillation(teacher, batch, label, blank, positions, inside)
        total, figures["teacher"] = total + stage.teacher_weight * far, far.item() / units
    return total / units, figures


LOSSES = {"phones": phone_loss, "pieces": piece_loss}  # by the name of the stage; every other stage: transducer_loss
