r"""The time loops of ``loops.py`` as Triton kernels: a loop within one launch, for CUDA devices.

One program takes a tile of sequences through all steps. It reads the hidden weights before its loop
and never again: they stay in registers and shared memory, as in Diamos et al. (2016), and so do the
states from step to step. What a step reads and writes of the device's memory are its own rows.

The mathematics is that of ``loops.py``, line by line; its :math:`\bar a` is ``d_a`` here. A tile
is (BLOCK_B, BLOCK_H), a gate's weights are (BLOCK_H, BLOCK_H). Tiles are wider than the data where
H is no power of two: what lies beyond is read as zero, remains zero, and is not written. Triton is
imported here, and this module by ``triton_loops.py`` when it is needed.
"""

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def _sigmoid(x):
    e = tl.exp(-tl.abs(x))  # at most 1: no overflow
    return tl.where(x >= 0, 1.0, e) / (1.0 + e)


@triton.jit
def _tanh(x):
    e = tl.exp(-2.0 * tl.abs(x))
    size = (1.0 - e) / (1.0 + e)
    return tl.where(x >= 0, size, -size)


@triton.jit
def _dot(x, w, add, PRECISION: tl.constexpr):
    """``x @ w + add``; the product's factors have the weights' dtype, the sum that of ``add``."""
    return tl.dot(x.to(w.dtype), w, add, input_precision=PRECISION, out_dtype=add.dtype)


@triton.jit
def _weights(w_hh, gate: tl.constexpr, H: tl.constexpr, BLOCK_H: tl.constexpr, T: tl.constexpr):
    """A gate's hidden weights (BLOCK_H, BLOCK_H): as they lie, or transposed."""
    a, b = tl.arange(0, BLOCK_H)[:, None], tl.arange(0, BLOCK_H)[None, :]
    out, into = (b, a) if T else (a, b)
    return tl.load(w_hh + (gate * H + out) * H + into, mask=(a < H) & (b < H), other=0.0)


@triton.jit
def _places(BLOCK_B: tl.constexpr, BLOCK_H: tl.constexpr):
    """Which sequences (BLOCK_B, 1) and which units (1, BLOCK_H) are this program's."""
    place = tl.program_id(0).to(tl.int64) * BLOCK_B + tl.arange(0, BLOCK_B)
    return place[:, None], tl.arange(0, BLOCK_H)[None, :]


@triton.jit
def _step(starts, t, B, place):
    """The rows of step t, (BLOCK_B, 1), and which of them there are.

    ``starts`` holds the first row of each step and the end of the last one; without it every step
    has B rows.
    """
    if starts is None:
        return t * B + place, place < B
    else:
        first = tl.load(starts + t)
        return first + place, place < tl.load(starts + t + 1) - first


@triton.jit
def _read(x, row, unit, there, WIDTH: tl.constexpr, block: tl.constexpr, H: tl.constexpr,
          dtype: tl.constexpr):  # fmt: skip
    """A tile of a block of H columns."""
    return tl.load(x + row * WIDTH + block * H + unit, mask=there, other=0.0).to(dtype)


@triton.jit
def _write(x, value, row, unit, there, WIDTH: tl.constexpr, block: tl.constexpr, H: tl.constexpr):
    tl.store(x + row * WIDTH + block * H + unit, value.to(x.dtype.element_ty), mask=there)


@triton.jit
def _before(first, states, starts, t, B, place, unit, units, H: tl.constexpr, dtype: tl.constexpr):
    """The states that step t started from: those of the step before, or at t = 0 the first."""
    row, there = _step(starts, tl.maximum(t - 1, 0), B, place)
    later = _read(states, row, unit, there & units & (t > 0), H, 0, H, dtype)
    return later + _read(first, place, unit, (place < B) & units & (t == 0), H, 0, H, dtype)


