"""A picture of a page, small enough for a README: 256 colours, the most frequent ones."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page  # only for the one who takes pictures

LARGEST = 150_000  # bytes
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Colours that differ by less than eye or text need are one; each pixel gets the nearest kept one.
INDEXED = """async (source) => {
  const bitmap = await createImageBitmap(await (await fetch(source)).blob());
  const {width, height} = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const {data} = canvas.getImageData(0, 0, width, height);
  const counts = new Map();
  const colour = (at) => ((data[at] >> 2) << 12) | ((data[at + 1] >> 2) << 6) | (data[at + 2] >> 2);
  const first = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const one = colour(at);
    counts.set(one, (counts.get(one) || 0) + 1);
    if (!first.has(one)) first.set(one, [data[at], data[at + 1], data[at + 2]]);
  }
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([one]) => first.get(one));
  const nearest = new Map();
  for (const [one, [r, g, b]] of first) {
    const away = kept.map(([x, y, z]) => (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2);
    nearest.set(one, away.indexOf(Math.min(...away)));
  }
  let pixels = "";
  for (let at = 0; at < data.length; at += 4) pixels += String.fromCharCode(nearest.get(colour(at)));
  return {width, height, palette: kept.flat(), pixels: btoa(pixels)};
}"""


def small_png(blank: Page, screenshot: bytes) -> bytes:
    """The same picture with a palette; ``blank`` is any page of a browser that may run scripts."""
    source = f"data:image/png;base64,{base64.b64encode(screenshot).decode()}"
    found = blank.evaluate(INDEXED, source)
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["pixels"])
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (
        SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", bytes(found["palette"]))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checked)
