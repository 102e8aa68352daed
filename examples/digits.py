"""Group pictures of handwritten digits without a label, and sort them into folders."""

from kmosaic import classify_images
from kmosaic.data import bundled_digits

run = classify_images(bundled_digits(), 10, out="digits", sort="copy")
print(f"{run.scores.accuracy_majority:.1%} lie in a group that is named as their label")
print("Open digits/report.html; the pictures are in digits/sorted/.")
