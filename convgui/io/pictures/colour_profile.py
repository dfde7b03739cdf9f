"""Embedded colour profiles: colours are brought to sRGB, and a broken profile harms nothing."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsProfile


def to_srgb(image: Image, data: bytes | None) -> tuple[Image, str]:
    """Bring colours to sRGB. Grey numbers are intensities already and stay.

    Parameters
    ----------
    image : Image
        RGB, RGBA, CMYK, LAB or anything grey.
    data : bytes, optional
        The profile as it is embedded.

    Returns
    -------
    image : Image
        RGB, RGBA or grey.
    note : str
        A sentence if colours were changed or the profile is broken.
    """
    if image.mode not in ("RGB", "RGBA", "CMYK", "LAB"):
        return image, ""
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if image.mode == wanted and not data:
        return image, ""
    from PIL import ImageCms

    try:
        profile = _profile_for(image.mode, data)
        if profile is None or _is_srgb(profile):
            return (image, "") if image.mode == wanted else _plainly_to_rgb(image)
        converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode=wanted)
    except Exception:  # damaged profiles fail in many ways, none of which concerns the pixels
        return _plainly_to_rgb(image)[0], "Its colour profile is broken and was ignored."
    if converted is None:
        return image, ""
    name = "LAB" if image.mode == "LAB" else f"colour profile ({ImageCms.getProfileDescription(profile).strip()})"
    return converted, f"Its {name} was converted to sRGB."


def _profile_for(mode: str, data: bytes | None) -> ImageCmsProfile | None:
    """Return the embedded profile, Lab's own for Lab, or None; one that belongs to other channels raises ValueError."""
    from PIL import ImageCms

    if mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    if not data:
        return None
    profile = ImageCms.ImageCmsProfile(BytesIO(data))
    space = profile.profile.xcolor_space.strip()
    if space != mode.removesuffix("A"):
        raise ValueError(f"a profile for {space} in a picture of {mode}")
    return profile


def is_srgb(data: bytes) -> bool:
    """Whether an embedded profile is sRGB's, so that nothing is to be converted; False for a broken one."""
    from PIL import ImageCms

    try:
        return _is_srgb(ImageCms.ImageCmsProfile(BytesIO(data)))
    except Exception:
        return False


def _is_srgb(profile: ImageCmsProfile) -> bool:
    from PIL import ImageCms

    description = ImageCms.getProfileDescription(profile).strip()
    return description.startswith("sRGB") or description == "c2"  # c2 is the compact form of sRGB that web tools embed


def _plainly_to_rgb(image: Image) -> tuple[Image, str]:
    if image.mode in ("RGB", "RGBA"):
        return image, ""
    return image.convert("RGB"), f"{image.mode} without a colour profile was converted to RGB."


def unapplied_profile(data: bytes | None) -> str:
    """Return a sentence if a deep picture has a colour profile, which is applied to 8-bit pictures only."""
    from PIL import ImageCms

    if not data:
        return ""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        name = ImageCms.getProfileDescription(profile).strip()
        return "" if _is_srgb(profile) else f"Its colour profile ({name}) was not applied, as it has 16 bits or more."
    except Exception:
        return "Its colour profile is broken and was ignored."
