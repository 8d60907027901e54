"""The drawing styles: which emoji set, from which package, under which licence, and what it is used for.

Styles of one family share silhouettes (Fluent's flat, gradient and 3D versions; EmojiOne 1 and 2; Noto's old and new).
So a style that is held out for testing must be alone in its family, or take the family along.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["training", "held-out", "harder"]
ROLES: tuple[Role, ...] = ("training", "held-out", "harder")


@dataclass(frozen=True)
class Style:
    """package: on npm. by: who is credited.

    role: what it is used for. The held-out style is never trained on; nor are the harder ones, which look farther from
    all others. unfit: keys of kinds under whose name the set has another thing, or a framed scene. names: (CLDR name,
    the set's own name) of drawings where these differ.
    """

    name: str
    family: str
    package: str
    version: str
    licence: str
    licence_url: str
    by: str
    source: str
    role: Role = "training"
    unfit: frozenset[str] = frozenset()
    names: tuple[tuple[str, str], ...] = ()


NOTO = (
    "Apache-2.0",
    "https://github.com/googlefonts/noto-emoji/blob/main/svg/LICENSE",
    "Google, Noto Emoji",
    "https://github.com/googlefonts/noto-emoji",
)
FLUENT = (
    "MIT",
    "https://github.com/microsoft/fluentui-emoji/blob/main/LICENSE",
    "Microsoft, Fluent Emoji",
    "https://github.com/microsoft/fluentui-emoji",
)
BY, BY_SA = (
    (f"CC-{terms.upper()}-4.0", f"https://creativecommons.org/licenses/{terms}/4.0/") for terms in ("by", "by-sa")
)

STYLES = (
    Style("noto", "noto", "@iconify-json/noto", "1.2.9", *NOTO),
    Style("noto-v1", "noto", "@iconify-json/noto-v1", "1.2.5", *NOTO),
    Style("fluent-emoji", "fluent", "@iconify-json/fluent-emoji", "1.2.7", *FLUENT),
    Style("fluent-emoji-flat", "fluent", "@iconify-json/fluent-emoji-flat", "1.2.6", *FLUENT),
    Style("fluent-3d", "fluent", "@lobehub/fluent-emoji-3d", "1.1.0", *FLUENT),
    Style(
        "emojione",
        "emojione",
        "@iconify-json/emojione",
        "1.2.3",
        *BY,
        "EmojiOne 2 (EmojiTwo)",
        "https://github.com/EmojiTwo/emojitwo",
    ),
    Style(
        "emojione-v1",
        "emojione",
        "@iconify-json/emojione-v1",
        "1.2.3",
        *BY_SA,
        "EmojiOne 1",
        "https://github.com/joypixels/emojione-legacy",
        "harder",
    ),
    Style(
        "fxemoji",
        "fxemoji",
        "@iconify-json/fxemoji",
        "1.2.2",
        "Apache-2.0",
        "https://mozilla.github.io/fxemoji/LICENSE.md",
        "Mozilla, FxEmojis",
        "https://github.com/mozilla/fxemoji",
        unfit=frozenset({"runner", "sailboat", "ship", "tent", "fountain", "chair"}),
        names=(
            ("person-running", "mensrunner"),
            ("person-surfing", "surfer"),
            ("person-biking", "bicyclist"),
            ("guard", "guardsman"),
            ("person-golfing", "golfer"),
            ("person-lifting-weights", "weightlifter"),
            ("soccer-ball", "soccerball"),
            ("eggplant", "aubergine"),
            ("wrapped-gift", "wrappedpresent"),
            ("flashlight", "electrictorch"),
        ),
    ),
    Style(
        "streamline-emojis",
        "streamline",
        "@iconify-json/streamline-emojis",
        "1.2.4",
        *BY,
        "Streamline",
        "https://github.com/webalys-hq/streamline-vectors",
        unfit=frozenset({"turkey", "ship", "tent", "fountain"}),
    ),
    Style(
        "openmoji",
        "openmoji",
        "@iconify-json/openmoji",
        "1.2.29",
        *BY_SA,
        "OpenMoji",
        "https://github.com/hfg-gmuend/openmoji",
        "harder",
    ),
    Style(
        "twemoji",
        "twemoji",
        "@iconify-json/twemoji",
        "1.2.5",
        *BY,
        "Twitter, jdecked/twemoji",
        "https://github.com/jdecked/twemoji",
        "held-out",
    ),
)


def styles_for(role: Role) -> list[str]:
    """Names of the styles with this role, in the order of STYLES (scenes depend on it)."""
    return [style.name for style in STYLES if style.role == role]
