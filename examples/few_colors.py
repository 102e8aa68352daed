"""Show a photo in few colors."""

from pathlib import Path

import PIL.Image
from sklearn.datasets import load_sample_image

from kmosaic import quantize

photo = PIL.Image.fromarray(load_sample_image("flower.jpg"))
photo.save("flower.png")
for n_colors in (4, 16, 64):
    palette = quantize(photo, n_colors)
    palette.save(f"flower-{n_colors}.png")
    size = Path(f"flower-{n_colors}.png").stat().st_size
    print(f"{n_colors} colors: {size:,} bytes, CIEDE2000 difference {palette.delta_e:.2f}")
print(f"the original: {Path('flower.png').stat().st_size:,} bytes")
