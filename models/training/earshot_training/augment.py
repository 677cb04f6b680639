"""Changes of speed, voice, room, microphone, level and background on log-mel frames.

In:  int8 frames of one utterance (steps of 1/8 in natural log of power), a random generator. Out: float frames on the
same scale. Sound adds as power, a reverberation tail is a one-pole decay of each bin's power: cheap, and close enough
for training. Nothing here reads a file.
"""

import numpy as np

# Power of steady noise around its mean; one long stretch is drawn once, and each utterance takes a part of it.
GRAIN = np.random.default_rng(1).gamma(3.0, 1 / 3.0, (8192, 40)).astype(np.float32)
GROUPS = ("warp", "channel", "room", "noise", "level", "narrow", "mask")  # what an ablation may leave out
STEPS_PER_DB = 8 * np.log(10) / 10  # feature steps of one decibel of power


def warp(frames: np.ndarray, tempo: float, tract: float) -> tuple[np.ndarray, np.ndarray]:
    """Tempo by interpolating frames, vocal-tract length by interpolating bins; also the source frame of each frame."""
    count, bins = frames.shape
    length = max(1, int(round(count / tempo)))
    position = np.linspace(0, count - 1, length, dtype=np.float32)
    low = position.astype(np.int64)
    high = np.minimum(low + 1, count - 1)
    part = (position - low)[:, None]
    out = frames[low] * (1 - part) + frames[high] * part
    where = np.clip(np.arange(bins, dtype=np.float32) * tract, 0, bins - 1)
    left = where.astype(np.int64)
    right = np.minimum(left + 1, bins - 1)
    share = where - left
    return out[:, left] * (1 - share) + out[:, right] * share, low


def floor_of(frames: np.ndarray) -> np.ndarray:
    """The quietest tenth of each bin: the background of the recording."""
    some = frames[::3] if len(frames) > 60 else frames
    place = len(some) // 10
    return np.partition(some, place, axis=0)[place].astype(np.float32)


def pause(rng, floor: np.ndarray, count: int) -> np.ndarray:
    """Frames of the recording's own background."""
    return (floor + rng.normal(0.0, 4.0, (count, floor.size))).astype(np.float32)


def channel(rng, batch: int, bins: int) -> np.ndarray:
    """A smooth random microphone curve for each utterance, [batch, 1, bins], in feature steps."""
    knots = rng.normal(0.0, 8, (batch, 5)) * rng.uniform(0.3, 1.0, (batch, 1))
    at = np.linspace(0, 4, bins)
    low = np.minimum(at.astype(int), 3)
    part = at - low
    return (knots[:, low] * (1 - part) + knots[:, low + 1] * part)[:, None, :].astype(np.float32)


def reverberate(rng, power: np.ndarray) -> None:
    """Adds a decaying tail to half of the utterances, in place. power: [batch, frames, bins]."""
    batch = power.shape[0]
    decay = 10.0 ** (-6 * 0.01 / rng.uniform(0.15, 0.6, (batch, 1)))
    level = np.where(rng.random((batch, 1)) < 0.5, 10.0 ** rng.uniform(-1.5, 0.3, (batch, 1)), 0.0)
    decay, level = decay.astype(np.float32), (level * (1 - decay)).astype(np.float32)
    tail = np.zeros_like(power[:, 0])
    for t in range(power.shape[1]):
        direct = power[:, t].copy()
        power[:, t] += level * tail
        tail = tail * decay + direct


def hiss(rng, batch: int, frames: int, bins: int) -> np.ndarray:
    """Steady coloured noise as power, mean about 1."""
    tilt = np.exp(rng.uniform(-0.12, 0.06, (batch, 1, 1)) * np.arange(bins))
    curve = np.exp(channel(rng, batch, bins) / 8)
    begin = rng.integers(0, len(GRAIN), batch)
    noise = GRAIN[(begin[:, None] + np.arange(frames)) % len(GRAIN)]
    noise = noise * (tilt * curve).astype(np.float32)
    return noise / noise.mean(axis=(1, 2), keepdims=True)