@triton.jit(do_not_specialize=["steps", "B"])
def lstm_forward(
    gates, hs, Cs, h_0, C_0, w_hh, starts, steps, B,
    H: tl.constexpr, BLOCK_B: tl.constexpr, BLOCK_H: tl.constexpr,
    SUM: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """Hochreiter & Schmidhuber (1997) with the forget gate; ``gates`` in blocks i f g o."""
    place, unit = _places(BLOCK_B, BLOCK_H)
    units = unit < H
    W_i = _weights(w_hh, 0, H, BLOCK_H, True)
    W_f = _weights(w_hh, 1, H, BLOCK_H, True)
    W_g = _weights(w_hh, 2, H, BLOCK_H, True)
    W_o = _weights(w_hh, 3, H, BLOCK_H, True)
    h = _read(h_0, place, unit, (place < B) & units, H, 0, H, SUM)
    C = _read(C_0, place, unit, (place < B) & units, H, 0, H, SUM)
    for t in range(steps):
        row, there = _step(starts, t, B, place)
        there &= units
        a_i = _read(gates, row, unit, there, 4 * H, 0, H, SUM)
        a_f = _read(gates, row, unit, there, 4 * H, 1, H, SUM)
        a_g = _read(gates, row, unit, there, 4 * H, 2, H, SUM)
        a_o = _read(gates, row, unit, there, 4 * H, 3, H, SUM)
        i = _sigmoid(_dot(h, W_i, a_i, PRECISION))
        f = _sigmoid(_dot(h, W_f, a_f, PRECISION))
        g = _tanh(_dot(h, W_g, a_g, PRECISION))
        o = _sigmoid(_dot(h, W_o, a_o, PRECISION))
        C = f * C + i * g
        h = o * _tanh(C)
        _write(gates, i, row, unit, there, 4 * H, 0, H)
        _write(gates, f, row, unit, there, 4 * H, 1, H)
        _write(gates, g, row, unit, there, 4 * H, 2, H)
        _write(gates, o, row, unit, there, 4 * H, 3, H)
        _write(Cs, C, row, unit, there, H, 0, H)
        _write(hs, h, row, unit, there, H, 0, H)


@triton.jit(do_not_specialize=["steps", "B", "by_h", "by_C"])
def lstm_backward(
    gates, Cs, C_0, w_hh, starts, steps, B, grad_hs, by_h, grad_Cs, by_C, d_gates, d_h0, d_C0,
    H: tl.constexpr, BLOCK_B: tl.constexpr, BLOCK_H: tl.constexpr,
    SUM: tl.constexpr, PRECISION: tl.constexpr,
):  # fmt: skip
    """Backwards; rows of the arriving gradients lie ``by_h`` and ``by_C`` numbers apart."""
    place, unit = _places(BLOCK_B, BLOCK_H)
    units = unit < H
    W_i = _weights(w_hh, 0, H, BLOCK_H, False)
    W_f = _weights(w_hh, 1, H, BLOCK_H, False)
    W_g = _weights(w_hh, 2, H, BLOCK_H, False)
    W_o = _weights(w_hh, 3, H, BLOCK_H, False)
    d_h = _read(d_h0, place, unit, (place < B) & units, H, 0, H, SUM)
    d_C = _read(d_C0, place, unit, (place < B) & units, H, 0, H, SUM)
    for back in range(steps):
        t = steps - 1 - back
        row, begun = _step(starts, t, B, place)
        there = begun & units
        d, dC = d_h, d_C
        if grad_hs is not None:
            d += tl.load(grad_hs + row * by_h + unit, mask=there, other=0.0).to(SUM)
        if grad_Cs is not None:
            dC += tl.load(grad_Cs + row * by_C + unit, mask=there, other=0.0).to(SUM)
        i = _read(gates, row, unit, there, 4 * H, 0, H, SUM)
        f = _read(gates, row, unit, there, 4 * H, 1, H, SUM)
        g = _read(gates, row, unit, there, 4 * H, 2, H, SUM)
        o = _read(gates, row, unit, there, 4 * H, 3, H, SUM)
        tanh_C = _tanh(_read(Cs, row, unit, there, H, 0, H, SUM))
        C_before = _before(C_0, Cs, starts, t, B, place, unit, units, H, SUM)
        dC += d * o * (1 - tanh_C * tanh_C)
        d_o = d * o * (1 - o) * tanh_C
        d_i = dC * g * i * (1 - i)
        d_f = dC * C_before * f * (1 - f)
        d_g = dC * i * (1 - g * g)
        _write(d_gates, d_i, row, unit, there, 4 * H, 0, H)
        _write(d_gates, d_f, row, unit, there, 4 * H, 1, H)
        _write(d_gates, d_g, row, unit, there, 4 * H, 2, H)
        _write(d_gates, d_o, row, unit, there, 4 * H, 3, H)
        d = _dot(d_i, W_i, tl.zeros_like(d), PRECISION)
        d = _dot(d_f, W_f, d, PRECISION)
        d = _dot(d_g, W_g, d, PRECISION)
        d = _dot(d_o, W_o, d, PRECISION)
        d_h = tl.where(begun, d, d_h)  # the others' first step backwards is still to come
        d_C = tl.where(begun, dC * f, d_C)
    _write(d_h0, d_h, place, unit, (place < B) & units, H, 0, H)
    _write(d_C0, d_C, place, unit, (place < B) & units, H, 0, H)


@triton.jit(do_not_specialize=["steps", "B"])
def gru_forward(
    gates, hs, h_0, w_hh, b_hn, starts, steps, B,
    H: tl.constexpr, BLOCK_B: tl.constexpr, BLOCK_H: tl.constexpr,
    SUM: tl.constexpr, PRECISION: tl.constexpr, AFTER: tl.constexpr,
):  # fmt: skip
    """Cho et al. (2014); ``gates`` in blocks r z n, or n r z m where the reset comes AFTER."""
    place, unit = _places(BLOCK_B, BLOCK_H)
    units = unit < H
    WIDTH: tl.constexpr = (4 if AFTER else 3) * H
    R: tl.constexpr = 1 if AFTER else 0
    Z: tl.constexpr = 2 if AFTER else 1
    N: tl.constexpr = 0 if AFTER else 2
    W_r = _weights(w_hh, 0, H, BLOCK_H, True)
    W_z = _weights(w_hh, 1, H, BLOCK_H, True)
    W_n = _weights(w_hh, 2, H, BLOCK_H, True)
    h = _read(h_0, place, unit, (place < B) & units, H, 0, H, SUM)
    b = tl.zeros_like(h)
    if b_hn is not None:
        b += tl.load(b_hn + unit, mask=units, other=0.0).to(SUM)
    for t in range(steps):
        row, there = _step(starts, t, B, place)
        there &= units
        a_r = _read(gates, row, unit, there, WIDTH, R, H, SUM)
        a_z = _read(gates, row, unit, there, WIDTH, Z, H, SUM)
        a_n = _read(gates, row, unit, there, WIDTH, N, H, SUM)
        r = _sigmoid(_dot(h, W_r, a_r, PRECISION))
        z = _sigmoid(_dot(h, W_z, a_z, PRECISION))
        if AFTER:
            m = _dot(h, W_n, b, PRECISION)
            n = _tanh(a_n + r * m)
            _write(gates, m, row, unit, there, WIDTH, 3, H)
        else:
            n = _tanh(_dot(r * h, W_n, a_n, PRECISION))
        h = n + z * (h - n)
        _write(gates, r, row, unit, there, WIDTH, R, H)
        _write(gates, z, row, unit, there, WIDTH, Z, H)
        _write(gates, n, row, unit, there, WIDTH, N, H)
        _write(hs, h, row, unit, there, H, 0, H)


@triton.jit(do_not_specialize=["steps", "B", "by_h"])
def gru_backward(
    gates, hs, h_0, w_hh, starts, steps, B, grad_hs, by_h, d_gates, d_h0,
    H: tl.constexpr, BLOCK_B: tl.constexpr, BLOCK_H: tl.constexpr,
    SUM: tl.constexpr, PRECISION: tl.constexpr, AFTER: tl.constexpr,
):  # fmt: skip
    """Backwards; the blocks of ``d_gates`` are those of ``gates``."""
    place, unit = _places(BLOCK_B, BLOCK_H)
    units = unit < H
    WIDTH: tl.constexpr = (4 if AFTER else 3) * H
    R: tl.constexpr = 1 if AFTER else 0
    Z: tl.constexpr = 2 if AFTER else 1
    N: tl.constexpr = 0 if AFTER else 2
    W_r = _weights(w_hh, 0, H, BLOCK_H, False)
    W_z = _weights(w_hh, 1, H, BLOCK_H, False)
    W_n = _weights(w_hh, 2, H, BLOCK_H, False)
    d_h = _read(d_h0, place, unit, (place < B) & units, H, 0, H, SUM)
    for back in range(steps):
        t = steps - 1 - back
        row, begun = _step(starts, t, B, place)
        there = begun & units
        d = d_h
        if grad_hs is not None:
            d += tl.load(grad_hs + row * by_h + unit, mask=there, other=0.0).to(SUM)
        r = _read(gates, row, unit, there, WIDTH, R, H, SUM)
        z = _read(gates, row, unit, there, WIDTH, Z, H, SUM)
        n = _read(gates, row, unit, there, WIDTH, N, H, SUM)
        h = _before(h_0, hs, starts, t, B, place, unit, units, H, SUM)
        d_n = d * (1 - z) * (1 - n * n)
        d_z = d * (h - n) * z * (1 - z)
        if AFTER:
            m = _read(gates, row, unit, there, WIDTH, 3, H, SUM)
            d_m = d_n * r
            d_r = d_m * m * (1 - r)
            _write(d_gates, d_m, row, unit, there, WIDTH, 3, H)
            d = _dot(d_m, W_n, d * z, PRECISION)
        else:
            d_s = _dot(d_n, W_n, tl.zeros_like(d), PRECISION)  # by r ⊙ h
            d_r = d_s * h * r * (1 - r)
            d = d * z + d_s * r
        _write(d_gates, d_r, row, unit, there, WIDTH, R, H)
        _write(d_gates, d_z, row, unit, there, WIDTH, Z, H)
        _write(d_gates, d_n, row, unit, there, WIDTH, N, H)
        d = _dot(d_r, W_r, d, PRECISION)
        d = _dot(d_z, W_z, d, PRECISION)
        d_h = tl.where(begun, d, d_h)  # the others' first step backwards is still to come
    _write(d_h0, d_h, place, unit, (place < B) & units, H, 0, H)
