"""From the color profile of a picture to sRGB."""

from __future__ import annotations

import io

import PIL.Image
from PIL import ImageCms


def to_srgb(picture: PIL.Image.Image, profile: bytes) -> tuple[PIL.Image.Image, str]:
    """The colors of a profile as those of sRGB, and what was done."""
    try:
        known = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = " ".join(ImageCms.getProfileDescription(known).split())
        if "srgb" in name.lower():
            return picture, ""
        opacity = picture.getchannel("A") if picture.mode == "RGBA" else None
        bare = picture.convert("RGB") if opacity else picture
        if known.profile.xcolor_space.strip() == "GRAY":
            bare = bare.convert("L")
        found = ImageCms.profileToProfile(
            bare, known, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
        if found is None:
            return picture, ""
        if opacity:
            found.putalpha(opacity)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture, "Its color profile cannot be used: the colors were taken as they are."
    return found, f"Brought from the color profile {name!r} to sRGB."