def variants(frames: np.ndarray, count: int, seed: int) -> list[np.ndarray]:
    """A clip of noise or music as power, and `count` others of it at another speed and pitch."""
    rng = np.random.default_rng([2, seed])
    others = [warp(frames.astype(np.float32), rng.uniform(0.8, 1.25), rng.uniform(0.8, 1.25))[0] for _ in range(count)]
    return [np.exp(one.astype(np.float32) / 8) for one in [frames, *others]]


def mix_noise(rng, power: np.ndarray, clips: list[list[np.ndarray]], clean: np.ndarray) -> None:
    """Adds background to six of ten utterances, in place: hiss, a clip (of noise or of music, half and half), or the
    other utterances.

    `clean` marks synthesised utterances: their pauses are digital silence, so they always get some background."""
    batch, frames, bins = power.shape
    level = power.mean(axis=(1, 2))
    kind = rng.random(batch)
    ratio = np.where(rng.random(batch) < 0.2, rng.uniform(-5, 8, batch), 4 + 26 * rng.random(batch) ** 1.3)
    quiet = rng.random(batch) > 0.6
    noise = hiss(rng, batch, frames, bins)
    others = power[rng.permutation(batch)]
    others /= others.mean(axis=(1, 2), keepdims=True) + 1e-20
    for b in range(batch):
        if quiet[b]:
            ratio[b] = rng.uniform(25, 45)
            if not clean[b]:
                continue
        elif kind[b] < 0.55 and clips:
            family = clips[rng.integers(len(clips))]
            clip = family[rng.integers(len(family))]
            begin = rng.integers(max(1, len(clip) - frames))
            piece = clip[(begin + np.arange(frames)) % len(clip)]
            noise[b] = piece / (piece.mean() + 1e-20)
        elif kind[b] < 0.75 and batch > 1:
            noise[b] = others[b]
    keep = np.where(quiet & ~clean, 0.0, level * 10.0 ** (-ratio / 10))
    power += noise * keep[:, None, None].astype(np.float32)


def narrow(rng, frames: np.ndarray) -> None:
    """Takes the band above 3.2-4.2 kHz from one of seven utterances, in place: telephones and 8 kHz files.

    What is left there is the rounding of 16-bit samples, whatever the level of the speech."""
    batch, _, bins = frames.shape
    cut = rng.integers(26, 32, batch)
    slope, rounding = rng.uniform(10, 40, batch), rng.uniform(-100, -75, batch)
    for b in np.nonzero(rng.random(batch) < 1 / 7)[0]:
        high = frames[b, :, cut[b]:]
        high -= slope[b] * np.arange(1, bins - cut[b] + 1, dtype=np.float32)
        np.maximum(high, rounding[b] + rng.normal(0, 4, high.shape).astype(np.float32), out=high)


def mask(rng, frames: np.ndarray, lengths: np.ndarray) -> None:
    """At most one short gap in time and one in frequency, filled with the utterance's mean, in place."""
    for b, length in enumerate(lengths):
        fill = frames[b, :length].mean()
        for _ in range(rng.integers(0, 2)):
            width = int(rng.integers(1, 10))
            begin = int(rng.integers(0, max(1, length - width)))
            frames[b, begin:begin + width] = fill
        if rng.random() < 0.3:
            width = int(rng.integers(1, 7))
            begin = int(rng.integers(0, frames.shape[2] - width))
            frames[b, :, begin:begin + width] = fill


def disturb(rng, frames: np.ndarray, lengths: np.ndarray, clips: list[list[np.ndarray]], clean: np.ndarray,
            without: tuple[str, ...] = ()) -> np.ndarray:
    """All changes of a padded batch [batch, frames, bins] on the feature scale but the groups in `without`; returns
    int8-valued floats."""
    batch, _, bins = frames.shape
    if "channel" not in without:
        frames = frames + channel(rng, batch, bins)
    power = np.exp(np.clip(frames, -200, 200) / 8)
    if "room" not in without:
        reverberate(rng, power)
    if "noise" not in without:
        mix_noise(rng, power, clips, clean)
    frames = np.log(power + 1e-12) * 8
    if "level" not in without:
        frames = frames + (rng.uniform(-28, 10, (batch, 1, 1)) * STEPS_PER_DB).astype(np.float32)
    if "narrow" not in without:
        narrow(rng, frames)
    if "mask" not in without:
        mask(rng, frames, lengths)
    return np.clip(np.rint(frames), -127, 127).astype(np.float32)
