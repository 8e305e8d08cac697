"""Writes the file that src/search/words/file.rs reads."""

import struct

import numpy as np

MAGIC = b"SRPLYWD1"


def fnv(key):
    """FNV-1a, 32 bits."""
    h = 0x811C9DC5
    for byte in key:
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def quantise(vectors):
    """Small integers with a scale per row."""
    scales = np.maximum(np.abs(vectors).max(1), 1e-9).astype("<f4") / 127
    return scales, np.clip(np.rint(vectors / scales[:, None]), -127, 127).astype(np.int8)


def pack(path, langs, keys, vectors):
    """`langs`: (code, table, table beside or 255); `keys`: (table, kind, text), one per vector."""
    keys = [bytes([table, kind]) + text.encode() for table, kind, text in keys]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    keys = [keys[i] for i in order]
    assert len(set(keys)) == len(keys)
    scales, rows = quantise(vectors[order])
    count = 1
    while count < len(keys) * 1.4:
        count *= 2
    slots = np.zeros(count, "<u4")
    for row, key in enumerate(keys):
        slot = fnv(key) & (count - 1)
        while slots[slot]:
            slot = (slot + 1) & (count - 1)
        slots[slot] = row + 1
    blob = b"".join(keys)
    with open(path, "wb") as out:
        out.write(MAGIC)
        out.write(struct.pack("<5I", vectors.shape[1], len(langs), len(keys), count, len(blob)))
        for code, table, beside in langs:
            out.write(code.encode() + bytes([table, beside]))
        out.write(scales.tobytes())
        out.write(np.cumsum([len(key) for key in keys]).astype("<u4").tobytes())
        out.write(slots.tobytes() + blob + rows.tobytes())
    restored = np.empty_like(vectors)
    restored[order] = rows * scales[:, None]
    return restored
